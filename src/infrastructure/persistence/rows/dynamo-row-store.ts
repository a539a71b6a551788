import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../../migrations/contract/table.js';
import { isStorableKey } from '../../dynamodb/item-guard.js';
import { DynamoTable, type DynamoTableOptions } from './dynamo-table.js';
import type { RowStore, RowStores } from './row-store.js';
import { definitionOf, indexOf } from './row-store.js';

/** The tables of these definitions in DynamoDB. */
export function dynamoRowStores(
  definitions: readonly TableDefinition[],
  options: DynamoTableOptions,
): RowStores {
  return (table) => new DynamoRowStore(new DynamoTable(definitionOf(definitions, table), options));
}

/** One DynamoDB table without sort key. By key and by scan it reads strongly consistently, by index it can't. */
class DynamoRowStore implements RowStore {
  constructor(private readonly table: DynamoTable) {}

  get(key: string): Promise<StoredItem | undefined> {
    return this.table.get({ [this.table.stored.partitionKey]: { S: key } });
  }

  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    return this.table.insertIfAbsent(item);
  }

  async *query(index: string, key: string): AsyncGenerator<StoredItem> {
    const { partitionKey } = indexOf(this.table.stored, index);
    const value = { S: key };
    if (!isStorableKey({ key: value })) return;
    yield* this.table.pages('Query', {
      IndexName: index,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': partitionKey },
      values: { ':key': value },
    });
  }

  scan(): AsyncGenerator<StoredItem> {
    return this.table.pages('Scan', { ConsistentRead: true });
  }
}
