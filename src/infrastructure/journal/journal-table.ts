import type {
  AttributeValue,
  DynamoDBClient,
  PutItemCommandInput,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import type { RetryPolicy } from '../dynamodb/retry-budget.js';
import { requireFormat } from './journal-format.js';
import type { JournalKey } from './journal-layout.js';
import { sendUntilTaken } from './send-until-taken.js';
import { batchesOf } from './write-batches.js';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '../dynamodb/sdk.js';

export type JournalItem = Record<string, AttributeValue>;

/** How items get into the journal's table: as they come ({@link JournalTable}), or fenced (`FencedWrites`). */
export interface JournalWrites {
  /** how many entries are written together, and how many such rounds at once */
  readonly rounds: { readonly entries: number; readonly atOnce: number };
  /** Replaces the items with these keys: in this order, or all at once. */
  put(...items: readonly JournalItem[]): Promise<void>;
  /** Puts and deletes, of different keys, in no order. Resolves when the store has taken all of them. */
  writeAll(requests: readonly WriteRequest[]): Promise<void>;
}

interface ItemQuery {
  readonly pk: string;
  readonly prefix?: string;
  readonly newestFirst?: boolean;
  readonly attributes?: readonly string[];
  /** items of a page */
  readonly pageSize?: number;
}

const KEYS_PER_GET = 100;

/**
 * The journal's table, item by item: strongly consistent reads, every one checked for its format. Throws StoreError
 * where the store does not answer, RefusedError `JOURNAL_FORMAT` for an item of another format.
 */
export class JournalTable implements JournalWrites {
  readonly rounds = { entries: 25, atOnce: 4 };
  readonly #requests: DynamoRequests;
  readonly #name: string;

  constructor(client: DynamoDBClient, physicalName: string, retries?: RetryPolicy) {
    this.#requests = new DynamoRequests(client, retries);
    this.#name = physicalName;
  }

  async get(key: JournalKey, attributes?: readonly string[]): Promise<JournalItem | undefined> {
    const command = new GetItemCommand({
      TableName: this.#name,
      Key: keyItem(key),
      ConsistentRead: true,
      ...projection(attributes),
    });
    const { Item } = await this.#answer('GetItem', () => this.#requests.client.send(command));
    return Item === undefined ? undefined : this.#checked(Item);
  }

  async put(...items: readonly JournalItem[]): Promise<void> {
    for (const item of items) {
      const command = new PutItemCommand({ TableName: this.#name, Item: item });
      await this.#answer('PutItem', () => this.#requests.client.send(command));
    }
  }

  /** Writes the item unless one with its key is there. */
  async putIfAbsent(item: JournalItem): Promise<void> {
    await this.#putIf(item, { ConditionExpression: 'attribute_not_exists(pk)' });
  }

  /** Replaces the item with this key if it is of that format. */
  async putOverFormat(format: number, item: JournalItem): Promise<void> {
    await this.#putIf(item, {
      ConditionExpression: '#format = :format',
      ExpressionAttributeNames: { '#format': 'format' },
      ExpressionAttributeValues: { ':format': { N: String(format) } },
    });
  }

  /** The items of a partition in order of their sort keys, page by page. */
  async *query(query: ItemQuery): AsyncIterable<JournalItem> {
    let start: JournalItem | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#name,
        ConsistentRead: true,
        ...keyCondition(query),
        ...projection(query.attributes, { '#pk': 'pk', ...(query.prefix !== undefined && { '#sk': 'sk' }) }),
        ...(query.newestFirst === true && { ScanIndexForward: false }),
        ...(query.pageSize !== undefined && { Limit: query.pageSize }),
        ...(start !== undefined && { ExclusiveStartKey: start }),
      });
      const page = await this.#answer('Query', () => this.#requests.client.send(command));
      for (const item of page.Items ?? []) yield this.#checked(item);
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  /** The items that there are, in no order. */
  async getAll(keys: readonly JournalKey[], attributes?: readonly string[]): Promise<JournalItem[]> {
    const found: JournalItem[] = [];
    for (let start = 0; start < keys.length; start += KEYS_PER_GET) {
      const wanted = keys.slice(start, start + KEYS_PER_GET).map(keyItem);
      const send = async (rest: readonly JournalItem[]): Promise<readonly JournalItem[]> => {
        const request = { Keys: [...rest], ConsistentRead: true, ...projection(attributes) };
        const answer = await this.#requests.client.send(
          new BatchGetItemCommand({ RequestItems: { [this.#name]: request } }),
        );
        found.push(...(answer.Responses?.[this.#name] ?? []).map((item) => this.#checked(item)));
        return answer.UnprocessedKeys?.[this.#name]?.Keys ?? [];
      };
      await sendUntilTaken(this.#requests, { action: 'BatchGetItem', table: this.#name }, wanted, send);
    }
    return found;
  }

  /** Puts and deletes, of different keys; repeated until the store took all of them. */
  async writeAll(requests: readonly WriteRequest[]): Promise<void> {
    const send = async (rest: readonly WriteRequest[]): Promise<readonly WriteRequest[]> => {
      const command = new BatchWriteItemCommand({ RequestItems: { [this.#name]: [...rest] } });
      const answer = await this.#requests.client.send(command);
      return answer.UnprocessedItems?.[this.#name] ?? [];
    };
    for (const batch of batchesOf(requests)) {
      await sendUntilTaken(this.#requests, { action: 'BatchWriteItem', table: this.#name }, batch, send);
    }
  }

  /** Where the condition does not hold, the item that is there stays. */
  async #putIf(item: JournalItem, condition: Partial<PutItemCommandInput>): Promise<void> {
    const command = new PutItemCommand({ TableName: this.#name, Item: item, ...condition });
    await this.#answer('PutItem', async () => {
      try {
        await this.#requests.client.send(command);
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
      }
    });
  }

  #answer<T>(action: string, request: () => Promise<T>): Promise<T> {
    return this.#requests.send({ action, table: this.#name }, request);
  }

  #checked(item: JournalItem): JournalItem {
    const format = item['format']?.N;
    requireFormat(format === undefined ? undefined : Number(format), `an item of table ${this.#name}`);
    return item;
  }
}

export function keyItem(key: JournalKey): JournalItem {
  return { pk: { S: key.pk }, sk: { S: key.sk } };
}

function keyCondition(query: ItemQuery): {
  KeyConditionExpression: string;
  ExpressionAttributeValues: JournalItem;
} {
  if (query.prefix === undefined) {
    return { KeyConditionExpression: '#pk = :pk', ExpressionAttributeValues: { ':pk': { S: query.pk } } };
  }
  return {
    KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
    ExpressionAttributeValues: { ':pk': { S: query.pk }, ':prefix': { S: query.prefix } },
  };
}

/** The format is always among the attributes read; all names are aliased, for several are reserved words. */
function projection(
  attributes: readonly string[] | undefined,
  keyNames: Readonly<Record<string, string>> = {},
): { ProjectionExpression?: string; ExpressionAttributeNames?: Record<string, string> } {
  const aliases = ['format', ...(attributes ?? [])].map((name): [string, string] => [`#a_${name}`, name]);
  const names = { ...(attributes !== undefined && Object.fromEntries(aliases)), ...keyNames };
  return {
    ...(attributes !== undefined && { ProjectionExpression: aliases.map(([alias]) => alias).join(', ') }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
  };
}
