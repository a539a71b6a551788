import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type { DiscrepancyList } from '../../cutover/dual-writes/discrepancies.js';
import type { PhaseStore } from '../../cutover/phases/phase-store.js';
import type { BackupPorts } from '../backup/backup-parts.js';
import type { StagingEvidence } from '../ports/attestation.js';
import { UsageError } from '../ports/errors.js';
import type { DryRunJournals } from '../ports/dry-run-journals.js';
import type { Forecasting, Forecasts } from '../ports/forecasting.js';
import type { Environment } from '../ports/environment.js';
import type { Journal } from '../ports/journal.js';
import type { Leases } from '../ports/lease.js';
import type { Progress } from '../ports/progress.js';
import type { RunFiles } from '../ports/run-files.js';
import type { RunLog } from '../ports/run-log.js';
import type { Seeder } from '../ports/seeder.js';
import type { PredecessorJournal } from '../iam/iam-policies.js';
import type { PolicyStatement } from '../iam/policy-document.js';
import type { OpenStoreFor } from '../ports/stores.js';
import type { TableAdmin, TableDescription } from '../ports/table-admin.js';

/** What the services of one environment share; bound by the composition root. */
export interface ServiceParts {
  readonly environment: Environment;
  readonly plans: readonly MigrationPlan[];
  readonly admin: TableAdmin;
  /** whether the store is another server than AWS's own */
  readonly emulated: boolean;
  /** for every plan its tables' client, guarded by the roles of that plan */
  readonly openStore: (plan: MigrationPlan) => OpenStoreFor;
  readonly journal: Journal;
  readonly journalTable: TableDefinition;
  readonly leases: Leases;
  readonly dryRuns: DryRunJournals;
  readonly seeder: (plan: MigrationPlan) => Seeder;
  readonly indexes: LookupIndexes;
  readonly log: RunLog & { toFile(path: string): void };
  readonly progress: Progress;
  readonly planVersion: (plan: string) => string;
  /** the files that the plan version covers, and the mapping configuration → digest */
  /** what the store says of a table beside the plan's (`archived`, `untouched`); absent: this composition can't ask */
  readonly describeBeside?: (plan: MigrationPlan, table: string) => Promise<TableDescription | undefined>;
  readonly planFiles: (plan: string) => Readonly<Record<string, string>>;
  /** the plan's options that are set here → digest of each; absent: plans have none in this composition */
  readonly planOptions?: (plan: string) => Readonly<Record<string, string>>;
  /** what runs of the plan need of other services than the store, as it is configured here; absent: nothing */
  readonly planPermissions?: (plan: string) => readonly PolicyStatement[];
  readonly now: () => Date;
  readonly random: () => number;
  readonly files: RunFiles;
  /** absent: this composition makes no forecasts */
  readonly forecasting?: Forecasting;
  /** absent: this composition makes no backups */
  readonly backups?: BackupPorts;
  /** loaded where they are asked for; absent: this composition knows no phases */
  readonly phases?: () => Promise<PhaseStore>;
  /** what dual writes left open, likewise; absent: this composition knows of none */
  readonly discrepancies?: () => Promise<DiscrepancyList>;
  /** what the journal of the environment that this one follows proves; absent: that journal can't be read from here */
  readonly evidenceBefore?: (plan: MigrationPlan) => Promise<StagingEvidence>;
  /** that journal's table, for the policies of the role */
  readonly journalBefore?: PredecessorJournal;
}

/** The part of these that commands need which carry nothing out. */
export interface HistoryParts extends Pick<
  ServiceParts,
  'environment' | 'admin' | 'journal' | 'journalTable' | 'leases' | 'phases' | 'discrepancies' | 'now'
> {
  readonly plans: readonly PlanOutline[];
  readonly dryRuns: Pick<DryRunJournals, 'open' | 'runs'>;
  /** absent: this composition makes no forecasts */
  readonly forecasting?: { readonly forecasts: Pick<Forecasts, 'load'> };
}

/** Throws UsageError `PLAN_UNKNOWN`. */
export function planNamed<P extends Pick<PlanOutline, 'name'>>(
  parts: { readonly plans: readonly P[] },
  name: string,
): P {
  const plan = parts.plans.find((candidate) => candidate.name === name);
  if (plan !== undefined) return plan;
  const valid = parts.plans.map((candidate) => candidate.name).join(', ');
  throw new UsageError('PLAN_UNKNOWN', `there is no plan ${name}`, `Valid plans: ${valid}.`);
}
