import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DeleteItemCommand, DeleteTableCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { OverlayStore } from '../../../src/infrastructure/dry-run/overlay-store.js';
import { fromAttributes, toAttributes } from '../../../src/infrastructure/dynamodb/attribute-values.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { guardedTables } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { DynamoJournal } from '../../../src/infrastructure/journal/dynamo-journal.js';
import { FileJournals } from '../../../src/infrastructure/journal/file-journals.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { DynamoLeases } from '../../../src/infrastructure/lease/dynamo-leases.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import { SpillingLookupIndexes } from '../../../src/infrastructure/lookup/spilling-lookup-indexes.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import { rowKeys } from '../../../src/migrations/contract/row-key.js';
import type { Application } from '../../../src/runner/application.js';
import { dynamoStores } from '../../../src/runner/composition/dynamo-stores.js';
import { GuardedClients } from '../../../src/runner/composition/guarded-clients.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { ServiceParts } from '../../../src/runner/services/service-parts.js';
import { WaybillApplication } from '../../../src/runner/waybill-application.js';
import { quietFiles, quietLog, quietProgress } from '../engine/quiet.js';
import { MOORINGS_TABLES, mooringsPlan } from './moorings-plan.js';

/** Plan `moorings` through the services, on tables that others can write to as well. */
export interface MooringsTrial {
  readonly application: Application;
  rows(table: string): Promise<readonly StoredItem[]>;
  put(table: string, ...rows: readonly StoredItem[]): Promise<void>;
  /** removes the rows with these keys */
  erase(table: string, ...rows: readonly StoredItem[]): Promise<void>;
  close(): Promise<void>;
}

const DEV: Omit<Environment, 'suffix'> & { readonly region: string } = {
  ...{ name: 'dev', title: 'Dev', region: 'eu-central-1', tables: {}, attributes: {}, segments: 2 },
  ...{ embedded: false, seedable: false, production: false, concurrency: 4 },
  ...({ backup: 'advised', backupHours: 24 } as const),
};

const COMMON = {
  ...{ journalTable: JOURNAL_TABLE, log: quietLog, progress: quietProgress, files: quietFiles },
  seeder: () => ({ seed: () => Promise.reject(new Error('a trial is not seeded')) }),
  ...{ planVersion: () => 'f'.repeat(64), emulated: false, planFiles: () => ({}) },
  random: Math.random,
} as const;

function applicationOf(
  parts: Omit<ServiceParts, keyof typeof COMMON | 'environment' | 'plans'>,
  environment: Environment,
): Application {
  const plans = [mooringsPlan()];
  return new WaybillApplication({ ...COMMON, ...parts, environment, plans }, () => Promise.resolve());
}

export function mooringsInMemory(): Promise<MooringsTrial> {
  const store = new MemoryStore([...MOORINGS_TABLES, JOURNAL_TABLE], { pageSize: 3 });
  const [journal, indexes] = [new MemoryJournal(), new MemoryIndexes()];
  let clock = Date.UTC(2026, 10, 21, 8);
  const application = applicationOf(
    {
      ...{ admin: store, journal, indexes, leases: new MemoryLeases(journal) },
      openStore: (plan) => (access) => {
        const overlay = new OverlayStore(store, store, indexes, plan.tables);
        const both = access === 'dry' ? overlay : store;
        return { reader: both, sink: both, close: () => overlay.close() };
      },
      dryRuns: {
        create: () => new MemoryJournal(),
        open: () => Promise.resolve(undefined),
        runs: () => Promise.resolve([]),
      },
      now: () => new Date((clock += 1000)),
    },
    { ...DEV, suffix: '' },
  );
  return Promise.resolve({
    application,
    rows: (table) => Promise.resolve(store.rows(table)),
    put: (table, ...rows) => {
      store.load(table, rows);
      return Promise.resolve();
    },
    erase: (table, ...rows) => {
      for (const row of rows) store.erase(table, row);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

/** Tables are made by the trial and removed by `close`; `folder` is for look-ups and journals of dry runs. */
export async function mooringsOnDynamo(endpoint: string, folder: string): Promise<MooringsTrial> {
  const environment: Environment = { ...DEV, suffix: `-trial-${randomUUID().slice(0, 8)}` };
  const definitions = [...MOORINGS_TABLES, JOURNAL_TABLE];
  const mapping = new TableMapping(environment, definitions);
  const client = createDynamoClient({ endpoint, region: DEV.region, maxSockets: 16, requestTimeout: 20_000 });
  const admin = new DynamoTableAdmin({ client, mapping, deletionProtection: false, interval: 20 });
  const clients = new GuardedClients(environment, endpoint);
  const indexes = new SpillingLookupIndexes({ root: join(folder, 'lookups') });
  const tables = guardedTables([JOURNAL_TABLE], mapping, () => 'any');
  const journalClient = clients.client({ tables, readOnly: false, tableAdmin: false }, { concurrency: 4 });
  const journalName = mapping.physicalName(JOURNAL_TABLE.name);
  const files = new FileJournals(join(folder, 'runs'));
  for (const definition of definitions) await admin.create(definition);
  const application = applicationOf(
    {
      ...{ admin, indexes, openStore: (plan) => dynamoStores(plan, clients, mapping, indexes) },
      journal: new DynamoJournal(journalClient, journalName),
      leases: new DynamoLeases(journalClient, journalName, environment.name),
      dryRuns: {
        create: (run) => files.journal(run),
        open: (run) => files.open(run),
        runs: (plan, env) => files.runs(plan, env),
      },
      now: () => new Date(),
    },
    environment,
  );
  const keys = rowKeys(MOORINGS_TABLES);
  return {
    application,
    rows: async (table) => {
      const command = new ScanCommand({ TableName: mapping.physicalName(table), ConsistentRead: true });
      return ((await client.send(command)).Items ?? []).map(fromAttributes);
    },
    put: async (table, ...rows) => {
      const TableName = mapping.physicalName(table);
      for (const row of rows) await client.send(new PutItemCommand({ TableName, Item: toAttributes(row) }));
    },
    erase: async (table, ...rows) => {
      const TableName = mapping.physicalName(table);
      for (const row of rows)
        await client.send(new DeleteItemCommand({ TableName, Key: toAttributes(keys(table).of(row)) }));
    },
    close: async () => {
      for (const { name } of definitions)
        await client.send(new DeleteTableCommand({ TableName: mapping.physicalName(name) }));
      client.destroy();
      clients.close();
    },
  };
}
