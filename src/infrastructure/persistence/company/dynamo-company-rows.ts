import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../../migrations/contract/table.js';
import { isStorableKey } from '../../dynamodb/item-guard.js';
import { DynamoTable, type DynamoTableOptions } from '../rows/dynamo-table.js';
import { indexOf } from '../rows/row-store.js';
import type { CompanyRows } from './company-rows.js';

/** A table of companies in DynamoDB. */
export class DynamoCompanyRows implements CompanyRows {
  private readonly table: DynamoTable;

  constructor(
    private readonly definition: TableDefinition,
    options: DynamoTableOptions,
  ) {
    this.table = new DynamoTable(definition, options);
  }

  get(companyId: string, id: string): Promise<StoredItem | undefined> {
    const { partitionKey, sortKey = '' } = this.table.stored;
    return this.table.get({ [partitionKey]: { S: companyId }, [sortKey]: { S: id } });
  }

  of(companyId: string): AsyncGenerator<StoredItem> {
    return this.asked({ [this.table.stored.partitionKey]: companyId });
  }

  indexed(index: string, companyId: string, value: string): AsyncGenerator<StoredItem> {
    const position = this.definition.indexes.indexOf(indexOf(this.definition, index));
    const { name, partitionKey = '', sortKey = '' } = this.table.stored.indexes[position] ?? { name: index };
    return this.asked({ [partitionKey]: companyId, [sortKey]: value }, name);
  }

  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    return this.table.insertIfAbsent(item);
  }

  private async *asked(key: Readonly<Record<string, string>>, index?: string): AsyncGenerator<StoredItem> {
    const entries = Object.entries(key);
    const values = Object.fromEntries(entries.map(([, value], n) => [`:v${n}`, { S: value }]));
    if (!isStorableKey(values)) return;
    yield* this.table.pages('Query', {
      // indexes know no strong consistency
      ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
      KeyConditionExpression: entries.map((_, n) => `#n${n} = :v${n}`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name], n) => [`#n${n}`, name])),
      values,
    });
  }
}
