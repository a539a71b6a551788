import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { STAMP_ATTRIBUTE, stampOf } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { FindingCollector } from './finding-collector.js';
import { differingFields } from './row-comparison.js';
import type { RowFaults } from './row-faults.js';
import type { SideReader } from './side-reader.js';
import type { VerificationParts } from './verification-parts.js';

/**
 * Verifies companions (rows in look-up tables, e.g. placeholder persons): those that stand there against the record
 * that their stamp names, and those that rows refer to but that are gone. Gives back the keys of the latter: the rows
 * that miss them are the same defect and not orphans on top of it.
 */
export async function verifyCompanions(
  parts: VerificationParts,
  sides: SideReader,
  findings: FindingCollector,
  faults: RowFaults,
): Promise<ReadonlySet<string>> {
  for (const table of parts.step.companionTables) {
    await sides.companions(table, (item, source, record) =>
      verifyOne(parts, findings, { table, item, source, record }),
    );
  }
  return reportGone(parts, findings, faults);
}

interface StoredCompanion {
  readonly table: string;
  readonly item: StoredItem;
  readonly source: string;
  /** the live one that `source` names; undefined: it is gone */
  readonly record: StoredItem | undefined;
}

async function verifyOne(
  { step, planner, keys, counters }: VerificationParts,
  findings: FindingCollector,
  { table, item, source, record }: StoredCompanion,
): Promise<void> {
  const at = { step: step.name, table, key: keys(table).text(item) } as const;
  if (record === undefined) {
    const detail = `no live source record asks for this row of ${source}`;
    await findings.add({ ...at, kind: 'extra', detail }, source);
    return;
  }
  // Companions are inserted and never changed, so one that stands as it was written is right, whatever its record says since.
  if (contentDigest(item) === stampOf(item)?.digest) return;
  const expected = planner.expectedCompanion?.(item, record);
  const fields = expected === undefined ? [STAMP_ATTRIBUTE] : differingFields(expected, { item });
  const keepsIdentity = expected !== undefined && !fields.some((field) => expected.identity.includes(field));
  // after a run, a companion that the application has taken over is kept like any edited row, and stops nothing
  if (counters !== undefined && keepsIdentity) {
    findings.takenOver += 1;
    return;
  }
  const detail = `differs from what was written for ${source} in ${fields.join(', ')}`;
  await findings.add({ ...at, kind: 'different', field: fields[0] ?? '', detail }, source);
}

async function reportGone(
  { planner, keys, step }: VerificationParts,
  findings: FindingCollector,
  faults: RowFaults,
): Promise<ReadonlySet<string>> {
  const gone = new Set<string>();
  const referred = await faults.referred();
  if (planner.companions === undefined) return gone;
  for await (const { table, item, source } of planner.companions()) {
    const key = keys(table).text(item);
    // one that no stored row refers to is not missed, unless the very row that would refer to it is missing, too
    if (!referred.has(key) && !findings.misses(source)) continue;
    gone.add(key);
    const detail = `the row that was written for ${source} is not there`;
    await findings.add({ kind: 'missing', step: step.name, table, key, detail }, source);
  }
  return gone;
}
