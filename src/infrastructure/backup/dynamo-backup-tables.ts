import { setTimeout as sleep } from 'node:timers/promises';

import type { DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { ScanOptions } from '../../migrations/contract/record-reader.js';
import type { TableSchema } from '../../runner/ports/backup-archive.js';
import type { BackupTables, SchemaDescription, TableUse } from '../../runner/ports/backup-tables.js';
import { StoreError } from '../../runner/ports/errors.js';
import { DynamoReader } from '../dynamodb/dynamodb-reader.js';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import { TableMapping } from '../dynamodb/table-mapping.js';
import type { GuardPolicy } from '../dynamodb/write-guard.js';
import { RowLoader } from './row-loader.js';
import { createInput, schemaOf } from './table-schema.mapper.js';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from '../dynamodb/sdk.js';

interface BackupTablesOptions {
  readonly uses: readonly TableUse[];
  /** a client of one's own, with this guard in it */
  readonly client: (policy: GuardPolicy) => DynamoDBClient;
  /** write requests in flight */
  readonly concurrency: number;
  /** ms between looks at a table that is being created or deleted; undefined: 1,000 */
  readonly interval?: number;
  /** ms until such a table must be ready; undefined: 10 minutes */
  readonly timeout?: number;
}

/** Names are given as they are: physical tables, stored attributes. */
const AS_IT_IS = new TableMapping({ suffix: '', tables: {}, attributes: {} });

/** DynamoDB tables for backups, through a client that permits exactly the uses it was opened for. */
export class DynamoBackupTables implements BackupTables {
  private readonly client: DynamoDBClient;
  private readonly requests: DynamoRequests;
  private readonly reader: DynamoReader;
  private readonly loader: RowLoader;
  private readonly keys: ReadonlyMap<string, readonly string[]>;
  private readonly interval: number;
  private readonly timeout: number;

  constructor(options: BackupTablesOptions) {
    this.client = options.client(policyOf(options.uses));
    this.requests = new DynamoRequests(this.client);
    this.reader = new DynamoReader({ client: this.client, mapping: AS_IT_IS, tables: [] });
    this.loader = new RowLoader(this.client, options.concurrency);
    this.keys = new Map(options.uses.map(({ physicalName, keys }) => [physicalName, keys]));
    this.interval = options.interval ?? 1_000;
    this.timeout = options.timeout ?? 600_000;
  }

  async describe(physicalName: string): Promise<SchemaDescription | undefined> {
    const found = await this.find(physicalName);
    if (found === undefined) return undefined;
    const { TableStatus, TableArn, TableId, ItemCount } = found;
    return {
      schema: schemaOf(found),
      status: TableStatus ?? 'UNKNOWN',
      // AWS counts every six hours or so: 0 tells nothing
      ...(ItemCount ? { itemCount: ItemCount } : {}),
      ...(TableArn === undefined ? {} : { arn: TableArn }),
      ...(TableId === undefined ? {} : { id: TableId }),
    };
  }

  async create(
    physicalName: string,
    schema: TableSchema,
    options: { readonly deletionProtection: boolean; readonly signal?: AbortSignal },
  ): Promise<void> {
    const command = new CreateTableCommand(createInput(physicalName, schema, options.deletionProtection));
    await this.requests.send({ action: 'CreateTable', table: physicalName }, async () => {
      try {
        await this.client.send(command);
      } catch (error) {
        // a repeated request finds the table that the first one made
        if (!(error instanceof ResourceInUseException)) throw error;
      }
    });
    await this.until(
      physicalName,
      'ACTIVE',
      async () => isReady(await this.find(physicalName)),
      options.signal,
    );
  }

  async *rows(
    physicalName: string,
    options: Pick<ScanOptions, 'segment' | 'signal'> = {},
  ): AsyncGenerator<readonly StoredItem[]> {
    for await (const page of this.reader.scan(physicalName, options)) yield page.items;
  }

  get(physicalName: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    return this.reader.get(physicalName, keys);
  }

  load(physicalName: string, rows: readonly StoredItem[]): Promise<number> {
    return this.loader.load(physicalName, this.keys.get(physicalName) ?? [], rows);
  }

  /** Asks again until there is no such table: one that is still being created can't be deleted yet. */
  async drop(physicalName: string): Promise<void> {
    await this.until(physicalName, 'gone', () =>
      this.requests.send({ action: 'DeleteTable', table: physicalName }, async () => {
        try {
          await this.client.send(new DeleteTableCommand({ TableName: physicalName }));
        } catch (error) {
          if (error instanceof ResourceNotFoundException) return true;
          if (!(error instanceof ResourceInUseException)) throw error;
        }
        return false;
      }),
    );
  }

  close(): void {
    this.client.destroy();
  }

  private find(physicalName: string): Promise<TableDescription | undefined> {
    return this.requests.send({ action: 'DescribeTable', table: physicalName }, async () => {
      try {
        return (await this.client.send(new DescribeTableCommand({ TableName: physicalName }))).Table;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    });
  }

  private async until(
    physicalName: string,
    what: string,
    isDone: () => Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<void> {
    const end = performance.now() + this.timeout;
    while (!(await isDone())) {
      signal?.throwIfAborted();
      if (performance.now() >= end) {
        throw new StoreError(
          'STORE_FAILED',
          `Table ${physicalName} is still not ${what} after ${this.timeout} ms.`,
          'Look at the table in the AWS console, then run the command again.',
        );
      }
      await sleep(this.interval);
    }
  }
}

function policyOf(uses: readonly TableUse[]): GuardPolicy {
  const scratch = uses.filter(({ use }) => use === 'scratch').map(({ physicalName }) => physicalName);
  return {
    tables: new Map(
      uses.map(({ physicalName, use, keys }) => [
        physicalName,
        { writes: use === 'read' ? 'none' : 'insert', keys },
      ]),
    ),
    readOnly: uses.every(({ use }) => use === 'read'),
    tableAdmin: true,
    ...(scratch.length === 0 ? {} : { scratchTables: new Set(scratch) }),
  };
}

function isReady(table: TableDescription | undefined): boolean {
  const indexes = table?.GlobalSecondaryIndexes ?? [];
  return table?.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE');
}
