import type {
  EntryKind,
  CheckResult,
  Counters,
  JournalEntry,
  RunRecord,
  StepRecord,
  StepStatus,
} from './ports/journal.js';

/** What the command line can ask for. One method per command; none prints, all throw `WaybillError`. */
export interface Application {
  run(request: RunRequest): Promise<RunResult>;
  validate(request: ValidateRequest): Promise<ValidateResult>;
  preflight(request: PlanRequest): Promise<PreflightResult>;
  status(request: { readonly plan?: string }): Promise<StatusResult>;
  createTables(request: PlanRequest): Promise<TablesResult>;
  seed(request: SeedRequest): Promise<SeedResult>;
  /** entries of `run`, or of each step's latest run; `steps` undefined: all of the plan */
  entries(request: EntriesRequest): AsyncIterable<JournalEntry>;
  /** one entry with its images; undefined where there is none */
  entry(request: EntriesRequest & { readonly source: string }): Promise<JournalEntry | undefined>;
  /** the report of `run`, or of the latest run (dry runs included) */
  report(request: PlanRequest & { readonly run?: string }): Promise<RunReport>;
  /** what the progress comment tells: the newest result of each step in this environment */
  progress(request: PlanRequest): Promise<ProgressSummary>;
  close(): Promise<void>;
}

export interface PlanRequest {
  readonly plan: string;
}

export interface RunRequest extends PlanRequest {
  /** undefined: all steps of the plan; whatever the order given, they run in the plan's order */
  readonly steps?: readonly string[];
  readonly dryRun: boolean;
  /** names of accepting flags, e.g. `allow-unlinked` */
  readonly accept: readonly string[];
  readonly confirmProduction: boolean;
  readonly segments?: number;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

export interface StepResult {
  readonly step: string;
  readonly title: string;
  readonly status: StepStatus;
  readonly counters: Counters;
  readonly checks: readonly CheckResult[];
  /** findings of the validation, capped; the report has all */
  readonly findings: readonly Finding[];
  readonly findingsTotal: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

export interface RunResult {
  readonly run: string;
  readonly plan: string;
  readonly env: string;
  readonly status: 'complete' | 'failed' | 'refused' | 'aborted';
  readonly dryRun: boolean;
  readonly steps: readonly StepResult[];
  readonly error?: { readonly code: string; readonly message: string; readonly next: string };
  /** 0 exactly when `status` is complete */
  readonly exit: 0 | 1 | 2 | 3 | 4;
  /** folder with the report and the log, relative to the working directory */
  readonly folder: string;
}

export interface ValidateRequest extends PlanRequest {
  readonly steps?: readonly string[];
  /** check only about this many source records per step, chosen by `seed` */
  readonly sample?: number;
  readonly seed?: string;
  readonly signal?: AbortSignal;
}

export const FINDING_KINDS = ['missing', 'extra', 'different', 'orphan', 'id'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One defect of the target side. */
export interface Finding {
  readonly kind: FindingKind;
  readonly step: string;
  /** literal name of the table */
  readonly table: string;
  readonly key: string;
  /** `id`: the key under which the row belongs */
  readonly home?: string;
  readonly field?: string;
  /** names, ids and types; no other values */
  readonly detail: string;
}

export interface ValidateResult {
  readonly plan: string;
  readonly env: string;
  readonly passed: boolean;
  readonly steps: readonly string[];
  readonly checks: readonly CheckResult[];
  /** the first 100,000; `findingsTotal` counts all */
  readonly findings: readonly Finding[];
  readonly findingsTotal: number;
  /** findings on the application's own rows; they fail nothing */
  readonly warnings: readonly string[];
  /** where a sample was asked for: what it can't see */
  readonly sample?: {
    readonly size: number;
    readonly seed: string;
    /** share of bad rows → chance that the sample contains none of them, 0..1 */
    readonly misses: readonly { readonly share: number; readonly chance: number }[];
  };
}

export interface PreflightResult {
  readonly plan: string;
  readonly env: string;
  readonly passed: boolean;
  readonly checks: readonly (CheckResult & { readonly next?: string })[];
}

export interface StatusResult {
  readonly env: string;
  readonly plans: readonly {
    readonly plan: string;
    readonly title: string;
    readonly steps: readonly {
      readonly step: string;
      /** `running` also where a run was killed in this step */
      readonly status: StepStatus;
      readonly run?: string;
      readonly at?: string;
      readonly counters?: Counters;
    }[];
    readonly runs: readonly RunRecord[];
  }[];
}

export interface TablesResult {
  readonly plan: string;
  readonly tables: readonly {
    readonly table: string;
    readonly physicalName: string;
    readonly created: boolean;
  }[];
}

export interface SeedRequest extends PlanRequest {
  /** add every defect case of the plan */
  readonly defects: boolean;
  /** legacy records in all; undefined: the small demo set */
  readonly scale?: number;
  readonly signal?: AbortSignal;
}

export interface SeedResult {
  readonly plan: string;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
}

export interface EntriesRequest extends PlanRequest {
  readonly kind: EntryKind;
  readonly steps?: readonly string[];
  readonly run?: string;
  readonly images?: boolean;
}

/** All that is known of a run afterwards. Entries are streamed: there may be millions. */
export interface RunReport {
  readonly record: RunRecord;
  readonly steps: readonly (StepRecord & { readonly title: string })[];
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

/** What there is, without touching any store: for `plans` and for refusing what there is not. */
export interface Catalog {
  readonly environments: readonly string[];
  /** other names that are understood, e.g. `test` → `dev` */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly plans: readonly {
    readonly name: string;
    readonly title: string;
    readonly steps: readonly { readonly name: string; readonly title: string }[];
    /** accepting flags of `run`, e.g. `allow-unlinked` → what it accepts, for help texts */
    readonly accept: readonly { readonly flag: string; readonly reason: string }[];
  }[];
}
