import type { ForecastComparison } from './forecast/comparison.js';
import type { Acceptance, SignOff } from './ports/attestation.js';
import type { EntryKind, JournalEntry, RunRecord, StepRecord } from './ports/journal.js';
import type { ToldRun } from './told-run.js';

/** All that is known of a run afterwards. Entries are streamed: there may be millions. */
export interface RunReport {
  readonly record: ToldRun;
  /** where no run was named: a later one that was refused, so that it did nothing */
  readonly refusedSince?: Pick<RunRecord, 'run' | 'startedAt' | 'error'>;
  readonly steps: readonly (StepRecord & { readonly title: string })[];
  /** decisions in force that let records be set aside */
  readonly acceptances: readonly Acceptance[];
  /** what the run comes to in the plan's own words */
  readonly summary?: readonly string[];
  /** what people vouch for, expired ones included */
  readonly attested?: readonly SignOff[];
  /** what the newest forecast before the run said of it, where it was made with the same plan version */
  readonly forecast?: ForecastComparison;
  /** anew at each call; steps in the plan's order */
  entries(kind: EntryKind): AsyncIterable<JournalEntry>;
}

export interface ProgressSummary {
  readonly plan: string;
  readonly env: string;
  readonly status: 'In Progress' | 'Blocked' | 'Complete';
  /** ISO date of the comment */
  readonly date: string;
  readonly phases: readonly {
    readonly number: number;
    readonly title: string;
    readonly done: boolean;
    readonly records: number;
  }[];
  readonly checks: { readonly total: number; readonly passed: number; readonly failed: number };
  readonly issues: readonly string[];
  readonly notes: readonly string[];
}
