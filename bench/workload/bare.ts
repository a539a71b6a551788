import {
  BatchExecuteStatementCommand,
  BatchWriteItemCommand,
  ScanCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Row } from '../meter/write-units.js';

const ROWS_PER_REQUEST = 25;

/** How rows are written without any safety: `batch` unconditionally, `insert` only where there is no such row. */
export type Way = 'batch' | 'insert';

/** All rows of a table by a parallel scan, page by page as they come. */
export async function scanPages(
  client: DynamoDBClient,
  table: string,
  segments: number,
  take: (rows: Row[]) => void | Promise<void>,
): Promise<void> {
  const segment = async (number: number): Promise<void> => {
    let from: Row | undefined;
    do {
      const page = await client.send(
        new ScanCommand({
          TableName: table,
          ConsistentRead: true,
          ...(segments === 1 ? {} : { Segment: number, TotalSegments: segments }),
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      await take(page.Items ?? []);
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  };
  await Promise.all(Array.from({ length: segments }, (_, number) => segment(number)));
}

/** Writes rows in full batches, this many requests in flight. Throws Error where a row was not taken. */
export async function writeRows(
  client: DynamoDBClient,
  table: string,
  rows: readonly Row[],
  { way, concurrency }: { readonly way: Way; readonly concurrency: number },
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < rows.length) {
      const batch = rows.slice(next, (next += ROWS_PER_REQUEST));
      await writeBatch[way](client, table, batch);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

async function putBatch(client: DynamoDBClient, table: string, rows: readonly Row[]): Promise<void> {
  const { UnprocessedItems } = await client.send(
    new BatchWriteItemCommand({
      RequestItems: { [table]: rows.map((Item) => ({ PutRequest: { Item } })) },
    }),
  );
  if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('the server did not take all rows');
}

async function insertBatch(client: DynamoDBClient, table: string, rows: readonly Row[]): Promise<void> {
  const { Responses = [] } = await client.send(
    new BatchExecuteStatementCommand({
      Statements: rows.map((row) => {
        const names = Object.keys(row);
        const values = names.map((name) => `'${name}': ?`).join(', ');
        return { Statement: `INSERT INTO "${table}" VALUE {${values}}`, Parameters: Object.values(row) };
      }),
    }),
  );
  const failed = Responses.find(({ Error: error }) => error !== undefined);
  if (failed !== undefined) throw new Error(`an insert failed: ${String(failed.Error?.Code)}`);
}

/** Writes one full batch at most. Throws Error where a row was not taken. */
export const writeBatch: Readonly<Record<Way, typeof putBatch>> = { batch: putBatch, insert: insertBatch };
