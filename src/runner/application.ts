import type { Analysis, AnalyzeRequest } from './analysis/analysis.js';
import type {
  BackupLocation,
  BackupRequest,
  BackupResult,
  DrillResult,
  NativeBackupRequest,
  NativeBackupResult,
  RestoreRequest,
  RestoreResult,
} from './backup-requests.js';
import type {
  AttestRequest,
  AttestResult,
  ChecklistRequest,
  ChecklistResult,
  Incident,
  MappingDocument,
} from './checklist-requests.js';
import type { Forecast, ForecastRequest } from './forecast/forecast.js';
import type { AdvancePhaseRequest, PhaseChangeResult, PhaseRequest, PhaseView } from './phase-requests.js';
import type { Acceptance, BackupEvidence, Override, SignOff, StagingEvidence } from './ports/attestation.js';
import type { ProgressSummary, RunReport } from './report-results.js';
import type { LeaseView } from './ports/lease.js';
import type { RateLimits } from './ports/rates.js';
import type { EntryKind, CheckResult, Counters, JournalEntry, RunKind, StepStatus } from './ports/journal.js';
import type { ToldRun } from './told-run.js';

export type * from './analysis/analysis.js';
export type * from './backup-requests.js';
export type * from './checklist-requests.js';
export type * from './phase-requests.js';
export type * from './report-results.js';

/** What the command line can ask for. One method per command; none prints, all throw `WaybillError`. */
export interface Application {
  run(request: RunRequest): Promise<RunResult>;
  /** Asks the runner that holds the plan's lease to stop at the next safe place. */
  stop(request: PlanRequest): Promise<StopResult>;
  /** Asks it to keep to other limits of its rate. */
  tune(request: TuneRequest): Promise<TuneResult>;
  validate(request: ValidateRequest): Promise<ValidateResult>;
  /** removes what the engine wrote and nobody touched since (invariant 9) */
  rollback(request: RollbackRequest): Promise<RollbackResult>;
  /** settles quarantined records again, from the source */
  retry(request: RetryRequest): Promise<RunResult>;
  accept(request: AcceptRequest): Promise<AcceptResult>;
  backup(request: BackupRequest): Promise<BackupResult>;
  /** with the AWS service's own means: on-demand backups and, to S3, point-in-time exports */
  nativeBackup(request: NativeBackupRequest): Promise<NativeBackupResult>;
  backups(request: PlanRequest): Promise<readonly BackupEvidence[]>;
  verifyBackup(request: BackupLocation): Promise<BackupResult>;
  /** restores into scratch tables, compares, removes them */
  drillBackup(request: BackupLocation): Promise<DrillResult>;
  restore(request: RestoreRequest): Promise<RestoreResult>;
  /** what production needs to know of this environment */
  evidence(request: PlanRequest): Promise<StagingEvidence>;
  /** Records evidence that another account's environment signed off. Throws where it does not hold. */
  importEvidence(request: ImportEvidenceRequest): Promise<StagingEvidence>;
  /** least-privilege policies for the role that runs the plan here */
  iam(request: IamRequest): Promise<IamResult>;
  preflight(request: PreflightRequest): Promise<PreflightResult>;
  /** what there is to migrate, and what the plan would decide on its own account */
  analyze(request: AnalyzeRequest): Promise<Analysis>;
  status(request: { readonly plan?: string }): Promise<StatusResult>;
  createTables(request: PlanRequest): Promise<TablesResult>;
  seed(request: SeedRequest): Promise<SeedResult>;
  /** entries of `run`, or of each step's latest run; `steps` undefined: all of the plan */
  entries(request: EntriesRequest): AsyncIterable<JournalEntry>;
  /** one entry with its images; undefined where there is none */
  entry(request: EntriesRequest & { readonly source: string }): Promise<JournalEntry | undefined>;
  /** the report of `run`, or of the latest run (dry runs included) */
  report(request: PlanRequest & { readonly run?: string }): Promise<RunReport>;
  /** how every item of the plan's checklists stands here */
  checklist(request: ChecklistRequest): Promise<ChecklistResult>;
  /** Records that somebody vouches for an item, or takes it back. */
  attest(request: AttestRequest): Promise<AttestResult>;
  /** where the plan stands between its two models, and what the next phase asks for */
  phase(request: PlanRequest): Promise<PhaseView>;
  /** to the next phase, where everything that it asks for is so */
  advancePhase(request: AdvancePhaseRequest): Promise<PhaseChangeResult>;
  /** to an earlier phase; asks for nothing */
  backPhase(request: PhaseRequest): Promise<PhaseChangeResult>;
  /** what the journal knows of a rollback, for the report of the incident behind it */
  incident(request: PlanRequest & { readonly run?: string }): Promise<Incident>;
  /** the plan's tables and rules in words */
  mapping(request: PlanRequest): Promise<MappingDocument>;
  /** what the progress comment tells: the newest result of each step in this environment */
  progress(request: PlanRequest): Promise<ProgressSummary>;
  close(): Promise<void>;
}

export interface PlanRequest {
  readonly plan: string;
}

