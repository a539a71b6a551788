import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  DeleteTableCommand,
  PutItemCommand,
  ScanCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { fromAttributes, toAttributes } from '../../../src/infrastructure/dynamodb/attribute-values.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { guardedTables } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { DynamoJournal } from '../../../src/infrastructure/journal/dynamo-journal.js';
import { DynamoLeases } from '../../../src/infrastructure/lease/dynamo-leases.js';
import { FileJournals } from '../../../src/infrastructure/journal/file-journals.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import { SpillingLookupIndexes } from '../../../src/infrastructure/lookup/spilling-lookup-indexes.js';
import { FolderOfRuns } from '../../../src/infrastructure/run-files/run-files.js';
import type { Application, RunResult } from '../../../src/runner/application.js';
import { dynamoStores } from '../../../src/runner/composition/dynamo-stores.js';
import { GuardedClients } from '../../../src/runner/composition/guarded-clients.js';
import { plans } from '../../../src/runner/composition/plans.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { JournalEntry } from '../../../src/runner/ports/journal.js';
import { WaybillApplication } from '../../../src/runner/waybill-application.js';
import { PLAIN_RUN } from '../engine/kpi-trial.js';
import { quietLog, quietProgress } from '../engine/quiet.js';
import { TABLE, tablesWith, type Tables } from '../kpi/tables.js';
import { injectFaults, type FaultPlan } from './faults.js';

const REGION = 'eu-central-1';

class FaultyClients extends GuardedClients {
  constructor(
    environment: Environment,
    endpoint: string,
    private readonly faults: FaultPlan,
  ) {
    super(environment, endpoint);
  }

  override unguarded(options: Parameters<GuardedClients['unguarded']>[0]): DynamoDBClient {
    const client = super.unguarded(options);
    injectFaults(client, this.faults);
    return client;
  }
}

/** Plan `kpi` in this process on tables of a real server, whose clients meet faults. */
export class DynamoTrial {
  readonly application: Application;
  private readonly mapping: TableMapping;
  private readonly client: DynamoDBClient;
  private readonly clients: GuardedClients;
  private readonly definitions;

  constructor(endpoint: string, folder: string, faults: FaultPlan, segments: number) {
    const suffix = `-trial-${randomUUID().slice(0, 8)}`;
    const environment: Environment = {
      ...{ name: 'dev', title: 'Dev', suffix, region: REGION, tables: {}, attributes: {}, segments },
      ...{ embedded: false, seedable: false, production: false, concurrency: 4 },
      ...{ backup: 'advised', backupHours: 24 },
    };
    const bound = plans().map(({ plan }) => plan);
    this.definitions = [...bound.flatMap(({ tables }) => tables), JOURNAL_TABLE];
    this.mapping = new TableMapping(environment, this.definitions);
    this.client = createDynamoClient({ endpoint, region: REGION, maxSockets: 16, requestTimeout: 20_000 });
    this.clients = new FaultyClients(environment, endpoint, faults);
    const indexes = new SpillingLookupIndexes({ root: join(folder, 'lookups') });
    const journal = guardedTables([JOURNAL_TABLE], this.mapping, () => 'any');
    const journalClient = this.clients.client(
      { tables: journal, readOnly: false, tableAdmin: false },
      { concurrency: 4 },
    );
    const journalName = this.mapping.physicalName(JOURNAL_TABLE.name);
    const files = new FileJournals(join(folder, 'runs'));
    this.application = new WaybillApplication(
      {
        ...{
          environment,
          plans: bound,
          indexes,
          log: quietLog,
          progress: quietProgress,
          journalTable: JOURNAL_TABLE,
        },
        admin: this.admin(),
        openStore: (plan) => dynamoStores(plan, this.clients, this.mapping, indexes),
        journal: new DynamoJournal(journalClient, journalName),
        leases: new DynamoLeases(journalClient, journalName, environment.name),
        dryRuns: {
          create: (run) => files.journal(run),
          open: (run) => files.open(run),
          runs: (plan, env) => files.runs(plan, env),
        },
        seeder: () => ({ seed: () => Promise.reject(new Error('a trial is not seeded')) }),
        planVersion: () => 'f'.repeat(64),
        emulated: false,
        planFiles: () => ({}),
        now: () => new Date(),
        random: Math.random,
        files: new FolderOfRuns(join(folder, 'runs')),
      },
      () => Promise.resolve(),
    );
  }

  /** Creates all tables, with these rows. */
  async open(tables: Tables): Promise<this> {
    await Promise.all(this.definitions.map((definition) => this.admin().create(definition)));
    for (const [table, items] of Object.entries(tables)) {
      for (const item of items) {
        const TableName = this.mapping.physicalName(table);
        await this.client.send(new PutItemCommand({ TableName, Item: toAttributes(item) }));
      }
    }
    return this;
  }

  run(): Promise<RunResult> {
    return this.application.run(PLAIN_RUN);
  }

  async entries(kind: JournalEntry['kind']): Promise<JournalEntry[]> {
    const all: JournalEntry[] = [];
    for await (const entry of this.application.entries({ plan: 'kpi', kind })) all.push(entry);
    return all;
  }

  async tables(): Promise<Tables> {
    const read = Object.values(TABLE).map(async (name) => [name, await this.rows(name)] as const);
    return tablesWith(Object.fromEntries(await Promise.all(read)));
  }

  async close(): Promise<void> {
    for (const { name } of this.definitions) {
      await this.client.send(new DeleteTableCommand({ TableName: this.mapping.physicalName(name) }));
    }
    this.client.destroy();
    this.clients.close();
  }

  /** A few rows only, so one page has all of them. */
  private async rows(table: string): Promise<StoredItem[]> {
    const command = new ScanCommand({ TableName: this.mapping.physicalName(table), ConsistentRead: true });
    const { Items = [], LastEvaluatedKey } = await this.client.send(command);
    if (LastEvaluatedKey !== undefined) throw new Error(`${table} has more than a page`);
    return Items.map(fromAttributes);
  }

  private admin(): DynamoTableAdmin {
    const { client, mapping } = this;
    return new DynamoTableAdmin({ client, mapping, deletionProtection: false, interval: 20 });
  }
}
