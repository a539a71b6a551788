import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../../migrations/contract/table.js';
import { DynamoRequests } from '../../dynamodb/dynamo-requests.js';
import { checkItem, isStorableKey } from '../../dynamodb/item-guard.js';
import type { RetryPolicy } from '../../dynamodb/retry-budget.js';
import type { TableMapping } from '../../dynamodb/table-mapping.js';
import { ExactDocumentClient } from './exact-document-client.js';
import type { PageRequest } from './exact-document-client.js';
import { unstorable } from './row-store.js';

export interface DynamoTableOptions {
  /** from `createDynamoClient` */
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  /** rows per page at most (a page ends at 1 MB anyway); undefined: 1,000 */
  readonly pageSize?: number;
  readonly retries?: RetryPolicy;
}

/** One DynamoDB table, its rows in the document's attribute names. Names are aliased in every expression (C-X19). */
export class DynamoTable {
  /** in stored names */
  readonly stored: TableDefinition;
  private readonly documents: ExactDocumentClient;
  private readonly requests: DynamoRequests;
  private readonly mapping: TableMapping;
  private readonly pageSize: number;

  constructor(
    private readonly definition: TableDefinition,
    { client, mapping, retries, pageSize = 1_000 }: DynamoTableOptions,
  ) {
    this.documents = new ExactDocumentClient(client);
    this.requests = new DynamoRequests(client, retries);
    this.mapping = mapping;
    this.stored = mapping.storedDefinition(definition);
    this.pageSize = pageSize;
  }

  /** Strongly consistent. `key`: in stored names; one that no store could hold is the key of no row. */
  async get(key: StoredItem): Promise<StoredItem | undefined> {
    if (!isStorableKey(key)) return undefined;
    const request = { TableName: this.stored.name, ConsistentRead: true, key };
    const found = await this.send('GetItem', () => this.documents.get(request));
    return found === undefined ? undefined : this.toDocument(found);
  }

  /** See `RowStore.insertIfAbsent`. */
  async insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    const stored = this.mapping.toStored(this.definition.name, item);
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

  /** All pages of a query or scan; `request` in stored names. */
  async *pages(
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
    const inDocument = field === undefined ? {} : { field: this.mapping.documentName(name, field) };
    throw unstorable(name, { ...fault, ...inDocument });
  }

  private send<T>(action: string, request: () => Promise<T>): Promise<T> {
    return this.requests.send({ action, table: this.stored.name }, request);
  }

  private toDocument(item: StoredItem): StoredItem {
    return this.mapping.toDocument(this.definition.name, item);
  }
}
