import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  ListTablesCommand,
  paginateScan,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { ExportArchives } from '../../../src/infrastructure/backup/archives.js';
import { DynamoBackupTables } from '../../../src/infrastructure/backup/dynamo-backup-tables.js';
import { RestoreNotes } from '../../../src/infrastructure/backup/restore-notes.js';
import { fromAttributes, toAttributes } from '../../../src/infrastructure/dynamodb/attribute-values.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { installWriteGuard } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import type { BackupParts } from '../../../src/runner/backup/backup-parts.js';
import type { BackupTables, OpenBackupTables } from '../../../src/runner/ports/backup-tables.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import { startServer } from '../../support/dynamodb/server.js';
import { quietLog, quietProgress } from '../../support/engine/quiet.js';
import { PAIR_ROWS, TORTURE_ROWS } from './torture-rows.js';

const definition = (name: string, role: TableDefinition['role'], partitionKey: string): TableDefinition => ({
  name,
  role,
  partitionKey,
  indexes: [],
});

const JOURNAL = definition('journal', 'target', 'pk');

const PLAN: MigrationPlan = {
  name: 'cargo',
  title: 'Cargo',
  steps: [],
  tables: [
    definition('torture', 'source', 'id'),
    definition('pairs', 'target', 'owner'),
    definition('nothing', 'lookup', 'id'),
  ],
  acceptable: new Map(),
};

/** Tables with what a plan's definition can't say: keys of other types, local indexes, projections. */
const SCHEMAS: Readonly<Record<string, Omit<CreateTableCommandInput, 'TableName' | 'BillingMode'>>> = {
  torture: {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
  pairs: {
    AttributeDefinitions: [
      { AttributeName: 'owner', AttributeType: 'S' },
      { AttributeName: 'rank', AttributeType: 'N' },
      { AttributeName: 'group', AttributeType: 'B' },
      { AttributeName: 'note', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'owner', KeyType: 'HASH' },
      { AttributeName: 'rank', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-group',
        KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'by-note',
        KeySchema: [
          { AttributeName: 'owner', KeyType: 'HASH' },
          { AttributeName: 'note', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  },
  nothing: {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
};

const ENVIRONMENT: Environment = {
  name: 'staging',
  title: 'Staging',
  suffix: '-staging',
  embedded: false,
  seedable: false,
  production: false,
  backup: 'required',
  backupHours: 24,
  tables: {},
  attributes: {},
  segments: 3,
  concurrency: 8,
};

export const PHYSICAL = { torture: 'torture-staging', pairs: 'pairs-staging', nothing: 'nothing-staging' };

export interface Trial {
  readonly parts: BackupParts;
  readonly journal: MemoryJournal;
  /** of this machine's state: backups and notes of restores */
  readonly folder: string;
  readonly client: DynamoDBClient;
  /** opens tables for backups as the composition root does it */
  readonly openTables: OpenBackupTables;
  createTable(table: keyof typeof PHYSICAL): Promise<void>;
  createJournal(): Promise<void>;
  put(physicalName: string, ...rows: readonly StoredItem[]): Promise<void>;
  remove(physicalName: string, key: StoredItem): Promise<void>;
  /** all rows, as the server gives them */
  rows(physicalName: string): Promise<StoredItem[]>;
  drop(...physicalNames: readonly string[]): Promise<void>;
  tables(): Promise<string[]>;
  close(): Promise<void>;
}

/** A server with the plan's tables filled, and all that the services of backups need. */
export async function startTrial(environment: Partial<Environment> = {}): Promise<Trial> {
  const server = await startServer();
  const connection = { endpoint: server.endpoint, maxSockets: 32, requestTimeout: 20_000 };
  const client = createDynamoClient(connection);
  const folder = mkdtempSync(join(tmpdir(), 'waybill-backup-'));
  const openTables: OpenBackupTables = (uses) =>
    new DynamoBackupTables({
      uses,
      concurrency: 8,
      interval: 10,
      client: (policy) => {
        const guarded = createDynamoClient(connection);
        installWriteGuard(guarded, policy);
        return guarded;
      },
    });
  const env = { ...ENVIRONMENT, ...environment };
  const journal = new MemoryJournal();
  const mapping = new TableMapping(env);
  const admin = new DynamoTableAdmin({ client, mapping, deletionProtection: false, interval: 10 });
  const trial: Trial = {
    parts: {
      environment: env,
      plans: [PLAN],
      admin,
      journal,
      journalTable: JOURNAL,
      log: quietLog,
      progress: quietProgress,
      now: () => new Date(),
      random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
      archives: new ExportArchives({ folder: join(folder, 'backups') }),
      openTables,
      unfinishedRestores: new RestoreNotes(join(folder, 'restores', env.name)),
      openNativeBackups: () => {
        throw new Error('no native backups in this trial');
      },
    },
    journal,
    folder,
    client,
    openTables,
    createTable: async (table) => {
      const schema = SCHEMAS[table] as Omit<CreateTableCommandInput, 'TableName'>;
      await client.send(
        new CreateTableCommand({ ...schema, TableName: PHYSICAL[table], BillingMode: 'PAY_PER_REQUEST' }),
      );
    },
    createJournal: () => admin.create(JOURNAL),
    put: async (physicalName, ...rows) => {
      for (const row of rows)
        await client.send(new PutItemCommand({ TableName: physicalName, Item: toAttributes(row) }));
    },
    remove: async (physicalName, key) => {
      await client.send(new DeleteItemCommand({ TableName: physicalName, Key: toAttributes(key) }));
    },
    rows: async (physicalName) => {
      const rows: StoredItem[] = [];
      for await (const page of paginateScan({ client }, { TableName: physicalName, ConsistentRead: true }))
        rows.push(...(page.Items ?? []).map((item) => fromAttributes(item)));
      return rows;
    },
    drop: async (...physicalNames) => {
      for (const name of physicalNames) await client.send(new DeleteTableCommand({ TableName: name }));
    },
    tables: async () => (await client.send(new ListTablesCommand({}))).TableNames ?? [],
    close: async () => {
      client.destroy();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (const table of ['torture', 'pairs', 'nothing'] as const) await trial.createTable(table);
  await trial.put(PHYSICAL.torture, ...TORTURE_ROWS);
  await trial.put(PHYSICAL.pairs, ...PAIR_ROWS);
  return trial;
}

/** The parts with tables that behave otherwise in some ways. */
export function withTables(
  { parts, openTables }: Trial,
  change: (tables: BackupTables) => Partial<BackupTables>,
): BackupParts {
  return {
    ...parts,
    openTables: (uses) => {
      const tables = openTables(uses);
      const same: BackupTables = {
        describe: (name) => tables.describe(name),
        create: (name, schema, options) => tables.create(name, schema, options),
        rows: (name, options) => tables.rows(name, options),
        get: (name, keys) => tables.get(name, keys),
        load: (name, rows) => tables.load(name, rows),
        drop: (name) => tables.drop(name),
        close: () => tables.close(),
      };
      return { ...same, ...change(tables) };
    },
  };
}
