import { setTimeout as sleep } from 'node:timers/promises';
import { stampOf } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type {
  AccessFault,
  AccessPattern,
  AccessReader,
  IndexLag,
} from '../../migrations/contract/access-pattern.js';
import { isOwnRow, type IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';
import type { Finding } from '../application.js';
import type { CheckResult } from '../ports/journal.js';

/** Where nothing lags, a row is looked at once more: it may have been changed between two reads. */
const ONCE_MORE: IndexLag = { total: 1, base: 1, cap: 1 };

export interface AccessTrialParts {
  readonly step: IMigrationStep;
  readonly access: AccessReader;
  readonly keys: RowKeys;
  readonly signal?: AbortSignal | undefined;
}

export interface TriedPattern {
  readonly check: CheckResult;
  readonly findings: readonly Finding[];
}

/**
 * Tries an access pattern with rows of a step, and again those that it does not serve, as they stand by then: an index lags
 * behind its table, and an application may change or remove a row at any moment.
 */
export async function tryAccess(
  parts: AccessTrialParts,
  pattern: AccessPattern,
  keys: readonly StoredItem[],
): Promise<TriedPattern> {
  const { step, access, signal } = parts;
  const { total, base, cap } = (pattern.lags ? access.lag : undefined) ?? ONCE_MORE;
  const rows = await rowsNow(parts, pattern, keys.slice(0, pattern.rows));
  let { tried, faults } = await pattern.tried(rows, access);
  for (let waited = 0, pause = base; faults.length > 0 && waited < total;) {
    await rest(pause, signal);
    waited += pause;
    pause = Math.min(pause * 2, cap);
    const again = await rowsNow(
      parts,
      pattern,
      faults.map(({ row }) => row),
    );
    const next = await pattern.tried(again, access);
    // rows that are gone by now, or in no answer that was read, are not judged
    tried += next.tried - faults.length;
    faults = next.faults;
  }
  const name = `${step.name}: ${pattern.name}`;
  const served = tried - faults.length;
  return {
    check: { name, passed: faults.length === 0, expected: tried, found: served },
    findings: faults.map((fault) => findingOf(parts, pattern, fault)),
  };
}

/** Waits. An abort is thrown as its reason. */
async function rest(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** The rows of the step with these keys, as they are now, that the pattern applies to. */
async function rowsNow(
  { step, access, keys }: AccessTrialParts,
  pattern: AccessPattern,
  wanted: readonly StoredItem[],
): Promise<StoredItem[]> {
  const key = keys(pattern.table);
  const rows = await access.get(
    pattern.table,
    wanted.map((row) => key.of(row)),
  );
  return rows.filter(
    (row) => row !== undefined && isOwnRow(step, row, stampOf(row)?.source) && pattern.applies(row),
  ) as StoredItem[];
}

function findingOf(
  { step, keys }: AccessTrialParts,
  { name, table }: AccessPattern,
  { row, kind, detail }: AccessFault,
): Finding {
  return { kind, step: step.name, table, key: keys(table).text(row), detail: `${name}: ${detail}` };
}
