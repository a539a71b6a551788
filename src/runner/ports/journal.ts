import type { Outcome } from '../../migrations/contract/outcome.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';

/** How a run stands. `running` is the only one that is not final. */
export type RunStatus = 'running' | 'complete' | 'failed' | 'refused' | 'aborted';

/** Outcome totals of a step; `rows` are the rows that its records yield on the target side. */
export type Counters = Readonly<Record<Outcome, number>> & { readonly read: number; readonly rows: number };

/** One named check with what was expected and what was found. */
export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly expected: string | number;
  readonly found: string | number;
}

export interface RunRecord {
  /** `<UTC start as 20261121T053512Z>-<6 hex digits>`: sorts by time */
  readonly run: string;
  readonly plan: string;
  readonly env: string;
  readonly planVersion: string;
  readonly dryRun: boolean;
  readonly status: RunStatus;
  /** pinned clock of the run, ISO instants */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** names of the steps asked for, in order */
  readonly steps: readonly string[];
  /** flags of the run that accept or override something, e.g. `allow-unlinked` */
  readonly flags: readonly string[];
  readonly error?: { readonly code: string; readonly message: string; readonly next: string };
}

/** `not-run`: an earlier step failed; `running` while it is under way; `validated` only after a clean validation. */
export type StepStatus = 'not-run' | 'running' | 'validated' | 'failed';

export interface StepRecord {
  readonly run: string;
  readonly step: string;
  readonly status: StepStatus;
  readonly counters: Counters;
  readonly checks: readonly CheckResult[];
  readonly findings: number;
  /** quarantined records per reason code */
  readonly reasons: Readonly<Record<string, number>>;
  readonly startedAt?: string;
  readonly durationMs?: number;
}

/** Where a step of a plan stands in this environment: what later steps and commands go by. */
export interface StepState {
  readonly plan: string;
  readonly step: string;
  /** `running` from the start of the step until its validation, so that a killed run leaves no old verdict behind */
  readonly status: 'running' | 'validated' | 'failed';
  /** the run that last executed the step: its quarantine, conflicts and warnings are the current ones */
  readonly run: string;
  readonly planVersion: string;
  /** when `status` was last established, by that run or by a later `validate` */
  readonly at: string;
  /** the checks of a later `validate`; absent: those of the run's own step record hold */
  readonly checks?: readonly CheckResult[];
}

export const ENTRY_KINDS = ['quarantine', 'conflict', 'warning', 'finding'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Something that a run set aside or noticed, with all that is needed to understand it later. */
export interface JournalEntry {
  readonly kind: EntryKind;
  readonly step: string;
  /** `<legacy table>#<id as stored>`; of a finding `<target table>#<key>` */
  readonly source: string;
  /** reason code of a quarantined record, code of a warning, `CONFLICT`, or the kind of a finding */
  readonly reason: string;
  readonly field?: string;
  readonly detail: string;
  /** conflict and finding: the target table and key of the row in question */
  readonly table?: string;
  readonly key?: string;
  /** quarantine: the full source record; conflict: the row that was expected */
  readonly image?: StoredItem;
  /** conflict: the row that was found */
  readonly found?: StoredItem;
}

/**
 * The durable record of runs. Entries are written before the counters that count them; writing the same entry
 * again replaces it, so that a repeated slice changes nothing.
 */
export interface Journal {
  saveRun(run: RunRecord): Promise<void>;
  run(run: string): Promise<RunRecord | undefined>;
  /** newest first */
  runs(plan: string, limit: number): Promise<RunRecord[]>;
  saveStep(step: StepRecord): Promise<void>;
  /** the steps of a run, in no promised order */
  steps(run: string): Promise<StepRecord[]>;
  saveState(state: StepState): Promise<void>;
  states(plan: string): Promise<StepState[]>;
  append(run: string, entries: readonly JournalEntry[]): Promise<void>;
  /** in order of `source` within a step; images only where asked for */
  entries(
    run: string,
    step: string,
    kind: EntryKind,
    options?: { readonly images?: boolean },
  ): AsyncIterable<JournalEntry>;
  /** one record's entry of a kind, with images */
  entry(run: string, step: string, kind: EntryKind, source: string): Promise<JournalEntry | undefined>;
}
