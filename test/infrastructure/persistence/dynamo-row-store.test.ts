import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { guardedTables, installWriteGuard } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { dynamoRowStores } from '../../../src/infrastructure/persistence/rows/dynamo-row-store.js';
import type { RowStore } from '../../../src/infrastructure/persistence/rows/row-store.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';

const CARGO: TableDefinition = {
  name: 'cargo',
  role: 'target',
  partitionKey: 'id',
  indexes: [{ name: 'portId-index', partitionKey: 'portId', sortKey: 'id' }],
};

interface Sent {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

type Answer = object | { readonly fails: string; readonly status: number };

interface Options {
  readonly role?: TableDefinition['role'];
  readonly client?: (endpoint: string) => DynamoDBClient;
}

const LOCAL = { accessKeyId: 'local', secretAccessKey: 'local' };

function openClient(endpoint: string): DynamoDBClient {
  return createDynamoClient({ endpoint, maxSockets: 2, requestTimeout: 5_000, maxAttempts: 1 });
}

/** Plays a DynamoDB that gives these answers, one after the other, and keeps what it was asked. */
async function withAnswers(
  answers: readonly Answer[],
  work: (rows: RowStore, sent: readonly Sent[]) => Promise<void>,
  { role = 'target', client: open = openClient }: Options = {},
): Promise<void> {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers[sent.length] ?? { fails: 'UnexpectedRequest', status: 400 };
      const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
      sent.push({ operation, body: JSON.parse(Buffer.concat(chunks).toString()) as Sent['body'] });
      const status = 'status' in answer ? answer.status : 200;
      const body =
        'fails' in answer ? { __type: `com.amazonaws#${answer.fails}`, message: 'secret' } : answer;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = open(endpoint);
  const attributes = { cargo: { id: 'select', portId: 'order' } };
  const mapping = new TableMapping({ suffix: '-test', tables: {}, attributes }, [CARGO]);
  const tables = guardedTables([{ ...CARGO, role }], mapping);
  installWriteGuard(client, { tables, readOnly: false, tableAdmin: false });
  try {
    const stores = dynamoRowStores([CARGO], { client, mapping, retries: instantRetries() });
    await work(stores('cargo'), sent);
  } finally {
    client.destroy();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

async function idsOf(rows: AsyncIterable<StoredItem>): Promise<unknown[]> {
  const ids: unknown[] = [];
  for await (const row of rows) ids.push(row['id']);
  return ids;
}

const THROTTLED = { fails: 'ProvisionedThroughputExceededException', status: 400 };

describe('the rows of a DynamoDB table', () => {
  test('are read by key and by scan strongly consistently', async () => {
    await withAnswers([{ Item: { select: { S: 'a' } } }, { Items: [] }], async (rows, sent) => {
      await expect(rows.get('a')).resolves.toEqual({ id: { S: 'a' } });
      await expect(idsOf(rows.scan())).resolves.toEqual([]);
      expect(sent).toEqual([
        {
          operation: 'GetItem',
          body: { TableName: 'cargo-test', ConsistentRead: true, Key: { select: { S: 'a' } } },
        },
        { operation: 'Scan', body: { TableName: 'cargo-test', ConsistentRead: true, Limit: 1000 } },
      ]);
    });
  });

  test('are queried by index with every name by placeholder, and never with a demand that an index refuses', async () => {
    await withAnswers([{ Items: [] }], async (rows, sent) => {
      await expect(idsOf(rows.query('portId-index', 'p'))).resolves.toEqual([]);
      expect(sent).toEqual([
        {
          operation: 'Query',
          body: {
            TableName: 'cargo-test',
            IndexName: 'portId-index',
            Limit: 1000,
            KeyConditionExpression: '#key = :key',
            ExpressionAttributeNames: { '#key': 'order' },
            ExpressionAttributeValues: { ':key': { S: 'p' } },
          },
        },
      ]);
    });
  });

  test.each(['query', 'scan'] as const)(
    'go on after empty pages: a %s ends where no key follows',
    async (way) => {
      const [first, second] = [{ select: { S: 'a' } }, { select: { S: 'b' } }];
      const pages = [
        { Items: [], LastEvaluatedKey: first },
        { Items: [{ select: { S: 'c' } }], LastEvaluatedKey: second },
        { Items: [] },
      ];
      await withAnswers(pages, async (rows, sent) => {
        const found = way === 'scan' ? rows.scan() : rows.query('portId-index', 'p');
        await expect(idsOf(found)).resolves.toEqual([{ S: 'c' }]);
        expect(sent.map(({ body }) => body['ExclusiveStartKey'])).toEqual([undefined, first, second]);
      });
    },
  );

  test('invariant 5: are asked for again, the exact way, where an attribute is named __proto__', async () => {
    const item = { select: { S: 'a' }, odd: { M: Object.fromEntries([['__proto__', { N: '1' }]]) } };
    const last = { select: { S: 'a' } };
    const page = { Items: [item], LastEvaluatedKey: last };
    await withAnswers([{ Item: item }, { Item: item }, page, page, { Items: [] }], async (rows, sent) => {
      const found = (await rows.get('a'))!;
      expect(Object.entries((found['odd'] as { M: StoredItem }).M)).toEqual([['__proto__', { N: '1' }]]);
      await expect(idsOf(rows.query('portId-index', 'p'))).resolves.toEqual([{ S: 'a' }]);
      expect(sent.map(({ operation }) => operation)).toEqual([
        'GetItem',
        'GetItem',
        'Query',
        'Query',
        'Query',
      ]);
      expect(sent[1]).toEqual(sent[0]);
      expect(sent[3]).toEqual(sent[2]);
      expect(sent[4]!.body['ExclusiveStartKey']).toEqual(last);
    });
  });

  test('invariant 4: are inserted on the condition that there is none, which is all that a guarded look-up table permits', async () => {
    await withAnswers([{}], async (rows, sent) => {
      await expect(rows.insertIfAbsent({ id: { S: 'a' }, n: { N: '1.50' } })).resolves.toBe('inserted');
      expect(sent).toEqual([
        {
          operation: 'PutItem',
          body: {
            TableName: 'cargo-test',
            Item: { select: { S: 'a' }, n: { N: '1.50' } },
            ConditionExpression: 'attribute_not_exists(#key)',
            ExpressionAttributeNames: { '#key': 'select' },
          },
        },
      ]);
    });
  });

  test('invariant 3: are not inserted past the write guard, in whichever way the row has to go', async () => {
    await withAnswers(
      [],
      async (rows, sent) => {
        const proto = Object.fromEntries([['__proto__', { S: 'x' }]]);
        for (const unknown of [{}, proto]) {
          const item = { id: { S: 'a' }, ...unknown };
          await expect(rows.insertIfAbsent(item)).rejects.toMatchObject({ code: 'WRITE_FORBIDDEN' });
        }
        expect(sent).toEqual([]);
      },
      { role: 'source' },
    );
  });

  test('are there already where the condition fails', async () => {
    await withAnswers([{ fails: 'ConditionalCheckFailedException', status: 400 }], async (rows) => {
      await expect(rows.insertIfAbsent({ id: { S: 'a' } })).resolves.toBe('exists');
    });
  });

  test('are tried for again where the store is busy', async () => {
    const answers = [THROTTLED, { Item: { select: { S: 'a' } } }, THROTTLED, { Items: [] }, THROTTLED, {}];
    await withAnswers(answers, async (rows, sent) => {
      await expect(rows.get('a')).resolves.toEqual({ id: { S: 'a' } });
      await expect(idsOf(rows.scan())).resolves.toEqual([]);
      await expect(rows.insertIfAbsent({ id: { S: 'a' } })).resolves.toBe('inserted');
      expect(sent).toHaveLength(6);
    });
  });

  test('are an error of ours where the store fails, without the text of the store', async () => {
    const answers = [
      { fails: 'ResourceNotFoundException', status: 400 },
      { fails: 'AccessDeniedException', status: 400 },
      { fails: 'ValidationException', status: 400 },
    ];
    await withAnswers(answers, async (rows) => {
      const failures = [
        await rows.get('a').catch((error: unknown) => error as Error),
        await idsOf(rows.query('portId-index', 'p')).catch((error: unknown) => error as Error),
        await rows.insertIfAbsent({ id: { S: 'a' } }).catch((error: unknown) => error as Error),
      ];
      expect(failures).toMatchObject([
        { code: 'TABLE_MISSING' },
        { code: 'STORE_DENIED' },
        { code: 'STORE_FAILED' },
      ]);
      for (const failure of failures) expect((failure as Error).message).not.toContain('secret');
    });
  });

  test('are not asked for by a key that no row can have, which DynamoDB would refuse', async () => {
    await withAnswers([], async (rows, sent) => {
      for (const key of ['', 'x'.repeat(2049)]) {
        await expect(rows.get(key)).resolves.toBeUndefined();
        await expect(idsOf(rows.query('portId-index', key))).resolves.toEqual([]);
      }
      expect(sent).toEqual([]);
    });
  });

  test('invariant 5: are not read by a client that would lose an attribute without a word', async () => {
    const answers = [{ Item: { select: { S: 'a' } } }];
    await withAnswers(
      answers,
      async (rows) => {
        const error = await rows.get('a').catch((thrown: unknown) => thrown as Error);
        expect((error as Error).cause).toMatchObject({
          message: 'the client is not one of createDynamoClient',
        });
      },
      { client: (endpoint) => new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: LOCAL }) },
    );
  });

  test('are of a table and an index that the definitions know', async () => {
    await withAnswers([], async (rows, sent) => {
      await expect(idsOf(rows.query('size-index', 'p'))).rejects.toThrow(
        'table cargo-test has no index size-index',
      );
      expect(sent).toEqual([]);
    });
    const none = () => dynamoRowStores([CARGO], undefined as never)('stops');
    expect(none).toThrow('no definition of table stops');
  });
});
