import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { AccessReader, IndexLag } from '../../migrations/contract/access-pattern.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import { fromAttributes, toAttributes } from './attribute-values.js';
import { DynamoRequests } from './dynamo-requests.js';
import { ExpressionParts } from './expression-parts.js';
import { isStorableKey } from './item-guard.js';
import type { RetryPolicy } from './retry-budget.js';
import { QueryCommand } from './sdk.js';
import type { TableMapping } from './table-mapping.js';

interface DynamoAccessOptions {
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  /** of the same tables */
  readonly reader: Pick<RecordReader, 'get'>;
  readonly retries?: RetryPolicy;
}

/** Global indexes follow within a second, as a rule, and later under load (developer guide, "Global secondary indexes"). */
const LAG: IndexLag = { total: 30_000, base: 100, cap: 5_000 };

/** Rows of an answer: few questions are asked, and most answers are short. */
const PAGE_ROWS = 500;

/** Asks tables and their indexes in DynamoDB. Every name is aliased: `role` and `status` are reserved words (P-X24). */
export class DynamoAccess implements AccessReader {
  readonly lag = LAG;
  private readonly requests: DynamoRequests;

  constructor(private readonly options: DynamoAccessOptions) {
    this.requests = new DynamoRequests(options.client, options.retries);
  }

  get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    return this.options.reader.get(table, keys);
  }

  async *query(table: string, key: StoredItem, index?: string): AsyncGenerator<StoredItem> {
    if (!isStorableKey(key)) return;
    const { mapping } = this.options;
    const input = this.input(table, key, index);
    const attempt = { action: 'Query', table: mapping.physicalName(table) };
    let from: QueryCommandInput['ExclusiveStartKey'];
    do {
      const command = new QueryCommand({
        ...input,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      const page = await this.requests.send(attempt, () => this.requests.client.send(command));
      for (const item of page.Items ?? []) yield mapping.toDocument(table, fromAttributes(item));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }

  private input(table: string, key: StoredItem, index: string | undefined): QueryCommandInput {
    const { mapping } = this.options;
    const parts = new ExpressionParts();
    const stored = Object.entries(fromAttributes(toAttributes(mapping.toStored(table, key))));
    const condition = stored.map(([name, value]) => `${parts.name(name)} = ${parts.value(value)}`);
    return {
      TableName: mapping.physicalName(table),
      // an index that is global answers with what it has; asking it for more is an error
      ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
      KeyConditionExpression: condition.join(' AND '),
      ExpressionAttributeNames: parts.names(),
      ExpressionAttributeValues: parts.values(),
      Limit: PAGE_ROWS,
    };
  }
}