export interface RunRequest extends PlanRequest, RateLimits {
  /** undefined: all steps of the plan; whatever the order given, they run in the plan's order */
  readonly steps?: readonly string[];
  readonly dryRun: boolean;
  /** names of accepting flags, e.g. `allow-unlinked` */
  readonly accept: readonly string[];
  readonly confirmProduction: boolean;
  readonly segments?: number;
  readonly concurrency?: number;
  /**
   * What to do about an unfinished run: `auto` resumes it where the same was asked for, `resume` refuses where there is
   * none, `restart` leaves it as it is and begins anew.
   */
  readonly resume: 'auto' | 'resume' | 'restart';
  /** validations go on where an earlier process left them, where a step permits it; omitted: they begin anew */
  readonly inParts?: boolean;
  /** only this unfinished run may go on; another one is refused as `RUN_SUPERSEDED` */
  readonly run?: string;
  readonly leaseSeconds?: number;
  /** unexpected failures that stop a step; undefined: the larger of 100 and 1 % of the records */
  readonly maxFailures?: number;
  /** records set aside for the plan's own reasons that stop a step; undefined: any number is fine */
  readonly maxQuarantined?: number;
  /** gates that the operator takes upon himself */
  readonly overrides: readonly Override[];
  readonly signal?: AbortSignal;
}

export interface StepResult {
  /** rows of both sides that an unfinished validation in parts has taken */
  readonly verifiedRows?: number;
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
  readonly kind: RunKind;
  /** an earlier process began this run */
  readonly resumed: boolean;
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
  /** things to know that change nothing, e.g. that there is no backup where none is required */
  readonly notices: readonly string[];
  /** decisions that let records of this run be set aside without failing it */
  readonly acceptances: readonly Acceptance[];
}

export interface StopResult {
  readonly plan: string;
  readonly env: string;
  /** the runner that was asked, `expired` where it shows no sign of life; absent: nobody holds the lease */
  readonly asked?: LeaseView;
}

export interface TuneRequest extends PlanRequest {
  /** those not given stay as they are */
  readonly limits: RateLimits;
}

export interface TuneResult {
  readonly plan: string;
  readonly env: string;
  readonly limits: RateLimits;
  /** the runner that was told; absent: none is at work */
  readonly asked?: LeaseView;
}

export interface RollbackRequest extends PlanRequest, RateLimits {
  /** undefined: all steps; the newest goes first */
  readonly steps?: readonly string[];
  /** only rows that this run wrote last */
  readonly run?: string;
  readonly dryRun: boolean;
  readonly confirmProduction: boolean;
  /** who asks for it, and what for: kept in its record, for the report of the incident */
  readonly by?: string;
  readonly why?: string;
  readonly leaseSeconds?: number;
  readonly segments?: number;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

export interface RollbackStepResult {
  readonly step: string;
  readonly status: 'not-run' | 'running' | 'rolled-back';
  /** rows removed, or in a dry run those that would be */
  readonly removed: number;
  /** rows of ours that are not what we wrote any more: listed, kept */
  readonly kept: number;
  /** rows that carry no stamp of this step (and run) */
  readonly foreign: number;
  readonly durationMs: number;
}

export interface RollbackResult {
  readonly run: string;
  readonly plan: string;
  readonly env: string;
  readonly status: 'complete' | 'failed' | 'aborted';
  readonly dryRun: boolean;
  readonly resumed: boolean;
  readonly steps: readonly RollbackStepResult[];
  /** the first 1,000 of them; the journal has all */
  readonly kept: readonly JournalEntry[];
  readonly error?: { readonly code: string; readonly message: string; readonly next: string };
  /** 0 exactly when `status` is complete */
  readonly exit: 0 | 1 | 2 | 3 | 4;
  readonly folder: string;
}

export interface RetryRequest extends PlanRequest, RateLimits {
  readonly steps?: readonly string[];
  /** only records set aside for one of these; undefined: any */
  readonly reasons?: readonly string[];
  /** only these, as ids or as `<table>#<id>` */
  readonly ids?: readonly string[];
  readonly accept: readonly string[];
  readonly confirmProduction: boolean;
  readonly leaseSeconds?: number;
  readonly segments?: number;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

export interface AcceptRequest extends PlanRequest {
  readonly reason: string;
  readonly by: string;
  readonly why?: string;
  readonly step?: string;
  /** takes an earlier decision back */
  readonly revoke: boolean;
}

export interface AcceptResult {
  readonly plan: string;
  readonly env: string;
  readonly acceptance: Acceptance;
  /** records that are set aside for this reason now */
  readonly records: number;
  /** records that nobody accepted yet */
  readonly open: number;
}

export interface ImportEvidenceRequest extends PlanRequest {
  /** path of the file */
  readonly from: string;
  readonly by: string;
}

export interface IamRequest extends PlanRequest {
  /** the restore policy covers the tables that `restore` makes with this suffix; absent: those of the live names */
  readonly restoreSuffix?: string;
}

export interface IamResult {
  readonly plan: string;
  readonly env: string;
  /** attach `always`; the others only while they are needed */
  readonly policies: readonly {
    readonly name: string;
    readonly attach: 'always' | 'fallback' | 'rollback' | 'backup' | 'tables';
    readonly why: string;
    /** an IAM policy document */
    readonly document: object;
  }[];
}

export interface ValidateRequest extends PlanRequest, Pick<RateLimits, 'maxRcu'> {
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

export interface PreflightRequest extends PlanRequest {
  /** absent: the checks only */
  readonly forecast?: ForecastRequest;
}

export interface PreflightResult {
  readonly plan: string;
  readonly env: string;
  readonly passed: boolean;
  readonly checks: readonly (CheckResult & { readonly next?: string })[];
  /** where one was asked for; `unmade`: why it could not be made */
  readonly forecast?: Forecast | { readonly unmade: string };
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
    readonly runs: readonly ToldRun[];
    /** who works on the plan right now, or does not renew the lease any more (`expired`); absent: nobody */
    readonly lease?: LeaseView;
    readonly acceptances: readonly Acceptance[];
    /** what people vouch for, expired ones included */
    readonly attested?: readonly SignOff[];
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
  /** the folder of the repository that the runner was built in; absent where it is installed without its sources */
  readonly checkout?: string;
}
