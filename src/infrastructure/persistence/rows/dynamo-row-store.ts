import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../../migrations/contract/table.js';
import { DynamoRequests } from '../../dynamodb/dynamo-requests.js';
import { checkItem, isStorableKey } from '../../dynamodb/item-guard.js';
import type { RetryPolicy } from '../../dynamodb/retry-budget.js';
import type { TableMapping } from '../../dynamodb/table-mapping.js';
import { ExactDocumentClient } from './exact-document-client.js';
import type { PageRequest } from './exact-document-client.js';
import type { RowStore, RowStores } from './row-store.js';
import { definitionOf, indexOf, unstorable } from './row-store.js';

export interface DynamoRowStoreOptions {
  /** from `createDynamoClient` */
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  /** rows per page at most (a page ends at 1 MB anyway); undefined: 1,000 */
  readonly pageSize?: number;
  readonly retries?: RetryPolicy;
}

/** The tables of these definitions in DynamoDB. */
export function dynamoRowStores(
  definitions: readonly TableDefinition[],
  options: DynamoRowStoreOptions,
): RowStores {
  return (table) => new DynamoRowStore(definitionOf(definitions, table), options);
}

/** One DynamoDB table without sort key. By key and by scan it reads strongly consistently, by index it can't. */
class DynamoRowStore implements RowStore {
  private readonly documents: ExactDocumentClient;
  private readonly requests: DynamoRequests;
  /** in stored names */
  private readonly stored: TableDefinition;
  private readonly pageSize: number;

  constructor(
    private readonly definition: TableDefinition,
    private readonly options: DynamoRowStoreOptions,
  ) {
    this.documents = new ExactDocumentClient(options.client);
    this.requests = new DynamoRequests(options.client, options.retries);
    this.stored = options.mapping.storedDefinition(definition);
    this.pageSize = options.pageSize ?? 1_000;
  }

  async get(key: string): Promise<StoredItem | undefined> {
    const item = { [this.stored.partitionKey]: { S: key } };
    if (!isStorableKey(item)) return undefined;
    const request = { TableName: this.stored.name, ConsistentRead: true, key: item };
    const found = await this.send('GetItem', () => this.documents.get(request));
    return found === undefined ? undefined : this.toDocument(found);
  }

  async insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    const stored = this.options.mapping.toStored(this.definition.name, item);
    this.assertStorable(stored);
    const request = {
      TableName: this.stored.name,
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': this.stored.partitionKey },
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

  async *query(index: string, key: string): AsyncGenerator<StoredItem> {
    const { partitionKey } = indexOf(this.stored, index);
    const value = { S: key };
    if (!isStorableKey({ key: value })) return;
    yield* this.pages('Query', {
      IndexName: index,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': partitionKey },
      values: { ':key': value },
    });
  }

  scan(): AsyncGenerator<StoredItem> {
    return this.pages('Scan', { ConsistentRead: true });
  }

  private async *pages(
    action: 'Query' | 'Scan',
    request: Omit<PageRequest, 'TableName'>,
  ): AsyncGenerator<StoredItem> {
    const input = { ...request, TableName: this.stored.name, Limit: this.pageSize };
    let from: StoredItem | undefined;
    do {
      const page = await this.send(action, () => this.documents.page(action, { ...input, from }));
      for (const item of page.items) yield this.toDocument(item);
      from = page.next;
    } while (from !== undefined);
  }

  /** Checked before it is sent: the server quotes values in its message, and the document client throws errors of its own. */
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

  private toDocument(item: StoredItem): StoredItem {
    return this.options.mapping.toDocument(this.definition.name, item);
  }
}
