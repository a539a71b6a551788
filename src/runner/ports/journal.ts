import type { Outcome } from '../../migrations/contract/outcome.js';
import type { Cursor } from '../../migrations/contract/record-reader.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Attestation, Gate, Override } from './attestation.js';
import type { Fence } from './lease.js';

/**
 * How a run stands. `running` (under way, or killed) and `aborted` (stopped) can be resumed; the others are final.
 */
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

/** What a run does. A `retry` settles quarantined records of earlier runs again; a `rollback` removes rows. */
export type RunKind = 'migration' | 'rollback' | 'retry';

/** What must be the same when a run is resumed; anything else would make half a run of one thing and half of another. */
export interface RunPins {
  /** parallel parts of every scan: checkpoints belong to them */
  readonly segments: number;
  /** literal table name → physical name */
  readonly tables: Readonly<Record<string, string>>;
  /** file of the plan version → its digest, so that a refusal can name what changed */
  readonly files: Readonly<Record<string, string>>;
}

export interface RetrySelection {
  readonly reasons?: readonly string[];
  /** ids, or `<table>#<id>` */
  readonly ids?: readonly string[];
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
  /** absent: `migration` */
  readonly kind?: RunKind;
  /** absent: dry runs, and runs of versions that could not resume; neither can be resumed */
  readonly pins?: RunPins;
  /** instants at which the run was taken up again */
  readonly resumedAt?: readonly string[];
  /** option of the plan → digest of the value that it had; absent: none was set */
  readonly options?: Readonly<Record<string, string>>;
  /** gates that somebody overrode for this run */
  readonly overrides?: readonly Override[];
  /** of a retry: which quarantined records; absent members: any */
  readonly selection?: RetrySelection;
  /** a rollback that removes only rows of this run */
  readonly ofRun?: string;
  /** of a rollback: who asked for it, and what for */
  readonly by?: string;
  readonly why?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly next: string };
}

/**
 * `not-run`: an earlier step failed; `running` while it is under way; `validated` only after a clean validation;
 * `rolled-back` when its rows were removed.
 */
export type StepStatus = 'not-run' | 'running' | 'validated' | 'failed' | 'rolled-back';

/** What a later retry did to a step's quarantine: to be added to the counters and reasons of the step's own run. */
export interface StepAmendment {
  /** the retry's run */
  readonly run: string;
  /** differences, negative ones included; `read` goes down only for records that are gone from the source */
  readonly counters: Counters;
  /** differences of quarantined records per reason code */
  readonly reasons: Readonly<Record<string, number>>;
  /** whether the entries of the step's own run have been brought up to date, too */
  readonly applied: boolean;
}

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
  /** retries of this step's quarantine; `counters` and `reasons` above stay those of the run itself */
  readonly amendments?: readonly StepAmendment[];
  /** of a rollback: rows removed, rows of ours that were kept because somebody changed them */
  readonly removed?: number;
  readonly kept?: number;
}

/** Where a step of a plan stands in this environment: what later steps and commands go by. */
export interface StepState {
  readonly plan: string;
  readonly step: string;
  /** `running` from the start of the step until its validation, so that a killed run leaves no old verdict behind */
  readonly status: 'running' | 'validated' | 'failed' | 'rolled-back';
  /** the run that last executed the step: its quarantine, conflicts and warnings are the current ones */
  readonly run: string;
  readonly planVersion: string;
  /** when `status` was last established, by that run or by a later `validate` */
  readonly at: string;
  /** validated since then without a break, where later validations have moved `at`; absent: since `at` */
  readonly since?: string;
  /** the checks of a later `validate`; absent: those of the run's own step record hold */
  readonly checks?: readonly CheckResult[];
}

/** `kept`: a row that a rollback left where it is; `decision`: an account that a plan gives of a record (E-32). */
export const ENTRY_KINDS = ['quarantine', 'conflict', 'warning', 'finding', 'kept', 'decision'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Something that a run set aside or noticed, with all that is needed to understand it later. */
export interface JournalEntry {
  readonly kind: EntryKind;
  readonly step: string;
  /** `<legacy table>#<id as stored>`; of a finding and of a kept row `<target table>#<key>` */
  readonly source: string;
  /** reason code of a quarantined record or of a kept row, code of a warning, `CONFLICT`, kind of a finding, rule of a decision */
  readonly reason: string;
  readonly field?: string;
  readonly detail: string;
  /** conflict, finding, kept row: the target table and key of the row in question */
  readonly table?: string;
  readonly key?: string;
  /** quarantine: the full source record; conflict: the row that was expected */
  readonly image?: StoredItem;
  /** conflict: the row that was found */
  readonly found?: StoredItem;
  /** the slice of the run that wrote it; absent where no slice did, e.g. for findings and `once` warnings */
  readonly slice?: Slice;
}

/** A piece of a segment between two checkpoints: numbered from 0 in the order of the scan. */
export interface Slice {
  readonly segment: number;
  readonly number: number;
}

/**
 * How far one segment of a step has got. Cursor, counters and reasons stand in one record that is written at once,
 * so that they never disagree; what is not covered by it is done again after a crash.
 */
export interface SegmentCheckpoint {
  readonly run: string;
  readonly step: string;
  /** 0 … segments of the run - 1 */
  readonly segment: number;
  /** slices covered, so the number of the next one */
  readonly slices: number;
  /** where the next slice starts; absent: at the beginning, or nowhere where `done` */
  readonly cursor?: Cursor;
  readonly done: boolean;
  /** totals of the covered slices, by name */
  readonly counters: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
  /**
   * Changes that the slice under way was about to make (short digests, see `announcement.ts`): after a crash they tell
   * a row that this run replaced or removed from one that was so before.
   */
  readonly announced: readonly string[];
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
  saveCheckpoint(checkpoint: SegmentCheckpoint): Promise<void>;
  /** of one step of a run, in order of the segments */
  checkpoints(run: string, step: string): Promise<SegmentCheckpoint[]>;
  append(run: string, entries: readonly JournalEntry[]): Promise<void>;
  /** Removes the entries of a kind that `keep` does not want. Gives back how many went. */
  prune(run: string, step: string, kind: EntryKind, keep: (entry: JournalEntry) => boolean): Promise<number>;
  /** in order of `source` within a step; images only where asked for */
  entries(
    run: string,
    step: string,
    kind: EntryKind,
    options?: { readonly images?: boolean },
  ): AsyncIterable<JournalEntry>;
  /** one record's entry of a kind, with images */
  entry(run: string, step: string, kind: EntryKind, source: string): Promise<JournalEntry | undefined>;
  /** Records a decision or a piece of evidence; never changed afterwards. */
  attest(plan: string, attestation: Attestation): Promise<void>;
  /** newest first */
  attestations<G extends Gate>(plan: string, gate: G): Promise<Extract<Attestation, { gate: G }>[]>;
  /**
   * The same journal for the holder of a lease: every write of it is conditional on the lease's token and fails with
   * RefusedError `LEASE_LOST` once another holder has a later one (invariant 7).
   */
  fencedBy(fence: Fence): Journal;
}
