import { setTimeout as sleep } from 'node:timers/promises';

import type {
  CreateTableCommandInput,
  DynamoDBClient,
  KeySchemaElement,
  TableDescription as SdkTable,
} from '@aws-sdk/client-dynamodb';

import type { IndexDefinition, TableDefinition } from '../../migrations/contract/table.js';
import { StoreError } from '../../runner/ports/errors.js';
import type { TableAdmin, TableDescription } from '../../runner/ports/table-admin.js';
import { DynamoRequests } from './dynamo-requests.js';
import { keyNames } from './key-identity.js';
import { capacityOf } from './table-capacity.js';
import type { TableMapping } from './table-mapping.js';
import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from './sdk.js';

interface DynamoTableAdminOptions {
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  /** created tables can't be deleted until somebody takes this off */
  readonly deletionProtection: boolean;
  /** milliseconds until a table and its indexes must be ACTIVE; undefined: 10 minutes */
  readonly timeout?: number;
  /** milliseconds between looks; undefined: 1,000 */
  readonly interval?: number;
}

type Keys = Pick<IndexDefinition, 'partitionKey' | 'sortKey'>;

/** Creates and describes DynamoDB tables. */
export class DynamoTableAdmin implements TableAdmin {
  private readonly requests: DynamoRequests;
  private readonly timeout: number;
  private readonly interval: number;

  constructor(private readonly options: DynamoTableAdminOptions) {
    this.requests = new DynamoRequests(options.client);
    this.timeout = options.timeout ?? 600_000;
    this.interval = options.interval ?? 1_000;
  }

  physicalName(table: string): string {
    return this.options.mapping.physicalName(table);
  }

  async describe(table: string): Promise<TableDescription | undefined> {
    const name = this.physicalName(table);
    const found = await this.requests.send({ action: 'DescribeTable', table: name }, async () => {
      try {
        return (await this.requests.client.send(new DescribeTableCommand({ TableName: name }))).Table;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    });
    return found === undefined ? undefined : this.description(table, found);
  }

  async pointInTimeRecovery(table: string): Promise<boolean | undefined> {
    const name = this.physicalName(table);
    return this.requests.send({ action: 'DescribeContinuousBackups', table: name }, async () => {
      try {
        const answer = await this.requests.client.send(
          new DescribeContinuousBackupsCommand({ TableName: name }),
        );
        const recovery = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
        return recovery?.PointInTimeRecoveryStatus === 'ENABLED';
      } catch (error) {
        if (isUnknownOperation(error)) return undefined;
        throw error;
      }
    });
  }

  async create(definition: TableDefinition): Promise<void> {
    const input = createInput(
      this.options.mapping.storedDefinition(definition),
      this.options.deletionProtection,
    );
    await this.requests.send({ action: 'CreateTable', table: input.TableName as string }, async () => {
      try {
        await this.requests.client.send(new CreateTableCommand(input));
      } catch (error) {
        // somebody else creates it or has done so: what counts is that it becomes ACTIVE
        if (!(error instanceof ResourceInUseException)) throw error;
      }
    });
    await this.untilActive(definition.name);
  }

  private async untilActive(table: string): Promise<void> {
    const end = performance.now() + this.timeout;
    for (;;) {
      const found = await this.describe(table);
      const isActive = found?.status === 'ACTIVE' && found.indexes.every(({ status }) => status === 'ACTIVE');
      if (isActive) return;
      if (performance.now() >= end) {
        throw new StoreError(
          'STORE_FAILED',
          `Table ${this.physicalName(table)} or one of its indexes is still not ACTIVE after ${this.timeout} ms (${found?.status ?? 'absent'}).`,
          'Look at the table in the AWS console; run `tables create` again, it goes on waiting.',
        );
      }
      await sleep(this.interval);
    }
  }

  private description(table: string, found: SdkTable): TableDescription {
    const name = (stored: string | undefined): string =>
      this.options.mapping.documentName(table, stored ?? '');
    return {
      name: table,
      physicalName: found.TableName ?? this.physicalName(table),
      status: found.TableStatus ?? 'UNKNOWN',
      // AWS counts every six hours or so: a new table says 0, which tells nothing
      ...(found.ItemCount ? { itemCount: found.ItemCount } : {}),
      ...(found.TableSizeBytes ? { bytes: found.TableSizeBytes } : {}),
      keyTypes: new Map(
        (found.AttributeDefinitions ?? []).map((item) => [
          name(item.AttributeName),
          item.AttributeType ?? '',
        ]),
      ),
      ...keysOf(found.KeySchema, name),
      ...capacityIn(found),
      indexes: (found.GlobalSecondaryIndexes ?? []).map((index) => ({
        name: index.IndexName ?? '',
        ...keysOf(index.KeySchema, name),
        status: index.IndexStatus ?? 'UNKNOWN',
        projection: index.Projection?.ProjectionType ?? 'UNKNOWN',
        ...capacityIn(index),
      })),
    };
  }
}

function capacityIn(described: Parameters<typeof capacityOf>[0]): Pick<TableDescription, 'capacity'> {
  const capacity = capacityOf(described);
  return capacity === undefined ? {} : { capacity };
}

/** What emulators answer that lack the operation. */
function isUnknownOperation(error: unknown): boolean {
  return error instanceof Error && error.name === 'UnknownOperationException';
}

function createInput(stored: TableDefinition, deletionProtection: boolean): CreateTableCommandInput {
  const keys = new Set([stored, ...stored.indexes].flatMap((keyed) => keyNames(keyed)));
  return {
    TableName: stored.name,
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: deletionProtection,
    AttributeDefinitions: [...keys].map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
    KeySchema: keySchema(stored),
    // an empty list is refused
    ...(stored.indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: stored.indexes.map((index) => ({
            IndexName: index.name,
            KeySchema: keySchema(index),
            Projection: { ProjectionType: 'ALL' as const },
          })),
        }),
  };
}

function keySchema(keys: Keys): KeySchemaElement[] {
  return keyNames(keys).map((name, position) => ({
    AttributeName: name,
    KeyType: position === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));
}

function keysOf(
  schema: readonly KeySchemaElement[] | undefined,
  name: (stored: string | undefined) => string,
): Keys {
  const of = (type: string): KeySchemaElement | undefined => schema?.find(({ KeyType }) => KeyType === type);
  const [partition, sort] = [of('HASH'), of('RANGE')];
  const partitionKey = name(partition?.AttributeName);
  return sort === undefined ? { partitionKey } : { partitionKey, sortKey: name(sort.AttributeName) };
}
