import type {
  AttributeValue,
  DynamoDBClient,
  ScanCommandInput,
  ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';

import { STAMP_ATTRIBUTE } from '../../domain/storage/stored.js';
import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { AdaptiveLimiter, type Call } from '../rate/adaptive-limiter.js';
import { setTerms } from '../rate/request-cost.js';
import { fromAttributes, toAttributes } from './attribute-values.js';
import { DynamoRequests } from './dynamo-requests.js';
import { isStorableKey } from './item-guard.js';
import { keyIdentity, keyNames } from './key-identity.js';
import { PageRows } from './page-rows.js';
import type { RateControl } from './rate-control.js';
import type { RetryPolicy } from './retry-budget.js';
import type { TableMapping } from './table-mapping.js';
import { BatchGetItemCommand, ScanCommand } from './sdk.js';

interface DynamoReaderOptions {
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  /** the tables in which a scan may have to go on behind a row */
  readonly tables: readonly TableDefinition[];
  /** rows per page at most, see {@link PageRows}; undefined: 2,000 */
  readonly pageSize?: number;
  /** `BatchGetItem` requests in flight over all callers at most; undefined: 256 */
  readonly concurrency?: number;
  /** what paces the client's requests; undefined: nothing does */
  readonly rate?: Pick<RateControl, 'pageRows' | 'keysPerRequest'>;
  readonly retries?: RetryPolicy;
}

const MOST_ROWS = 2_000;

/** Keys per `BatchGetItem` (API reference). */
const KEYS_PER_REQUEST = 100;

/** Reads DynamoDB tables strongly consistently, by scan and by primary key. */
export class DynamoReader implements RecordReader {
  private readonly requests: DynamoRequests;
  private readonly mapping: TableMapping;
  private readonly pageRows: PageRows;
  private readonly limiter: AdaptiveLimiter;
  private readonly rate: DynamoReaderOptions['rate'];
  /** literal name → key attributes in the document's names */
  private readonly keys: ReadonlyMap<string, readonly string[]>;

  constructor(options: DynamoReaderOptions) {
    this.requests = new DynamoRequests(options.client, options.retries);
    this.mapping = options.mapping;
    this.pageRows = new PageRows(options.pageSize ?? MOST_ROWS);
    this.limiter = new AdaptiveLimiter({ max: options.concurrency ?? 256 });
    this.rate = options.rate;
    this.keys = new Map(options.tables.map((table) => [table.name, keyNames(table)]));
  }

  /**
   * Fetches the next page while the one given out is worked on: two pages of a segment are in memory at most, or one
   * where the scan is one of many.
   */
  async *scan(table: string, options: ScanOptions = {}): AsyncGenerator<Page> {
    const { attributes, signal, amongMany = false } = options;
    const rows = { table, attributes, amongMany };
    const input = this.scanInput(table, options);
    const ask = (from: StoredItem | undefined) => this.page(input, this.pageRows.of(rows), from, signal);
    let coming: ReturnType<typeof ask> | undefined = ask(options.from);
    while (coming !== undefined) {
      const page: ScanCommandOutput = await coming;
      const items = (page.Items ?? []).map((item) => this.mapping.toDocument(table, fromAttributes(item)));
      this.pageRows.learn(rows, items);
      const next = page.LastEvaluatedKey === undefined ? undefined : fromAttributes(page.LastEvaluatedKey);
      coming = next === undefined || amongMany ? undefined : ask(next);
      // whoever stops at this page never asks how the next one went
      coming?.catch(() => undefined);
      yield next === undefined ? { items } : { items, next };
      if (next !== undefined) coming ??= ask(next);
    }
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
    const { segment, attributes = [], exceptStampsOf = [] } = options;
    const projection = this.projection(table, attributes);
    const filter = this.filter(table, exceptStampsOf);
    const names = { ...projection.ExpressionAttributeNames, ...filter.ExpressionAttributeNames };
    return {
      TableName: this.mapping.physicalName(table),
      ConsistentRead: true,
      ...(segment === undefined || segment.total === 1
        ? {}
        : { Segment: segment.index, TotalSegments: segment.total }),
      ...projection,
      ...filter,
      ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    };
  }

  /** The same capacity, but nothing to send or to read of what is left out. Only a complete stamp is one. */
  private filter(table: string, sources: readonly string[]): Partial<ScanCommandInput> {
    if (sources.length === 0) return {};
    const values = sources.map((source, index) => [`:s${index}`, { S: `${source}#` }] as const);
    const named = values.map(([name]) => `begins_with(#stamp.#source, ${name})`).join(' OR ');
    const complete = `attribute_type(#stamp.#run, :text) AND attribute_type(#stamp.#digest, :text)`;
    return {
      FilterExpression: `NOT (${complete} AND (${named}))`,
      ExpressionAttributeNames: {
        '#stamp': this.mapping.storedName(table, STAMP_ATTRIBUTE),
        ...{ '#source': 'source', '#run': 'run', '#digest': 'digest' },
      },
      ExpressionAttributeValues: Object.fromEntries([...values, [':text', { S: 'S' }]]),
    };
  }

  /** Every name by placeholder: it may be a reserved word or hold any character. */
  private projection(table: string, attributes: readonly string[]): Partial<ScanCommandInput> {
    if (attributes.length === 0) return {};
    const names = [...new Set(attributes)].map((name) => this.mapping.storedName(table, name));
    return {
      ProjectionExpression: names.map((_, index) => `#n${index}`).join(','),
      ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#n${index}`, name])),
    };
  }

  private page(
    input: ScanCommandInput,
    most: number,
    from: StoredItem | undefined,
    signal: AbortSignal | undefined,
  ) {
    const start = from === undefined ? {} : { ExclusiveStartKey: toAttributes(from) };
    const table = input.TableName as string;
    const rows = this.rate?.pageRows(table, most) ?? most;
    const command = new ScanCommand({ ...input, ...start, Limit: rows });
    setTerms(command.input, { signal });
    return this.requests.send(
      { action: 'Scan', table },
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
    const size =
      this.rate?.keysPerRequest(this.mapping.physicalName(table), KEYS_PER_REQUEST) ?? KEYS_PER_REQUEST;
    for (let start = 0; start < keys.length; start += size) batches.push(keys.slice(start, start + size));
    const found = new Map<string, StoredItem>();
    await Promise.all(
      batches.map((batch) =>
        this.limiter.run(async (call) => {
          for (const item of await this.getBatch(table, batch, call))
            found.set(keyIdentity(item, names), item);
        }),
      ),
    );
    return found;
  }

  /** At most 100 keys. Asks again for what DynamoDB left unprocessed, with backoff: it does so when throttled. */
  private async getBatch(table: string, keys: readonly StoredItem[], call: Call): Promise<StoredItem[]> {
    const name = this.mapping.physicalName(table);
    const attempt = { action: 'BatchGetItem', table: name };
    const budget = this.requests.budget();
    const items: StoredItem[] = [];
    let pending = keys.map((key) => toAttributes(this.mapping.toStored(table, key)));
    while (pending.length > 0) {
      const { found, left } = await this.requests.send(attempt, () => this.request(name, pending, call), {
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

  private async request(name: string, keys: Record<string, AttributeValue>[], call: Call) {
    const command = new BatchGetItemCommand({
      RequestItems: { [name]: { Keys: keys, ConsistentRead: true } },
    });
    setTerms(command.input, { onHeld: call.exclude });
    const answer = await this.requests.client.send(command);
    return { found: answer.Responses?.[name] ?? [], left: answer.UnprocessedKeys?.[name]?.Keys ?? [] };
  }
}

function keyOf(row: StoredItem, names: readonly string[]): StoredItem {
  return Object.fromEntries(names.map((name) => [name, row[name] as StoredValue]));
}
