import { OUTCOMES, type Outcome } from '../../migrations/contract/outcome.js';
import type { Counters } from '../ports/journal.js';

type Mutable = { -readonly [K in keyof Counters]: Counters[K] };

export function noCounters(): Counters {
  return { read: 0, rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, quarantined: 0, conflict: 0 };
}

export function addCounters(a: Counters, b: Counters): Counters {
  const sum: Mutable = { ...a };
  for (const key of ['read', 'rows', ...OUTCOMES] as const) sum[key] += b[key];
  return sum;
}

/** Records whose outcome nobody knows; anything but 0 breaks conservation (invariant 1). */
export function unaccounted(counters: Counters): number {
  return counters.read - OUTCOMES.reduce((sum, outcome) => sum + counters[outcome], 0);
}

/** What became of one row of a record. `own` rows are those that this very run inserted earlier. */
export type RowOutcome = 'created' | 'updated' | 'unchanged' | 'conflict' | 'rejected';

/**
 * The outcome of a record is the strongest of its rows': conflict > updated > created > unchanged, and new rows
 * beside existing ones make it updated (kpi storage contract, "Reasons, outcomes, documents").
 */
export function recordOutcome(rows: readonly RowOutcome[]): Outcome {
  if (rows.includes('rejected')) return 'quarantined';
  if (rows.includes('conflict')) return 'conflict';
  if (rows.includes('updated')) return 'updated';
  if (!rows.includes('created')) return 'unchanged';
  return rows.includes('unchanged') ? 'updated' : 'created';
}
