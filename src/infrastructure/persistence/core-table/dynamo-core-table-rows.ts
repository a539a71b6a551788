import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../../migrations/contract/table.js';
import { DynamoRequests } from '../../dynamodb/dynamo-requests.js';
import { checkItem, isStorableKey } from '../../dynamodb/item-guard.js';
import { ExactDocumentClient } from '../rows/exact-document-client.js';
import type { DynamoRowStoreOptions } from '../rows/dynamo-row-store.js';
import { unstorable } from '../rows/row-store.js';
import type { CoreTableRows } from './core-table-rows.js';

/** CoreTable in DynamoDB. Names are aliased in every expression (C-X19). */
export class DynamoCoreTableRows implements CoreTableRows {
  private readonly documents: ExactDocumentClient;
  private readonly requests: DynamoRequests;
  /** in stored names */
  private readonly stored: TableDefinition;

  constructor(
    private readonly definition: TableDefinition,
    private readonly options: DynamoRowStoreOptions,
  ) {
    this.documents = new ExactDocumentClient(options.client);
    this.requests = new DynamoRequests(options.client, options.retries);
    this.stored = options.mapping.storedDefinition(definition);
  }

  async get(partition: string, sort: string): Promise<StoredItem | undefined> {
    const key = this.toStored({ PK: { S: partition }, SK: { S: sort } });
    if (!isStorableKey(key)) return undefined;
    const request = { TableName: this.stored.name, ConsistentRead: true, key };
    const found = await this.send('GetItem', () => this.documents.get(request));
    return found === undefined ? undefined : this.toDocument(found);
  }

  async *under(partition: string, sortPrefix: string): AsyncGenerator<StoredItem> {
    const values = { ':partition': { S: partition }, ':sort': { S: sortPrefix } };
    if (!isStorableKey(values)) return;
    const request = {
      ...{ TableName: this.stored.name, ConsistentRead: true, Limit: this.options.pageSize ?? 1_000 },
      KeyConditionExpression: '#partition = :partition AND begins_with(#sort, :sort)',
      ExpressionAttributeNames: {
        '#partition': this.stored.partitionKey,
        '#sort': this.stored.sortKey ?? '',
      },
      values,
    };
    let from: StoredItem | undefined;
    do {
      const page = await this.send('Query', () => this.documents.page('Query', { ...request, from }));
      for (const item of page.items) yield this.toDocument(item);
      from = page.next;
    } while (from !== undefined);
  }

  async insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    const stored = this.toStored(item);
    this.assertStorable(stored);
    const request = {
      TableName: this.stored.name,
      ConditionExpression: 'attribute_not_exists(#partition)',
      ExpressionAttributeNames: { '#partition': this.stored.partitionKey },
      item: stored,
    };
    return this.send('PutItem', async () => {
      try {
        await this.documents.put(request);
        return 'inserted';
      } catch (error) {
        if ((error as Error).name === 'ConditionalCheckFailedException') return 'exists';
        throw error;
      }
    });
  }

  /** Checked before it is sent: the server quotes values in its message. */
  private assertStorable(stored: StoredItem): void {
    const fault = checkItem(this.stored, stored);
    if (fault === undefined) return;
    const { name } = this.definition;
    const { field } = fault;
    const inDocument = field === undefined ? {} : { field: this.options.mapping.documentName(name, field) };
    throw unstorable(name, { ...fault, ...inDocument });
  }

  private send<T>(action: string, request: () => Promise<T>): Promise<T> {
    return this.requests.send({ action, table: this.stored.name }, request);
  }

  private toStored(item: StoredItem): StoredItem {
    return this.options.mapping.toStored(this.definition.name, item);
  }

  private toDocument(item: StoredItem): StoredItem {
    return this.options.mapping.toDocument(this.definition.name, item);
  }
}
