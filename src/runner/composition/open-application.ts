import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkTableNames, loadEnvironment } from '../../infrastructure/config/environments.js';
import { DemoSeeder } from '../../infrastructure/dynamodb/demo-seeder.js';
import { DynamoTableAdmin } from '../../infrastructure/dynamodb/dynamodb-table-admin.js';
import { configuredEndpoint, isAws } from '../../infrastructure/dynamodb/endpoint.js';
import { itemBytes } from '../../infrastructure/dynamodb/item-size.js';
import { TableMapping } from '../../infrastructure/dynamodb/table-mapping.js';
import { guardedTables } from '../../infrastructure/dynamodb/write-guard.js';
import { joinEmbeddedServer, type EmbeddedServer } from '../../infrastructure/embedded/embedded-server.js';
import { ForecastFolder } from '../../infrastructure/forecasts/forecast-folder.js';
import { DynamoJournal } from '../../infrastructure/journal/dynamo-journal.js';
import { FileJournals } from '../../infrastructure/journal/file-journals.js';
import { JOURNAL_TABLE } from '../../infrastructure/journal/journal-layout.js';
import { DynamoLeases } from '../../infrastructure/lease/dynamo-leases.js';
import { createRunLog } from '../../infrastructure/logging/run-log.js';
import { SpillingLookupIndexes } from '../../infrastructure/lookup/spilling-lookup-indexes.js';
import { FolderOfRuns } from '../../infrastructure/run-files/run-files.js';
import { planFileDigests, planVersion } from '../../infrastructure/versioning/plan-version.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { Application } from '../application.js';
import type { OpenOptions } from '../cli/composition.js';
import { UsageError } from '../ports/errors.js';
import type { Environment } from '../ports/environment.js';
import type { ServiceParts } from '../services/service-parts.js';
import { WaybillApplication } from '../waybill-application.js';
import { backupPorts } from './backup-ports.js';
import { dynamoStores, GuardedClients } from './dynamo-stores.js';
import { plans, type BoundPlan } from './plans.js';
import { predecessorParts } from './predecessor.js';
import { closeToOthers, STATE_FOLDER } from './state-folder.js';

/** What one look-up holds in memory before it goes on in files; a step has up to seven of them. */
const LOOKUP_BYTES = 8 * 1024 * 1024;

/** Puts an application for one environment together; starts or joins the embedded server where the environment has one. */
export async function openApplication(options: OpenOptions): Promise<Application> {
  const environment = loadEnvironment(options.env);
  const bound = plans();
  checkTableNames(
    environment,
    [...bound.flatMap(({ plan }) => plan.tables), JOURNAL_TABLE].map((table) => table.name),
  );
  const log = createRunLog({ level: options.logLevel, terminal: options.terminal, stream: process.stderr });
  closeToOthers(STATE_FOLDER);
  const server = await embeddedServer(environment);
  try {
    const clients = new GuardedClients(environment, server?.endpoint);
    const parts = serviceParts(environment, bound, clients, log, options);
    return new WaybillApplication(parts, async () => {
      clients.close();
      await log.close();
      await server?.leave();
    });
  } catch (error) {
    await server?.leave();
    throw error;
  }
}

async function embeddedServer(environment: Environment): Promise<EmbeddedServer | undefined> {
  if (!environment.embedded) return undefined;
  const endpoint = configuredEndpoint();
  if (endpoint === undefined) return joinEmbeddedServer({ folder: STATE_FOLDER });
  if (!isAws(endpoint)) return undefined;
  throw new UsageError(
    'ENDPOINT_NOT_LOCAL',
    `${environment.name} makes its own tables and demo data, and AWS_ENDPOINT_URL_DYNAMODB points to AWS`,
    'Unset the variable, or choose another environment.',
  );
}

function serviceParts(
  environment: Environment,
  bound: readonly BoundPlan[],
  clients: GuardedClients,
  log: ServiceParts['log'],
  { progress }: OpenOptions,
): ServiceParts {
  const tables = bound.flatMap(({ plan }) => plan.tables);
  const mapping = new TableMapping(environment, [...tables, JOURNAL_TABLE]);
  const indexes = new SpillingLookupIndexes({
    root: join(STATE_FOLDER, 'lookups'),
    ceilingBytes: LOOKUP_BYTES,
  });
  const everything = guardedTables([...unique(tables), JOURNAL_TABLE], mapping);
  const admin = new DynamoTableAdmin({
    client: clients.client({ tables: everything, readOnly: false, tableAdmin: true }, { concurrency: 4 }),
    mapping,
    deletionProtection: environment.production,
    ...(environment.embedded ? { interval: 20 } : {}),
  });
  const journal = journalClient(clients, mapping, environment.concurrency);
  const journalName = mapping.physicalName(JOURNAL_TABLE.name);
  const fileJournals = new FileJournals(join(STATE_FOLDER, 'runs'));
  return {
    environment,
    plans: bound.map(({ plan }) => plan),
    admin,
    emulated: !isAws(clients.endpoint ?? configuredEndpoint()),
    openStore: (plan) => dynamoStores(plan, clients, mapping, indexes),
    journal: new DynamoJournal(journal, journalName),
    // a client of their own: heartbeats never wait for the sockets of other requests
    leases: new DynamoLeases(journalClient(clients, mapping, 4), journalName, environment.name, { log }),
    journalTable: JOURNAL_TABLE,
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
    now: () => new Date(),
    random: Math.random,
    files: new FolderOfRuns(join(STATE_FOLDER, 'runs')),
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
    forecasts: new ForecastFolder(join(STATE_FOLDER, 'forecasts')),
    ...(found === undefined || found === '' ? {} : { region: found }),
  };
}

function journalClient(clients: GuardedClients, mapping: TableMapping, concurrency: number): DynamoDBClient {
  const tables = guardedTables([JOURNAL_TABLE], mapping, () => 'any');
  return clients.client({ tables, readOnly: false, tableAdmin: false }, { concurrency });
}

function seeder(
  plan: MigrationPlan,
  bound: readonly BoundPlan[],
  admin: DynamoTableAdmin,
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

/** Plans may share look-up tables. */
function unique<T extends { readonly name: string }>(tables: readonly T[]): T[] {
  return [...new Map(tables.map((table) => [table.name, table])).values()];
}
