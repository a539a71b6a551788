import type { LookupIndex } from '../../migrations/contract/lookup-index.js';
import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { stampOf } from '../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import { parallelScan } from '../engine/parallel-scan.js';
import type { FindingCollector } from './finding-collector.js';
import { differingFields } from './row-comparison.js';
import type { VerificationParts } from './step-verification.js';

/**
 * Verifies companions (rows in look-up tables, e.g. placeholder persons): those that stand there against the record
 * that their stamp names, and those that rows refer to but that are gone. Gives back the keys of the latter: the rows
 * that miss them are the same defect and not orphans on top of it.
 */
export async function verifyCompanions(
  parts: VerificationParts,
  findings: FindingCollector,
  faults: LookupIndex,
): Promise<ReadonlySet<string>> {
  for (const table of parts.step.companionTables) await verifyStored(parts, findings, table);
  return reportGone(parts, findings, faults);
}

async function verifyStored(
  parts: VerificationParts,
  findings: FindingCollector,
  table: string,
): Promise<void> {
  const { step, reader, segments, signal } = parts;
  const own = `${step.source}#`;
  await parallelScan(
    reader,
    table,
    segments,
    async ({ items }) => {
      for (const item of items) {
        if (stampOf(item)?.source.startsWith(own) === true) await verifyOne(parts, findings, table, item);
      }
    },
    signal === undefined ? {} : { signal },
  );
}

async function verifyOne(
  parts: VerificationParts,
  findings: FindingCollector,
  table: string,
  item: StoredItem,
): Promise<void> {
  const { step, reader, planner, keyOf } = parts;
  const stamp = stampOf(item);
  if (stamp === undefined) return;
  const key = textOf(item[keyOf(table)]) ?? '';
  const id = stamp.source.slice(step.source.length + 1);
  const [record] = await reader.get(step.source, [Object.fromEntries([[step.sourceKey, { S: id }]])]);
  const at = { step: step.name, table, key } as const;
  if (record === undefined) {
    const detail = `no live source record asks for this row of ${stamp.source}`;
    await findings.add({ ...at, kind: 'extra', detail }, stamp.source);
    return;
  }
  // Companions are inserted and never changed, so one that stands as it was written is right, whatever its record says since.
  if (contentDigest(item) === stamp.digest) return;
  const expected = planner.expectedCompanion?.(item, record);
  const fields = expected === undefined ? ['_migration'] : differingFields({ item: expected }, { item });
  const detail = `differs from what was written for ${stamp.source} in ${fields.join(', ')}`;
  await findings.add({ ...at, kind: 'different', field: fields[0] ?? '', detail }, stamp.source);
}

async function reportGone(
  parts: VerificationParts,
  findings: FindingCollector,
  faults: LookupIndex,
): Promise<ReadonlySet<string>> {
  const { planner, keyOf, step } = parts;
  const gone = new Set<string>();
  if (planner.companions === undefined || faults.size === 0) return gone;
  const referred = new Set<string>();
  for await (const [, text] of faults.entries())
    referred.add((JSON.parse(text) as { referred: string }).referred);
  for await (const { table, item, source } of planner.companions()) {
    const key = textOf(item[keyOf(table)]) ?? '';
    if (!referred.has(key)) continue;
    gone.add(key);
    const detail = `the row that was written for ${source} is not there`;
    await findings.add({ kind: 'missing', step: step.name, table, key, detail }, source);
  }
  return gone;
}
