import { join } from 'node:path';
import { DemoSeeder } from '../../infrastructure/dynamodb/demo-seeder.js';
import { itemBytes } from '../../infrastructure/dynamodb/item-size.js';
import type { TableMapping } from '../../infrastructure/dynamodb/table-mapping.js';
import { configuredEndpoint, isAws } from '../../infrastructure/dynamodb/endpoint.js';
import { guardedTables } from '../../infrastructure/dynamodb/write-guard.js';
import { ForecastFolder } from '../../infrastructure/forecasts/forecast-folder.js';
import { FileJournals } from '../../infrastructure/journal/file-journals.js';
import { SpillingLookupIndexes } from '../../infrastructure/lookup/spilling-lookup-indexes.js';
import { FolderOfRuns } from '../../infrastructure/run-files/run-files.js';
import { planFileDigests, planVersion } from '../../infrastructure/versioning/plan-version.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import { UsageError } from '../ports/errors.js';
import type { Environment } from '../ports/environment.js';
import type { TableAdmin } from '../ports/table-admin.js';
import type { HistoryParts, ServiceParts } from '../services/service-parts.js';
import { backupPorts } from './backup-ports.js';
import { dynamoStores } from './dynamo-stores.js';
import type { GuardedClients } from './guarded-clients.js';
import { plans, type BoundPlan } from './plans.js';
import { predecessorParts } from './predecessor.js';
import { FORECASTS_FOLDER, RUNS_FOLDER, STATE_FOLDER } from './state-folder.js';

/** What one look-up holds in memory before it goes on in files; a step has up to seven of them. */
const LOOKUP_BYTES = 8 * 1024 * 1024;

/** What is there before a command is known to carry anything out. */
export interface Foundation extends Pick<ServiceParts, 'log' | 'progress'> {
  readonly clients: GuardedClients;
  readonly mapping: TableMapping;
  readonly history: HistoryParts;
}

/** The parts of every service; loads all that a run, a backup or a forecast may need. */
export function allParts({ clients, mapping, history, log, progress }: Foundation): ServiceParts {
  const { environment, admin } = history;
  const bound = plans();
  const indexes = new SpillingLookupIndexes({
    root: join(STATE_FOLDER, 'lookups'),
    ceilingBytes: LOOKUP_BYTES,
  });
  const fileJournals = new FileJournals(RUNS_FOLDER);
  return {
    ...history,
    plans: bound.map(({ plan }) => plan),
    emulated: !isAws(clients.endpoint ?? configuredEndpoint()),
    openStore: (plan) => dynamoStores(plan, clients, mapping, indexes),
    dryRuns: {
      create: (run) => fileJournals.journal(run),
      open: (run) => fileJournals.open(run),
      runs: (plan, env) => fileJournals.runs(plan, env),
    },
    seeder: (plan) => seeder(plan, bound, admin, clients, mapping),
    indexes,
    log,
    progress,
    planVersion: (plan) => planVersion(plan, environment),
    planFiles: (plan) => planFileDigests(plan, environment),
    random: Math.random,
    files: new FolderOfRuns(RUNS_FOLDER),
    forecasting: forecasting(environment, mapping),
    backups: backupPorts(environment, clients),
    ...predecessorParts(environment, clients.endpoint),
  };
}

function forecasting(
  { region }: Environment,
  mapping: TableMapping,
): NonNullable<ServiceParts['forecasting']> {
  // what the SDK takes first where the environment names none
  const found = region ?? process.env['AWS_REGION'];
  return {
    itemBytes: (table, item) => itemBytes(mapping.toStored(table, item)),
    forecasts: new ForecastFolder(FORECASTS_FOLDER),
    ...(found === undefined || found === '' ? {} : { region: found }),
  };
}

function seeder(
  plan: MigrationPlan,
  bound: readonly BoundPlan[],
  admin: TableAdmin,
  clients: GuardedClients,
  mapping: TableMapping,
): DemoSeeder {
  const demo = bound.find((candidate) => candidate.plan === plan)?.demo;
  if (demo === undefined)
    throw new UsageError('DEMO_MISSING', `plan ${plan.name} has no demo data`, 'Choose another plan.');
  const writable = guardedTables(plan.tables, mapping, (table) => (table.role === 'target' ? 'none' : 'any'));
  const client = clients.client(
    { tables: writable, readOnly: false, tableAdmin: false },
    { concurrency: 16 },
  );
  return new DemoSeeder({ plan: plan.name, demo, tables: plan.tables, admin, client, mapping });
}
