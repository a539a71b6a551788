import type { AttributeValue, DynamoDBClient, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { BatchGetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { fromAttributes, toAttributes } from './attribute-values.js';
import { ConcurrencyLimiter } from './concurrency-limiter.js';
import { DynamoRequests } from './dynamo-requests.js';
import { isStorableKey } from './item-guard.js';
import { keyIdentity, keyNames } from './key-identity.js';
import type { RetryPolicy } from './retry-budget.js';
import type { TableMapping } from './table-mapping.js';

interface DynamoReaderOptions {
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  /** the tables in which a scan may have to go on behind a row */
  readonly tables: readonly TableDefinition[];
  /** rows per page at most (a page ends at 1 MB anyway); undefined: 1,000 */
  readonly pageSize?: number;
  /** `BatchGetItem` requests in flight over all callers; undefined: 8 */
  readonly concurrency?: number;
  readonly retries?: RetryPolicy;
}

/** Keys per `BatchGetItem` (API reference). */
const KEYS_PER_REQUEST = 100;

/** Reads DynamoDB tables strongly consistently, by scan and by primary key. */
export class DynamoReader implements RecordReader {
  private readonly requests: DynamoRequests;
  private readonly mapping: TableMapping;
  private readonly pageSize: number;
  private readonly limiter: ConcurrencyLimiter;
  /** literal name → key attributes in the document's names */
  private readonly keys: ReadonlyMap<string, readonly string[]>;

  constructor(options: DynamoReaderOptions) {
    this.requests = new DynamoRequests(options.client, options.retries);
    this.mapping = options.mapping;
    this.pageSize = options.pageSize ?? 1_000;
    this.limiter = new ConcurrencyLimiter(options.concurrency ?? 8);
    this.keys = new Map(options.tables.map((table) => [table.name, keyNames(table)]));
  }

  async *scan(table: string, options: ScanOptions = {}): AsyncGenerator<Page> {
    const { signal } = options;
    const input = this.scanInput(table, options);
    let from = options.from;
    do {
      const page = await this.page(input, from, signal);
      from = page.LastEvaluatedKey === undefined ? undefined : fromAttributes(page.LastEvaluatedKey);
      const items = (page.Items ?? []).map((item) => this.mapping.toDocument(table, fromAttributes(item)));
      yield from === undefined ? { items } : { items, next: from };
    } while (from !== undefined);
  }

  /** What DynamoDB calls the last evaluated key: the row's key attributes, in stored names. */
  positionBehind(table: string, row: StoredItem): Cursor {
    const names = this.keys.get(table);
    if (names === undefined) throw new TypeError(`this reader does not know the table ${table}`);
    return this.mapping.toStored(table, keyOf(row, names));
  }

  async get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    const first = keys[0];
    if (first === undefined) return [];
    const names = Object.keys(first).sort();
    const identities = keys.map((key) => keyIdentity(key, names));
    // each key once: DynamoDB refuses repetitions. One that no row can have would fail the others of its batch.
    const wanted = new Map(keys.map((key, index) => [identities[index] as string, key] as const));
    for (const [identity, key] of wanted) if (!isStorableKey(key)) wanted.delete(identity);
    const found = await this.getDistinct(table, [...wanted.values()], names);
    return identities.map((identity) => found.get(identity));
  }

  private scanInput(table: string, options: ScanOptions): ScanCommandInput {
    const { segment, attributes } = options;
    return {
      TableName: this.mapping.physicalName(table),
      ConsistentRead: true,
      Limit: this.pageSize,
      ...(segment === undefined || segment.total === 1
        ? {}
        : { Segment: segment.index, TotalSegments: segment.total }),
      ...(attributes === undefined ? {} : this.projection(table, attributes)),
    };
  }

  /** Every name by placeholder: it may be a reserved word or hold any character. */
  private projection(table: string, attributes: readonly string[]): Partial<ScanCommandInput> {
    const names = [...new Set(attributes)].map((name) => this.mapping.storedName(table, name));
    return {
      ProjectionExpression: names.map((_, index) => `#n${index}`).join(','),
      ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#n${index}`, name])),
    };
  }

  private page(input: ScanCommandInput, from: StoredItem | undefined, signal: AbortSignal | undefined) {
    const start = from === undefined ? {} : { ExclusiveStartKey: toAttributes(from) };
    const command = new ScanCommand({ ...input, ...start });
    return this.requests.send(
      { action: 'Scan', table: input.TableName as string },
      () => this.requests.client.send(command, signal === undefined ? {} : { abortSignal: signal }),
      { signal },
    );
  }

  private async getDistinct(
    table: string,
    keys: readonly StoredItem[],
    names: readonly string[],
  ): Promise<Map<string, StoredItem>> {
    const batches: StoredItem[][] = [];
    for (let start = 0; start < keys.length; start += KEYS_PER_REQUEST) {
      batches.push(keys.slice(start, start + KEYS_PER_REQUEST));
    }
    const found = new Map<string, StoredItem>();
    await Promise.all(
      batches.map((batch) =>
        this.limiter.run(async () => {
          for (const item of await this.getBatch(table, batch)) found.set(keyIdentity(item, names), item);
        }),
      ),
    );
    return found;
  }

  /** At most 100 keys. Asks again for what DynamoDB left unprocessed, with backoff: it does so when throttled. */
  private async getBatch(table: string, keys: readonly StoredItem[]): Promise<StoredItem[]> {
    const name = this.mapping.physicalName(table);
    const attempt = { action: 'BatchGetItem', table: name };
    const budget = this.requests.budget();
    const items: StoredItem[] = [];
    let pending = keys.map((key) => toAttributes(this.mapping.toStored(table, key)));
    while (pending.length > 0) {
      const { found, left } = await this.requests.send(attempt, () => this.request(name, pending), {
        budget,
      });
      items.push(...found.map((item) => this.mapping.toDocument(table, fromAttributes(item))));
      if (left.length > 0 && left.length < pending.length) budget.renew();
      if (left.length > 0 && !(await budget.pause())) {
        throw await this.requests.failure({ name: 'ProvisionedThroughputExceeded' }, attempt);
      }
      pending = left;
    }
    return items;
  }

  private async request(name: string, keys: Record<string, AttributeValue>[]) {
    const answer = await this.requests.client.send(
      new BatchGetItemCommand({ RequestItems: { [name]: { Keys: keys, ConsistentRead: true } } }),
    );
    return { found: answer.Responses?.[name] ?? [], left: answer.UnprocessedKeys?.[name]?.Keys ?? [] };
  }
}

function keyOf(row: StoredItem, names: readonly string[]): StoredItem {
  return Object.fromEntries(names.map((name) => [name, row[name] as StoredValue]));
}
