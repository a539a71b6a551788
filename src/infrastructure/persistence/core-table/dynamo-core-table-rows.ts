import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../../migrations/contract/table.js';
import { isStorableKey } from '../../dynamodb/item-guard.js';
import { DynamoTable, type DynamoTableOptions } from '../rows/dynamo-table.js';
import type { CoreTableRows } from './core-table-rows.js';

/** CoreTable in DynamoDB. */
export class DynamoCoreTableRows implements CoreTableRows {
  private readonly table: DynamoTable;
  private readonly sortKey: string;

  constructor(definition: TableDefinition, options: DynamoTableOptions) {
    this.table = new DynamoTable(definition, options);
    this.sortKey = this.table.stored.sortKey ?? '';
  }

  get(partition: string, sort: string): Promise<StoredItem | undefined> {
    return this.table.get({
      [this.table.stored.partitionKey]: { S: partition },
      [this.sortKey]: { S: sort },
    });
  }

  async *under(partition: string, sortPrefix: string): AsyncGenerator<StoredItem> {
    const values = { ':partition': { S: partition }, ':sort': { S: sortPrefix } };
    if (!isStorableKey(values)) return;
    yield* this.table.pages('Query', {
      ConsistentRead: true,
      KeyConditionExpression: '#partition = :partition AND begins_with(#sort, :sort)',
      ExpressionAttributeNames: {
        '#partition': this.table.stored.partitionKey,
        '#sort': this.sortKey,
      },
      values,
    });
  }

  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    return this.table.insertIfAbsent(item);
  }
}
