import type {
  BatchExecuteStatementCommandInput,
  BatchStatementError,
  BatchStatementResponse,
} from '@aws-sdk/client-dynamodb';
import {
  BatchExecuteStatementCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  InternalServerError,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ResourceNotFoundException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import { DynamoSink } from '../../../src/infrastructure/dynamodb/dynamodb-sink.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import type { StampedRow } from '../../../src/runner/ports/record-sink.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';
import { CARGO } from '../../support/store-contract.js';

const META = { $metadata: { httpStatusCode: 400 }, message: 'x' };
const mapping = new TableMapping({ suffix: '-dev', tables: {}, attributes: {} });
const row = (id: string, text = 'x'): StampedRow => ({
  table: CARGO.name,
  item: { id: { S: id }, text: { S: text } },
});
const rows = (count: number): StampedRow[] => Array.from({ length: count }, (_, index) => row(`id-${index}`));
const done: BatchStatementResponse = { TableName: 'waybill-cargo-dev' };
const failedWith = (Code: string, Message = 'x'): BatchStatementResponse => ({
  Error: { Code: Code as NonNullable<BatchStatementError['Code']>, Message },
});

describe('the DynamoDB sink under faults', () => {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  const sinkWith = (retries = instantRetries(), concurrency = 4): DynamoSink =>
    new DynamoSink({ client, mapping, tables: [CARGO], concurrency, retries });
  /** The ids of every batch sent, in order. */
  const sent = (): string[][] =>
    mock.commandCalls(BatchExecuteStatementCommand).map(({ args }) => idsOf(args[0].input));
  const idsOf = (input: BatchExecuteStatementCommandInput): string[] =>
    (input.Statements ?? []).map(({ Parameters }) => Parameters?.[0]?.S ?? '');
  const answer = (...answers: (BatchStatementResponse[] | undefined)[]): void => {
    answers.reduce(
      (stub, Responses) => stub.resolvesOnce(Responses === undefined ? {} : { Responses }),
      mock.on(BatchExecuteStatementCommand),
    );
  };

  beforeEach(() => mock.reset());
  afterAll(() => client.destroy());

  it.each([
    'ThrottlingError',
    'ProvisionedThroughputExceeded',
    'RequestLimitExceeded',
    'InternalServerError',
    'TransactionConflict',
  ])('repeats only the statements that failed with %s', async (code) => {
    answer(
      [done, failedWith(code), failedWith('DuplicateItem'), failedWith(code)],
      [done, failedWith('DuplicateItem')],
    );
    const results = await sinkWith().insert(rows(4));
    expect(results.map(({ kind }) => kind)).toEqual(['inserted', 'inserted', 'exists', 'exists']);
    expect(sent()).toEqual([
      ['id-0', 'id-1', 'id-2', 'id-3'],
      ['id-1', 'id-3'],
    ]);
  });

  it.each<[string, BatchStatementResponse[] | undefined]>([
    ['no list of answers', undefined],
    ['an empty list', []],
    ['a list that is too short', [done, done]],
    ['a list that is too long', [done, done, done, done]],
  ])('never counts %s as done', async (_, responses) => {
    answer(responses, [failedWith('DuplicateItem'), done, done]);
    const results = await sinkWith().insert(rows(3));
    expect(results.map(({ kind }) => kind)).toEqual(['exists', 'inserted', 'inserted']);
    expect(sent()).toEqual([
      ['id-0', 'id-1', 'id-2'],
      ['id-0', 'id-1', 'id-2'],
    ]);
  });

  it('never counts a hole in the list of answers as done', async () => {
    answer([done, null as unknown as BatchStatementResponse], [failedWith('DuplicateItem')]);
    expect((await sinkWith().insert(rows(2))).map(({ kind }) => kind)).toEqual(['inserted', 'exists']);
    expect(sent()).toEqual([['id-0', 'id-1'], ['id-1']]);
  });

  it('waits longer after each failure, up to a cap, and gives up when the budget is spent', async () => {
    mock.on(BatchExecuteStatementCommand).resolves({ Responses: [failedWith('ThrottlingError')] });
    const retries = instantRetries(200);
    await expect(sinkWith(retries).insert(rows(1))).rejects.toMatchObject({
      code: 'STORE_THROTTLED',
      exit: 3,
      message:
        'PartiQLInsert on table waybill-cargo-dev: still throttled by 127.0.0.1:4566 after 1 s of retries; nothing more was sent.',
    });
    expect(retries.pauses).toEqual([5, 10, 20, 40, 50, 50, 50]);
  });

  it('starts the budget anew when some statements get through', async () => {
    const throttled = failedWith('ThrottlingError');
    answer([throttled, throttled], [throttled, throttled], [done, throttled], [throttled], [done]);
    const retries = instantRetries(12);
    expect((await sinkWith(retries).insert(rows(2))).map(({ kind }) => kind)).toEqual([
      'inserted',
      'inserted',
    ]);
    expect(retries.pauses).toEqual([5, 10, 5, 10]);
  });

  it('gives up on answers that stay incomplete', async () => {
    mock.on(BatchExecuteStatementCommand).resolves({ Responses: [] });
    await expect(sinkWith().insert(rows(1))).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(sent().length).toBeGreaterThan(5);
  });

  it('repeats a whole request that the SDK gave up on as throttled or broken', async () => {
    mock
      .on(BatchExecuteStatementCommand)
      .rejectsOnce(new ProvisionedThroughputExceededException(META))
      .rejectsOnce(new InternalServerError({ message: 'x', $metadata: { httpStatusCode: 500 } }))
      .resolvesOnce({ Responses: [done] });
    expect(await sinkWith().insert(rows(1))).toEqual([{ kind: 'inserted' }]);
    expect(sent()).toHaveLength(3);
  });

  it('rejects a row for good with the store’s code, without quoting values (invariant 11)', async () => {
    answer([
      failedWith('ValidationError', 'Type mismatch for Index Key portId'),
      failedWith('ValidationError', 'cannot be converted: Ms Secret'),
      failedWith('ItemCollectionSizeLimitExceeded', ''),
    ]);
    const results = await sinkWith().insert([row('a'), row('b', 'ms secret'), row('c')]);
    expect(results).toEqual([
      { kind: 'rejected', code: 'ValidationError', detail: 'Type mismatch for Index Key portId' },
      {
        kind: 'rejected',
        code: 'ValidationError',
        detail: 'the store’s reason is withheld because it quotes a value',
      },
      { kind: 'rejected', code: 'ItemCollectionSizeLimitExceeded', detail: 'the store gave no reason' },
    ]);
  });

  it('stops at errors that every other row would meet as well', async () => {
    answer([done, failedWith('AccessDenied')]);
    await expect(sinkWith().insert(rows(2))).rejects.toMatchObject({
      code: 'STORE_DENIED',
      next: expect.stringContaining('dynamodb:PartiQLInsert'),
    });
    mock.reset();
    mock.on(BatchExecuteStatementCommand).rejects(new ResourceNotFoundException(META));
    await expect(sinkWith().insert(rows(2))).rejects.toMatchObject({
      code: 'TABLE_MISSING',
      message: 'There is no table waybill-cargo-dev at 127.0.0.1:4566.',
    });
  });

  it('starts no further batch once one has failed', async () => {
    mock.on(BatchExecuteStatementCommand).rejects(new ResourceNotFoundException(META));
    await expect(sinkWith(instantRetries(), 2).insert(rows(500))).rejects.toMatchObject({
      code: 'TABLE_MISSING',
    });
    expect(sent().length).toBeLessThanOrEqual(2);
  });

  it('finds the one row for which the store refuses a whole batch', async () => {
    const refusal = Object.assign(new Error('value x'), { name: 'ValidationException' });
    mock.on(BatchExecuteStatementCommand).rejects(refusal);
    mock
      .on(PutItemCommand)
      .resolvesOnce({})
      .rejectsOnce(refusal)
      .rejectsOnce(new ConditionalCheckFailedException(META));
    const results = await sinkWith().insert(rows(3));
    expect(results.map(({ kind }) => kind)).toEqual(['inserted', 'rejected', 'exists']);
    expect(mock.commandCalls(PutItemCommand)[0]?.args[0].input).toMatchObject({
      ConditionExpression: 'attribute_not_exists(#k)',
      ExpressionAttributeNames: { '#k': 'id' },
    });
  });

  it('cuts batches at 25 statements', async () => {
    mock.on(BatchExecuteStatementCommand).callsFake((input: BatchExecuteStatementCommandInput) => ({
      Responses: (input.Statements ?? []).map(() => done),
    }));
    await sinkWith().insert(rows(60));
    expect(sent().map((ids) => ids.length)).toEqual([25, 25, 10]);
  });

  it('cuts batches at 4 MB', async () => {
    mock.on(BatchExecuteStatementCommand).callsFake((input: BatchExecuteStatementCommandInput) => ({
      Responses: (input.Statements ?? []).map(() => done),
    }));
    await sinkWith().insert(
      Array.from({ length: 20 }, (_, index) => row(`big-${index}`, 'x'.repeat(400_000))),
    );
    const bytes = mock
      .commandCalls(BatchExecuteStatementCommand)
      .map(({ args }) => JSON.stringify(args[0].input).length);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(sent().flat()).toHaveLength(20);
    expect(sent().length).toBeLessThan(8);
  });

  it('never sends two rows of one key in one batch, nor the second before the first is settled', async () => {
    let open = 0;
    const overlaps: number[] = [];
    mock.on(BatchExecuteStatementCommand).callsFake(async (input: BatchExecuteStatementCommandInput) => {
      overlaps.push((open += 1));
      await new Promise(setImmediate);
      open -= 1;
      return { Responses: (input.Statements ?? []).map(() => done) };
    });
    await sinkWith().insert([row('a'), row('b'), row('a'), row('a')]);
    expect(sent()).toEqual([['a', 'b'], ['a'], ['a']]);
    expect(overlaps).toEqual([1, 1, 1]);
  });

  it('has no more batches in flight than allowed, over all callers', async () => {
    let [open, most] = [0, 0];
    mock.on(BatchExecuteStatementCommand).callsFake(async (input: BatchExecuteStatementCommandInput) => {
      most = Math.max(most, (open += 1));
      await new Promise(setImmediate);
      open -= 1;
      return { Responses: (input.Statements ?? []).map(() => done) };
    });
    const sink = sinkWith(instantRetries(), 3);
    await Promise.all([sink.insert(rows(200)), sink.insert(rows(200)), sink.insert(rows(10))]);
    expect(most).toBe(3);
    expect(sent()).toHaveLength(17);
  });

  it('takes a replacement that failed on its own work as done, and any other as changed', async () => {
    const wanted: StampedRow = { table: CARGO.name, item: { id: { S: 'a' }, n: { N: '2' } } };
    const lost = new ConditionalCheckFailedException({ ...META, Item: { id: { S: 'a' }, n: { N: '2.0' } } });
    const foreign = new ConditionalCheckFailedException({ ...META, Item: { id: { S: 'a' }, n: { N: '3' } } });
    const unknown = new ConditionalCheckFailedException(META);
    mock.on(UpdateItemCommand).rejectsOnce(lost).rejectsOnce(foreign).rejectsOnce(unknown);
    const image = { id: { S: 'a' }, n: { N: '1' } };
    const results = [];
    for (let count = 0; count < 3; count += 1) results.push(await sinkWith().replace(wanted, image));
    expect(results).toEqual([{ kind: 'replaced' }, { kind: 'changed' }, { kind: 'changed' }]);
    expect(mock.commandCalls(UpdateItemCommand)).toHaveLength(3);
  });

  it('turns errors of a replacement into results or StoreErrors', async () => {
    const refusal = Object.assign(new Error('no'), { name: 'ValidationException' });
    mock.on(UpdateItemCommand).rejectsOnce(refusal).rejects(new ProvisionedThroughputExceededException(META));
    const image = { id: { S: 'a' }, text: { S: 'old' } };
    expect(await sinkWith().replace(row('a'), image)).toMatchObject({
      kind: 'rejected',
      code: 'ValidationException',
    });
    await expect(sinkWith().replace(row('a'), image)).rejects.toMatchObject({ code: 'STORE_THROTTLED' });
  });

  it('refuses tables that it does not know', async () => {
    await expect(sinkWith().insert([{ ...row('a'), table: 'other' }])).rejects.toThrow(TypeError);
    expect(mock.calls()).toEqual([]);
  });
});
