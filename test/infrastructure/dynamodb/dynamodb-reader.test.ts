import {
  BatchGetItemCommand,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import type { Page } from '../../../src/migrations/contract/record-reader.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';

const NAME = 'kpis-dev';
const keys = (...ids: string[]): { id: { S: string } }[] => ids.map((id) => ({ id: { S: id } }));

describe('the DynamoDB reader under faults', () => {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  const mapping = new TableMapping({
    suffix: '-dev',
    tables: {},
    attributes: { kpis: { name: 'title' } },
  });
  type ReaderOptions = Partial<ConstructorParameters<typeof DynamoReader>[0]>;
  const readerWith = (retries = instantRetries(), options: ReaderOptions = {}): DynamoReader =>
    new DynamoReader({ client, mapping, tables: [], retries, ...options });
  const asked = (): string[][] =>
    mock
      .commandCalls(BatchGetItemCommand)
      .map(({ args }) => (args[0].input.RequestItems?.[NAME]?.Keys ?? []).map((key) => key['id']?.S ?? ''));
  const pagesOf = async (reader: DynamoReader): Promise<Page[]> => {
    const pages: Page[] = [];
    for await (const page of reader.scan('kpis')) pages.push(page);
    return pages;
  };

  beforeEach(() => mock.reset());
  afterAll(() => client.destroy());

  it('asks again for keys that were left unprocessed, with backoff, and keeps the order', async () => {
    mock
      .on(BatchGetItemCommand)
      .resolvesOnce({
        Responses: { [NAME]: [{ id: { S: 'b' }, title: { S: 'B' } }] },
        UnprocessedKeys: { [NAME]: { Keys: keys('a', 'c') } },
      })
      .resolvesOnce({ UnprocessedKeys: { [NAME]: { Keys: keys('a', 'c') } } })
      .resolvesOnce({ Responses: { [NAME]: [{ id: { S: 'c' } }, { id: { S: 'a' } }] } });
    const retries = instantRetries();
    expect(await readerWith(retries).get('kpis', keys('a', 'b', 'c'))).toEqual([
      { id: { S: 'a' } },
      { id: { S: 'b' }, name: { S: 'B' } },
      { id: { S: 'c' } },
    ]);
    expect(asked()).toEqual([
      ['a', 'b', 'c'],
      ['a', 'c'],
      ['a', 'c'],
    ]);
    expect(retries.pauses).toEqual([5, 10]);
  });

  it('never takes keys that stay unprocessed as absent', async () => {
    mock.on(BatchGetItemCommand).resolves({ UnprocessedKeys: { [NAME]: { Keys: keys('a') } } });
    await expect(readerWith(instantRetries(100)).get('kpis', keys('a'))).rejects.toMatchObject({
      code: 'STORE_THROTTLED',
      message: expect.stringContaining('BatchGetItem on table kpis-dev'),
    });
    expect(asked().length).toBeGreaterThan(3);
  });

  it('asks for a hundred keys at a time, each once, strongly consistently', async () => {
    mock.on(BatchGetItemCommand).resolves({});
    const ids = Array.from({ length: 250 }, (_, index) => `k${index % 240}`);
    expect(await readerWith().get('kpis', keys(...ids))).toEqual(ids.map(() => undefined));
    expect(asked().map((batch) => batch.length)).toEqual([100, 100, 40]);
    expect(new Set(asked().flat()).size).toBe(240);
    expect(
      mock.commandCalls(BatchGetItemCommand)[0]?.args[0].input.RequestItems?.[NAME]?.ConsistentRead,
    ).toBe(true);
  });

  it('P-X14, P-X15, P-X19: goes on behind an empty page and scans strongly consistently', async () => {
    mock
      .on(ScanCommand)
      .resolvesOnce({ Items: [], LastEvaluatedKey: { id: { S: 'x' } } })
      .resolvesOnce({ LastEvaluatedKey: { id: { S: 'y' } } })
      .resolvesOnce({ Items: [{ id: { S: 'z' } }] });
    expect(await pagesOf(readerWith())).toEqual([
      { items: [], next: { id: { S: 'x' } } },
      { items: [], next: { id: { S: 'y' } } },
      { items: [{ id: { S: 'z' } }] },
    ]);
    const inputs = mock.commandCalls(ScanCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ ExclusiveStartKey }) => ExclusiveStartKey?.['id']?.S)).toEqual([
      undefined,
      'x',
      'y',
    ]);
    // absent, and not null or undefined: some clients send that
    expect(inputs.map((input) => Object.hasOwn(input, 'ExclusiveStartKey'))).toEqual([false, true, true]);
    expect(inputs.every(({ ConsistentRead }) => ConsistentRead === true)).toBe(true);
  });

  it('E-X15: repeats a page that was throttled', async () => {
    mock
      .on(ScanCommand)
      .rejectsOnce(new ProvisionedThroughputExceededException({ $metadata: {}, message: 'x' }))
      .resolvesOnce({ Items: [{ id: { S: 'z' } }] });
    expect(await pagesOf(readerWith())).toEqual([{ items: [{ id: { S: 'z' } }] }]);
    expect(mock.commandCalls(ScanCommand)).toHaveLength(2);
  });

  it('projects stored names by placeholder', async () => {
    mock.on(ScanCommand).resolves({ Items: [] });
    for await (const page of readerWith().scan('kpis', {
      attributes: ['id', 'name', 'id'],
      segment: { index: 2, total: 5 },
    })) {
      expect(page).toEqual({ items: [] });
    }
    expect(mock.commandCalls(ScanCommand)[0]?.args[0].input).toMatchObject({
      TableName: 'kpis-dev',
      Segment: 2,
      TotalSegments: 5,
      ProjectionExpression: '#n0,#n1',
      ExpressionAttributeNames: { '#n0': 'id', '#n1': 'title' },
    });
  });

  const threePages = (item: Record<string, { S: string }>): void => {
    mock
      .on(ScanCommand)
      .resolvesOnce({ Items: [item], LastEvaluatedKey: { id: { S: 'x' } } })
      .resolvesOnce({ Items: [item], LastEvaluatedKey: { id: { S: 'y' } } })
      .resolves({ Items: [item] });
  };
  const limits = (): unknown[] => mock.commandCalls(ScanCommand).map(({ args }) => args[0].input.Limit);

  it('asks for pages of so many rows as a page has room for, from the second one on', async () => {
    threePages({ id: { S: 'x'.repeat(4_000) } });
    const reader = readerWith();
    await pagesOf(reader);
    await pagesOf(reader);
    expect(limits()).toEqual([500, 381, 381, 381]);
  });

  it('asks for no more rows than it may', async () => {
    threePages({ id: { S: 'x' } });
    await pagesOf(readerWith(instantRetries(), { pageSize: 30 }));
    expect(limits()).toEqual([30, 30, 30]);
  });

  it.each([
    ['while a page is worked on, it reads the next one', {}, [2, 3, 3]],
    ['of a scan among many it reads a page when the one before is done with', { amongMany: true }, [1, 2, 3]],
  ])('%s', async (_what, options, requests) => {
    threePages({ id: { S: 'x' } });
    const seen: number[] = [];
    for await (const { items } of readerWith().scan('kpis', options)) {
      await new Promise(setImmediate);
      seen.push(mock.commandCalls(ScanCommand).length);
      expect(items).toHaveLength(1);
    }
    expect(seen).toEqual(requests);
  });

  it('asks for no more than the pace allows', async () => {
    mock.on(ScanCommand).resolves({ Items: [] });
    const asked: number[] = [];
    const pageRows = (_table: string, most: number): number => asked.push(most) && 7;
    const rate = { pageRows, keysPerRequest: () => 100 };
    const reader = readerWith(instantRetries(), { rate });
    for await (const page of reader.scan('kpis', { attributes: ['id'] })) expect(page).toEqual({ items: [] });
    expect(asked).toEqual([2_000]);
    expect(mock.commandCalls(ScanCommand)[0]?.args[0].input.Limit).toBe(7);
  });
});
