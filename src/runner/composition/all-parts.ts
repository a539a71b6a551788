import { join } from 'node:path';
import { DemoSeeder } from '../../infrastructure/dynamodb/demo-seeder.js';
import { DynamoTableAdmin } from '../../infrastructure/dynamodb/dynamodb-table-admin.js';
import { itemBytes } from '../../infrastructure/dynamodb/item-size.js';
import type { TableMapping } from '../../infrastructure/dynamodb/table-mapping.js';
import { configuredEndpoint, isAws } from '../../infrastructure/dynamodb/endpoint.js';
import { guardedTables } from '../../infrastructure/dynamodb/write-guard.js';
import { ForecastFolder } from '../../infrastructure/forecasts/forecast-folder.js';
import { FileJournals } from '../../infrastructure/journal/file-journals.js';
import { SpillingLookupIndexes } from '../../infrastructure/lookup/spilling-lookup-indexes.js';
import { collectSooner } from '../../infrastructure/process/garbage-collection.js';
import { FolderOfRuns } from '../../infrastructure/run-files/run-files.js';
import { decisiveText, optionDigests } from '../../infrastructure/config/plan-options.js';
import { planFileDigests, planVersion } from '../../infrastructure/versioning/plan-version.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { UsageError } from '../ports/errors.js';
import type { Environment } from '../ports/environment.js';
import type { HistoryParts, ServiceParts } from '../services/service-parts.js';
import { backupPorts } from './backup-ports.js';
import { dynamoStores } from './dynamo-stores.js';
import type { GuardedClients } from './guarded-clients.js';
import { PLAN_OUTLINES } from './plan-outlines.js';
import { planPermissions } from './plan-permissions.js';
import { plans, type BoundPlan } from './plans.js';
import { predecessorParts } from './predecessor.js';
import { forecastsFolder, runsFolder } from './state-folder.js';

/**
 * What one look-up holds in memory before it goes on in files; a step has up to seven of them. With four times as much a
 * run of a million records took 85 MB more than otherwise while its look-ups were being filled, and 4 % less time.
 */
const LOOKUP_BYTES = 1024 * 1024;

/** What is there before a command is known to carry anything out. */
export interface Foundation extends Pick<ServiceParts, 'log' | 'progress'> {
  readonly clients: GuardedClients;
  readonly mapping: TableMapping;
  readonly history: HistoryParts;
  /** the folder of this machine's state */
  readonly folder: string;
  /** omitted: the folders of the runs */
  readonly files?: ServiceParts['files'] | undefined;
}

/** The parts of every service; loads all that a run, a backup or a forecast may need. */
export async function allParts(foundation: Foundation): Promise<ServiceParts> {
  collectSooner();
  const { clients, mapping, history, log, progress, folder } = foundation;
  const { environment } = history;
  const bound = plans(environment);
  const decisive = await decisiveOf(environment);
  const indexes = new SpillingLookupIndexes({
    root: join(folder, 'lookups'),
    ceilingBytes: LOOKUP_BYTES,
  });
  const fileJournals = new FileJournals(runsFolder(folder));
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
    describeBeside: (plan, table) => besideAdmin(plan, clients, mapping).describe(table),
    seeder: (plan) => seeder(plan, bound, environment, clients, mapping),
    indexes,
    log,
    progress,
    planVersion: (plan) => planVersion(plan, decisive(plan)),
    planFiles: (plan) => planFileDigests(plan, decisive(plan)),
    planOptions: (plan) => optionDigests(environment, plan),
    planPermissions: (plan) => planPermissions(environment, plan),
    random: Math.random,
    files: foundation.files ?? new FolderOfRuns(runsFolder(folder)),
    forecasting: forecasting(environment, mapping, folder),
    backups: backupPorts(environment, clients, folder),
    ...predecessorParts(environment, clients.endpoint),
  };
}

/** For tables beside the plan's: it describes them, and its client permits nothing else. */
function besideAdmin(
  { archived = [], untouched = [] }: MigrationPlan,
  clients: GuardedClients,
  mapping: TableMapping,
): DynamoTableAdmin {
  const tables = [...archived, ...untouched].map((name): TableDefinition => {
    return { name, role: 'source', partitionKey: 'unknown', indexes: [] };
  });
  const policy = { tables: guardedTables(tables, mapping), readOnly: true, tableAdmin: true };
  const client = clients.client(policy, { concurrency: 1 });
  return new DynamoTableAdmin({ client, mapping, deletionProtection: false });
}

type Decisive = Environment & { readonly options?: string };

/** Gives the environment with what of a plan's options counts in its version. */
async function decisiveOf(environment: Environment): Promise<(plan: string) => Decisive> {
  const texts = new Map<string, string | undefined>();
  for (const outline of PLAN_OUTLINES) texts.set(outline.name, await decisiveText(environment, outline));
  return (plan) => {
    const options = texts.get(plan);
    return options === undefined ? environment : { ...environment, options };
  };
}

function forecasting(
  { region }: Environment,
  mapping: TableMapping,
  folder: string,
): NonNullable<ServiceParts['forecasting']> {
  // what the SDK takes first where the environment names none
  const found = region ?? process.env['AWS_REGION'];
  return {
    itemBytes: (table, item) => itemBytes(mapping.toStored(table, item)),
    forecasts: new ForecastFolder(forecastsFolder(folder)),
    ...(found === undefined || found === '' ? {} : { region: found }),
  };
}

function seeder(
  plan: MigrationPlan,
  bound: readonly BoundPlan[],
  { embedded }: Pick<Environment, 'embedded'>,
  clients: GuardedClients,
  mapping: TableMapping,
): DemoSeeder {
  const demo = bound.find((candidate) => candidate.plan === plan)?.demo;
  if (demo === undefined)
    throw new UsageError('DEMO_MISSING', `plan ${plan.name} has no demo data`, 'Choose another plan.');
  const writable = guardedTables([...plan.tables, ...(demo.beside ?? [])], mapping, ({ name, role }) =>
    role === 'target' && demo.preloaded?.includes(name) !== true ? 'none' : 'any',
  );
  const client = clients.client({ tables: writable, readOnly: false, tableAdmin: true }, { concurrency: 16 });
  // the administration of every other command knows the plans' tables only
  const admin = new DynamoTableAdmin({
    ...{ client, mapping, deletionProtection: false },
    ...(embedded ? { interval: 20 } : {}),
  });
  return new DemoSeeder({ plan: plan.name, demo, tables: plan.tables, admin, client, mapping });
}
