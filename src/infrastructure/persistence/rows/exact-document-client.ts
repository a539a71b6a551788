import type { DynamoDBClient, GetItemCommandInput, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';

import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { fromAttributes, toAttributes } from '../../dynamodb/attribute-values.js';
import { fromNative, isUnsafe, toNative } from './native-values.js';
import { watchUnsafeName } from './unsafe-name-watch.js';
import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand as LowLevelQueryCommand,
  ScanCommand as LowLevelScanCommand,
} from '../../dynamodb/sdk.js';

export type GetRequest = Pick<GetItemCommandInput, 'TableName' | 'ConsistentRead'> & {
  readonly key: StoredItem;
};

export type PageRequest = Pick<
  QueryCommandInput,
  | 'TableName'
  | 'IndexName'
  | 'ConsistentRead'
  | 'Limit'
  | 'KeyConditionExpression'
  | 'ExpressionAttributeNames'
> & { readonly values?: StoredItem; readonly from?: StoredItem | undefined };

export interface PutRequest {
  readonly TableName: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly item: StoredItem;
}

/** Where `next` is present, there may be more. An empty page is not the end. */
export interface RowPage {
  readonly items: readonly StoredItem[];
  readonly next?: StoredItem;
}

/**
 * The SDK's document client (`@aws-sdk/lib-dynamodb`), made exact. With `wrapNumbers` it rounds nothing and keeps sets,
 * bytes, NULLs and nesting. It has one hole: it builds maps by assignment, so an attribute named `__proto__` vanishes
 * without an error on its way in and out. Rows that have one are written by the low-level command; an answer that
 * has one is asked for again by the low-level command. The client must come from `createDynamoClient`, which mends
 * the same hole below.
 */
export class ExactDocumentClient {
  private readonly documents: DynamoDBDocumentClient;

  constructor(private readonly client: DynamoDBClient) {
    this.documents = DynamoDBDocumentClient.from(client, { unmarshallOptions: { wrapNumbers: true } });
  }

  async get({ key, ...request }: GetRequest): Promise<StoredItem | undefined> {
    const command = new GetCommand({ ...request, Key: toNative(key) });
    const maybeUnsafe = watchUnsafeName(command);
    const { Item: item } = await this.documents.send(command);
    if (item === undefined) return undefined;
    if (!maybeUnsafe()) return fromNative(item);
    const exact = await this.client.send(new GetItemCommand({ ...request, Key: toAttributes(key) }));
    return exact.Item === undefined ? undefined : fromAttributes(exact.Item);
  }

  async page(action: 'Query' | 'Scan', request: PageRequest): Promise<RowPage> {
    const { values, from, ...rest } = request;
    const input = {
      ...rest,
      ...(values === undefined ? {} : { ExpressionAttributeValues: toNative(values) }),
      ...(from === undefined ? {} : { ExclusiveStartKey: toNative(from) }),
    };
    const command = action === 'Query' ? new QueryCommand(input) : new ScanCommand(input);
    const maybeUnsafe = watchUnsafeName(command);
    const { Items: items = [], LastEvaluatedKey: last } = await this.send(command);
    if (maybeUnsafe()) return this.exactPage(action, request);
    return { items: items.map(fromNative), ...(last === undefined ? {} : { next: fromNative(last) }) };
  }

  /** Throws `ConditionalCheckFailedException` where the condition does not hold. */
  async put({ item, ...request }: PutRequest): Promise<void> {
    if (isUnsafe(item)) {
      await this.client.send(new PutItemCommand({ ...request, Item: toAttributes(item) }));
    } else {
      await this.documents.send(new PutCommand({ ...request, Item: toNative(item) }));
    }
  }

  private send(command: QueryCommand | ScanCommand) {
    return command instanceof QueryCommand ? this.documents.send(command) : this.documents.send(command);
  }

  private async exactPage(
    action: 'Query' | 'Scan',
    { values, from, ...rest }: PageRequest,
  ): Promise<RowPage> {
    const input = {
      ...rest,
      ...(values === undefined ? {} : { ExpressionAttributeValues: toAttributes(values) }),
      ...(from === undefined ? {} : { ExclusiveStartKey: toAttributes(from) }),
    };
    const answer =
      action === 'Query'
        ? await this.client.send(new LowLevelQueryCommand(input))
        : await this.client.send(new LowLevelScanCommand(input));
    const { Items: items = [], LastEvaluatedKey: last } = answer;
    return {
      items: items.map(fromAttributes),
      ...(last === undefined ? {} : { next: fromAttributes(last) }),
    };
  }
}
