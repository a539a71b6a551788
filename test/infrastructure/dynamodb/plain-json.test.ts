import {
  BatchExecuteStatementCommand,
  DynamoDBClient,
  ScanCommand,
  type BatchExecuteStatementCommandOutput,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { passPlainJson } from '../../../src/infrastructure/dynamodb/plain-json.js';

type Value = Record<string, unknown>;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('B', 'BS', '"B"', '__proto__', 'é\u2028€'),
);
const bytes = fc.uint8Array({ maxLength: 5 });
const name = fc.oneof(
  fc.constantFrom('id', 'B', 'BS', 'S', 'Items'),
  fc.string({ minLength: 1, maxLength: 4 }),
);

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ S: text }),
    fc.record({ N: fc.integer().map(String) }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NULL: fc.constant(true) }),
    fc.record({ SS: fc.array(text, { maxLength: 3 }) }),
    fc.record({ B: bytes }),
    fc.record({ BS: fc.array(bytes, { maxLength: 2 }) }),
    fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }) }),
  ),
}));
const items = fc.array(fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }), { maxLength: 4 });

/** Answers every request with a text and keeps what it was sent. */
class Echo {
  answer = '{}';
  sent = '';
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.sent = Buffer.concat(chunks).toString();
      response.end(this.answer);
    });
  });

  start(): Promise<void> {
    return new Promise((done) => void this.server.listen(0, '127.0.0.1', () => done()));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** JSON as DynamoDB writes it: bytes in base64. */
function wire(content: unknown): string {
  return JSON.stringify(content, (_, inner: unknown) =>
    inner instanceof Uint8Array ? Buffer.from(inner).toString('base64') : inner,
  );
}

/** A page without what is told of the request. */
async function read(client: DynamoDBClient): Promise<object> {
  const answer: Partial<ScanCommandOutput> = await client.send(new ScanCommand({ TableName: 'rows' }));
  delete answer.$metadata;
  return answer;
}

/** The answer to a batch of statements without what is told of the request. */
async function executed(client: DynamoDBClient): Promise<object> {
  const answer: Partial<BatchExecuteStatementCommandOutput> = await client.send(
    new BatchExecuteStatementCommand({ Statements: [{ Statement: 'INSERT' }] }),
  );
  delete answer.$metadata;
  return answer;
}

describe('rows that pass as the JSON that they are', () => {
  const echo = new Echo();
  let usual: DynamoDBClient;
  let plain: DynamoDBClient;

  beforeAll(async () => {
    await echo.start();
    const options = {
      region: 'us-east-1',
      endpoint: echo.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    };
    usual = new DynamoDBClient(options);
    plain = new DynamoDBClient(options);
    passPlainJson(plain);
  });
  afterAll(() => {
    usual.destroy();
    plain.destroy();
    echo.stop();
  });

  it('are read from answers as the SDK reads them', () =>
    fc.assert(
      fc.asyncProperty(items, fc.boolean(), async (rows, isLast) => {
        const key = isLast ? null : { id: { S: 'x' } };
        echo.answer = wire({ Items: rows, Count: rows.length, LastEvaluatedKey: key });
        const [expected, found] = [await read(usual), await read(plain)];
        expect(found).toEqual(expected);
        expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
      }),
      { numRuns: 150 },
    ));

  it('are read from answers to statements as the SDK reads them', () => {
    const failed = fc.record({
      Code: fc.constantFrom('DuplicateItem', 'null', null),
      Message: fc.option(text),
    });
    const capacity = fc.record({
      TableName: fc.constant('rows'),
      CapacityUnits: fc.option(fc.integer({ min: 1, max: 9 })),
      Table: fc.option(fc.record({ WriteCapacityUnits: fc.option(fc.nat(9)) })),
      GlobalSecondaryIndexes: fc.option(
        fc.dictionary(name, fc.record({ CapacityUnits: fc.nat(9) }), { maxKeys: 2, noNullPrototype: true }),
      ),
    });
    const response = fc.record(
      {
        TableName: fc.option(text),
        Error: fc.option(failed),
        Item: fc.option(items.map(([row = {}]) => row)),
      },
      { requiredKeys: [] },
    );
    return fc.assert(
      fc.asyncProperty(
        fc.array(response, { maxLength: 4 }),
        fc.option(fc.array(capacity, { maxLength: 2 })),
        async (Responses, ConsumedCapacity) => {
          echo.answer = wire({ Responses, ConsumedCapacity });
          const [expected, found] = [await executed(usual), await executed(plain)];
          expect(found).toStrictEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('are sent as the SDK sends them', () =>
    fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 6 }), async (values) => {
        echo.answer = '{"Responses":[]}';
        const sent: unknown[] = [];
        for (const client of [usual, plain]) {
          const Parameters = values as never;
          await client.send(
            new BatchExecuteStatementCommand({ Statements: [{ Statement: 'INSERT', Parameters }] }),
          );
          sent.push(JSON.parse(echo.sent));
        }
        expect(sent[1]).toEqual(sent[0]);
      }),
      { numRuns: 150 },
    ));

  it('keep an attribute called __proto__, which the SDK blanks', async () => {
    echo.answer = '{"Items":[{"id":{"S":"a"},"__proto__":{"N":"1"}}],"Count":1}';
    const { Items = [] } = await plain.send(new ScanCommand({ TableName: 'rows' }));
    expect(Object.entries(Items[0] ?? {})).toEqual([
      ['id', { S: 'a' }],
      ['__proto__', { N: '1' }],
    ]);
  });
});
