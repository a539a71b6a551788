import type { CancellationReason, TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBClient,
  InternalServerError,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoRequests } from '../../../src/infrastructure/dynamodb/dynamo-requests.js';
import { FencedWrites } from '../../../src/infrastructure/journal/fenced-writes.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';
import { fenceOf } from '../../support/journal-samples.js';

const META = { $metadata: { httpStatusCode: 400 }, message: 'x' };

function cancelled(...codes: string[]): TransactionCanceledException {
  const CancellationReasons: CancellationReason[] = codes.map((Code) => ({ Code }));
  return new TransactionCanceledException({ ...META, CancellationReasons });
}

const item = (name: string) => ({ pk: { S: 'p' }, sk: { S: name } });

describe('fenced writes under faults', () => {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  let checks: number;
  const writes = (retries = instantRetries()): FencedWrites =>
    new FencedWrites(new DynamoRequests(client, retries), 'journal', {
      ...fenceOf(7),
      assertHeld: () => void (checks += 1),
    });
  const sent = (): TransactWriteItemsCommandInput[] =>
    mock.commandCalls(TransactWriteItemsCommand).map(({ args }) => args[0].input);
  const failing = (...errors: Error[]): void => {
    const behaviour = mock.on(TransactWriteItemsCommand);
    for (const error of errors) behaviour.rejectsOnce(error);
    behaviour.resolves({});
  };

  beforeEach(() => {
    mock.reset();
    checks = 0;
  });
  afterAll(() => client.destroy());

  it('checks the token of the lease in the same transaction, first of all', async () => {
    failing();
    await writes().put(item('a'), item('b'));
    await writes().writeAll([{ DeleteRequest: { Key: item('c') } }, { PutRequest: { Item: item('d') } }]);
    const check = {
      ConditionCheck: {
        TableName: 'journal',
        Key: { pk: { S: 'PLAN#kpi' }, sk: { S: 'LEASE' } },
        ConditionExpression: '#token = :token',
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':token': { N: '7' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    };
    expect(sent().map(({ TransactItems }) => TransactItems)).toEqual([
      [
        check,
        { Put: { TableName: 'journal', Item: item('a') } },
        { Put: { TableName: 'journal', Item: item('b') } },
      ],
      [
        check,
        { Delete: { TableName: 'journal', Key: item('c') } },
        { Put: { TableName: 'journal', Item: item('d') } },
      ],
    ]);
  });

  it('sends nothing where there is nothing to write', async () => {
    await writes().writeAll([]);
    expect(sent()).toEqual([]);
  });

  it.each([
    ['a conflict on the lease', cancelled('TransactionConflict', 'None')],
    ['a conflict on the item', cancelled('None', 'TransactionConflict')],
    ['throttling', cancelled('None', 'ThrottlingError')],
    ['capacity', cancelled('ProvisionedThroughputExceeded', 'None')],
    ['conflict and throttling', cancelled('TransactionConflict', 'ThrottlingError')],
    ['an answer that got lost', new InternalServerError({ ...META, $metadata: { httpStatusCode: 500 } })],
    ['a throttled request', new ProvisionedThroughputExceededException(META)],
  ])('repeats the same request after %s, and looks at the lease before each', async (_, error) => {
    failing(error, error, error);
    await writes().put(item('a'));
    const tokens = sent().map(({ ClientRequestToken: token }) => token);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).toMatch(/^[-0-9a-f]{36}$/);
    expect(checks).toBe(4);
  });

  it('gives every transaction a token of its own', async () => {
    failing();
    const own = writes();
    await own.put(item('a'));
    await own.put(item('a'));
    const [first, second] = sent();
    expect(first?.ClientRequestToken).not.toBe(second?.ClientRequestToken);
  });

  it.each([
    ['alone', cancelled('ConditionalCheckFailed', 'None')],
    ['beside a conflict', cancelled('ConditionalCheckFailed', 'TransactionConflict')],
    ['beside throttling', cancelled('ConditionalCheckFailed', 'ThrottlingError')],
  ])('says LEASE_LOST, and tries no more, when the check fails %s', async (_, error) => {
    failing(error);
    await expect(writes().put(item('a'))).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'LEASE_LOST',
      exit: 3,
      cause: error,
    });
    expect(sent()).toHaveLength(1);
  });

  it.each([
    ['another runner took it over', { token: { N: '8' } }],
    ['somebody changed it in the journal', { token: { N: '3' } }],
    ['somebody changed it in the journal', { holder: { M: {} } }],
    ['somebody removed it from the journal', undefined],
  ])('invariant 7: says of a lost lease what is known: %s', async (why, Item) => {
    const reasons = [{ Code: 'ConditionalCheckFailed', ...(Item && { Item }) }, { Code: 'None' }];
    failing(new TransactionCanceledException({ ...META, CancellationReasons: reasons }));
    await expect(writes().put(item('a'))).rejects.toMatchObject({
      message: `The lease of plan kpi is lost: ${why}. Nothing more is written.`,
    });
  });

  it('finds the lease lost after a conflict', async () => {
    failing(cancelled('TransactionConflict', 'None'), cancelled('ConditionalCheckFailed', 'None'));
    await expect(writes().put(item('a'))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(sent()).toHaveLength(2);
  });

  it.each([
    ['ItemCollectionSizeLimitExceeded', cancelled('None', 'ItemCollectionSizeLimitExceeded'), 'STORE_FAILED'],
    ['ValidationError', cancelled('TransactionConflict', 'ValidationError'), 'STORE_FAILED'],
    ['access denied', cancelled('None', 'AccessDenied'), 'STORE_DENIED'],
    ['a failed condition that is not ours', cancelled('None', 'ConditionalCheckFailed'), 'STORE_FAILED'],
    ['no reasons', cancelled(), 'STORE_FAILED'],
  ])('fails at once on what does not pass: %s', async (_, error, code) => {
    failing(error);
    await expect(writes().put(item('a'))).rejects.toMatchObject({ name: 'StoreError', code });
    expect(sent()).toHaveLength(1);
  });

  it.each([
    ['ThrottlingError', 'STORE_THROTTLED'],
    ['TransactionConflict', 'STORE_FAILED'],
  ])('gives up when the time for repeating is spent: %s', async (reason, code) => {
    mock.on(TransactWriteItemsCommand).rejects(cancelled('None', reason));
    await expect(writes().put(item('a'))).rejects.toMatchObject({ name: 'StoreError', code });
    expect(sent().length).toBeGreaterThan(5);
  });

  it('has one transaction in flight, in the order of the calls, and goes on after one that failed', async () => {
    let inFlight = 0;
    const order: string[] = [];
    mock.on(TransactWriteItemsCommand).callsFake(async (input: TransactWriteItemsCommandInput) => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inFlight -= 1;
      const name = input.TransactItems?.[1]?.Put?.Item?.['sk']?.S ?? '';
      order.push(name);
      if (name === 'b') throw cancelled('None', 'ValidationError');
    });
    const own = writes();
    const names = ['a', 'b', 'c', 'd'];
    const settled = await Promise.allSettled(names.map((name) => own.put(item(name))));
    expect(order).toEqual(names);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('sends nothing more when the lease ends by its own clock, also between two tries', async () => {
    const over = new Error('over');
    failing(cancelled('TransactionConflict', 'None'));
    const fenced = new FencedWrites(new DynamoRequests(client, instantRetries()), 'journal', {
      ...fenceOf(7),
      assertHeld: () => {
        if (sent().length === 1) throw over;
      },
    });
    await expect(fenced.put(item('a'))).rejects.toMatchObject({ cause: over });
    expect(sent()).toHaveLength(1);
  });
});
