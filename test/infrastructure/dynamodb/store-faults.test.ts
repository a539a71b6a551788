import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchStatementErrorCodeEnum,
  BatchWriteItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { DynamoRequests } from '../../../src/infrastructure/dynamodb/dynamo-requests.js';
import { DynamoSink } from '../../../src/infrastructure/dynamodb/dynamodb-sink.js';
import type { RetryPolicy } from '../../../src/infrastructure/dynamodb/retry-budget.js';
import { DEFAULT_RETRIES } from '../../../src/infrastructure/dynamodb/retry-budget.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { StoreError } from '../../../src/runner/ports/errors.js';
import type { StampedRow } from '../../../src/runner/ports/record-sink.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';
import type { NamedReply, ScriptedRequest, ScriptedServer } from '../../support/dynamodb/scripted-server.js';
import {
  abortedBody,
  answer,
  error,
  garbage,
  hangUp,
  ok,
  reset,
  silence,
  stalledBody,
  startScriptedServer,
} from '../../support/dynamodb/scripted-server.js';
import { CARGO } from '../../support/store-contract.js';

/** where answers must fail to come in time; elsewhere a machine that is busy may take as long as it likes */
const SILENCE_MS = 200;
const PATIENT_MS = 20_000;
const mapping = new TableMapping({ suffix: '-dev', tables: {}, attributes: {} });
const row = (id: string): StampedRow => ({ table: CARGO.name, item: { id: { S: id } } });

type Statements = readonly { readonly Parameters: readonly { readonly S: string }[] }[];
const idsOf = ({ body }: ScriptedRequest): string[] =>
  ((body['Statements'] ?? []) as Statements).map(({ Parameters: [id] }) => id?.S ?? '');
/** All statements of a batch succeed. */
const inserted = ok((request) => ({ Responses: idsOf(request).map(() => ({ TableName: 't' })) }));
const truncated = answer('truncated JSON', 200, '{"Items":[{"id":{"S":"Ms Secret"},"na');
const empty = answer('empty answer', 200, '');

/** What a network, a proxy or a busy store does now and then. */
const PASSING: readonly NamedReply[] = [
  reset,
  hangUp,
  silence,
  abortedBody,
  stalledBody,
  truncated,
  empty,
  garbage,
  answer('a JSON text', 200, '"done"'),
  answer('a JSON list', 200, '[]'),
  answer('a proxy’s page', 502, '<html>Bad Gateway</html>'),
  answer('an empty 503', 503, ''),
  answer('an empty 500', 500, '{}'),
  error(500, 'InternalServerError'),
  error(503, 'ServiceUnavailable'),
  error(400, 'ThrottlingException'),
  error(400, 'ProvisionedThroughputExceededException'),
  error(400, 'RequestLimitExceeded'),
  error(400, 'TransactionConflictException'),
];

describe('a store that fails', () => {
  let server: ScriptedServer;
  const clients: DynamoDBClient[] = [];
  /** One attempt per request: what is tried again here is so by us, not by the SDK. */
  const clientOf = (fault?: NamedReply, endpoint = server.endpoint, maxAttempts = 1): DynamoDBClient => {
    const isSilent = fault === silence || fault === stalledBody;
    const requestTimeout = isSilent ? SILENCE_MS : PATIENT_MS;
    const client = createDynamoClient({ endpoint, maxSockets: 4, requestTimeout, maxAttempts });
    clients.push(client);
    return client;
  };
  const sinkOf = (client: DynamoDBClient, retries: RetryPolicy = instantRetries()): DynamoSink =>
    new DynamoSink({ client, mapping, tables: [CARGO], concurrency: 4, retries });
  const readerOf = (client: DynamoDBClient, retries: RetryPolicy = instantRetries()): DynamoReader =>
    new DynamoReader({ client, mapping, tables: [CARGO], retries });
  /** A client whose endpoint is known to be DynamoDB. */
  const acquainted = async (fault?: NamedReply): Promise<DynamoDBClient> => {
    const client = clientOf(fault);
    server.script([], inserted);
    await sinkOf(client).insert([row('first')]);
    return client;
  };
  const failure = (work: Promise<unknown>): Promise<StoreError> =>
    work.then(
      () => {
        throw new Error('it did not fail');
      },
      (reason: unknown) => reason as StoreError,
    );
  const times = (count: number, reply: NamedReply): NamedReply[] =>
    Array.from({ length: count }, () => reply);
  /** Few and long pauses, on a clock that only they move. */
  const patience = (total: number): ReturnType<typeof instantRetries> => ({
    ...instantRetries(total),
    base: 1_000,
    cap: 1_000,
  });
  const slept = ({ pauses }: { readonly pauses: readonly number[] }): number =>
    pauses.reduce((sum, pause) => sum + pause, 0);

  beforeEach(async () => {
    server = await startScriptedServer();
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await server.stop();
  });

  describe('for a while', () => {
    it.each(PASSING.map((fault) => [fault.name, fault] as const))(
      'takes a batch in the end: %s',
      async (_, fault) => {
        const sink = sinkOf(await acquainted(fault));
        server.script(times(3, fault), inserted);
        expect(await sink.insert([row('a'), row('b')])).toEqual([{ kind: 'inserted' }, { kind: 'inserted' }]);
        expect(server.given).toEqual([fault.name, fault.name, fault.name, 'ok']);
        expect(server.requests.map(idsOf)).toEqual(Array.from({ length: 4 }, () => ['a', 'b']));
      },
    );

    it.each(PASSING.map((fault) => [fault.name, fault] as const))(
      'hides no page of a scan: %s',
      async (_, fault) => {
        const reader = readerOf(await acquainted(fault));
        const page = (id: string, next: object = {}): NamedReply =>
          ok({ Items: [{ id: { S: id } }], ...next });
        server.script(
          [page('a', { LastEvaluatedKey: { id: { S: 'a' } } }), fault, fault, page('b')],
          answer('nothing', 500, ''),
        );
        const found: unknown[] = [];
        for await (const { items } of reader.scan(CARGO.name)) found.push(...items);
        expect(found).toEqual([{ id: { S: 'a' } }, { id: { S: 'b' } }]);
        expect(server.given).toEqual(['ok', fault.name, fault.name, 'ok']);
      },
    );

    it.each([
      ['{}', answer('no Items', 200, '{}')],
      ['a Count alone', ok({ Count: 1, ScannedCount: 1 })],
      ['fewer Items than its Count', ok({ Items: [], Count: 1 })],
      ['no Items where more would come', ok({ LastEvaluatedKey: { id: { S: 'a' } } })],
    ])('invariant 1: never takes for the end of a table an answer with %s', async (_, incomplete) => {
      const reader = readerOf(await acquainted());
      server.script([incomplete, incomplete], ok({ Items: [{ id: { S: 'b' } }], Count: 1 }));
      const found: unknown[] = [];
      for await (const { items } of reader.scan(CARGO.name)) found.push(...items);
      expect(found).toEqual([{ id: { S: 'b' } }]);
      expect(server.requests).toHaveLength(3);
    });

    it.each([
      ['{}', answer('nothing', 200, '{}')],
      ['no Responses', ok({ UnprocessedKeys: {} })],
      ['no UnprocessedKeys', ok({ Responses: {} })],
    ])('never takes rows for absent where an answer has %s', async (_, incomplete) => {
      const reader = readerOf(await acquainted());
      const name = mapping.physicalName(CARGO.name);
      const whole = ok({ Responses: { [name]: [{ id: { S: 'b' } }] }, UnprocessedKeys: {} });
      server.script([incomplete, incomplete], whole);
      expect(await reader.get(CARGO.name, [{ id: { S: 'b' } }])).toEqual([{ id: { S: 'b' } }]);
      expect(server.requests).toHaveLength(3);
    });

    it.each([
      ['Query', new QueryCommand({ TableName: 't' }), { Items: [] }],
      [
        'BatchWriteItem',
        new BatchWriteItemCommand({ RequestItems: { t: [{ DeleteRequest: { Key: { id: { S: '1' } } } }] } }),
        { UnprocessedItems: {} },
      ],
    ] as const)('refuses {} as the answer to a %s, and takes a whole one', async (_, command, whole) => {
      const client = await acquainted();
      const send = (): Promise<unknown> => client.send(command as QueryCommand);
      server.script([ok({})], ok(whole));
      await expect(send()).rejects.toMatchObject({ name: 'IncompleteAnswer' });
      await expect(send()).resolves.toMatchObject(whole);
    });

    it('gives up an incomplete answer that stays, and says so', async () => {
      const reader = readerOf(await acquainted());
      server.script([], ok({}));
      const end = await failure(reader.scan(CARGO.name)[Symbol.asyncIterator]().next());
      expect([end.code, end.message]).toEqual([
        'STORE_FAILED',
        expect.stringMatching(/Scan on table waybill-cargo-dev.*IncompleteAnswer/),
      ]);
    });

    it('is waited for while it restarts', async () => {
      const pauses: number[] = [];
      const retries = {
        ...DEFAULT_RETRIES,
        base: 20,
        cap: 20,
        sleep: (milliseconds: number): Promise<unknown> => {
          pauses.push(milliseconds);
          return DEFAULT_RETRIES.sleep(milliseconds);
        },
      };
      const sink = sinkOf(await acquainted(), retries);
      await server.stop();
      const work = sink.insert([row('a')]);
      while (pauses.length < 5) await DEFAULT_RETRIES.sleep(5);
      await server.start();
      expect(await work).toEqual([{ kind: 'inserted' }]);
    });

    it('takes a replacement that met transactions', async () => {
      const sink = sinkOf(await acquainted());
      server.script(times(3, error(400, 'TransactionConflictException')), ok({}));
      const image = { id: { S: 'a' }, n: { N: '1' } };
      const wanted = { table: CARGO.name, item: { ...image, n: { N: '2' } } };
      expect(await sink.replace(wanted, image)).toEqual({ kind: 'replaced' });
      expect(server.given).toEqual(
        [...times(3, error(400, 'TransactionConflictException')), ok({})].map((one) => one.name),
      );
    });

    it('has a clock of its own that follows no wall clock', async () => {
      // an hour back with every look at it
      const wall = Date.now;
      let hours = 0;
      Date.now = () => wall() - 3_600_000 * (hours += 1);
      try {
        const sink = sinkOf(await acquainted(), { ...DEFAULT_RETRIES, base: 10, cap: 20, total: 150 });
        server.script([], reset);
        const [before, { code }] = [performance.now(), await failure(sink.insert([row('a')]))];
        expect(code).toBe('STORE_UNREACHABLE');
        expect(performance.now() - before).toBeGreaterThan(140);
        expect(performance.now() - before).toBeLessThan(2_000);
      } finally {
        Date.now = wall;
      }
      expect(hours).toBeGreaterThan(0);
    });
  });

  describe('for good', () => {
    const AGAIN = /run the same command again: what is done stays done/i;

    it.each<[string, NamedReply, string, string]>([
      ['resets', reset, 'STORE_UNREACHABLE', "can't be reached (ECONNRESET). It was tried again for 5 s"],
      ['silence', silence, 'STORE_UNREACHABLE', "can't be reached (ETIMEDOUT). It was tried again for 5 s"],
      [
        'internal errors',
        error(500, 'InternalServerError'),
        'STORE_FAILED',
        'failed with InternalServerError, HTTP 500. It was tried again for 5 s',
      ],
      [
        'answers that break off',
        truncated,
        'STORE_FAILED',
        'failed with SyntaxError, HTTP 200. The answer is not DynamoDB’s: is this the right endpoint? It was tried again for 5 s',
      ],
      ['throttling', error(400, 'ThrottlingException'), 'STORE_THROTTLED', 'after 5 s of retries'],
    ])(
      'is given up when the budget is spent on %s, and nothing more is sent',
      async (_, fault, code, text) => {
        const client = await acquainted(fault);
        const retries = patience(5_000);
        server.script([], fault);
        const found = await failure(sinkOf(client, retries).insert([row('a')]));
        expect(found).toBeInstanceOf(StoreError);
        expect(found).toMatchObject({ code, exit: 3, next: expect.stringMatching(AGAIN) });
        expect(found.message).toMatch(
          /^PartiQLInsert on table waybill-cargo-dev: .*; nothing more was sent\.$/,
        );
        expect(found.message).toContain(text);
        expect(found.message + found.next).not.toContain('Secret');
        expect(slept(retries)).toBeGreaterThanOrEqual(5_000);
        const sent = server.requests.length;
        expect(sent).toBe(retries.pauses.length + 1);
        await DEFAULT_RETRIES.sleep(50);
        expect(server.requests).toHaveLength(sent);
      },
    );

    it('is given up on keys that stay unprocessed for ever', async () => {
      const client = await acquainted();
      const unprocessed = { 'waybill-cargo-dev': { Keys: [{ id: { S: 'a' } }] } };
      server.script([], ok({ Responses: {}, UnprocessedKeys: unprocessed }));
      const found = await failure(readerOf(client).get(CARGO.name, [{ id: { S: 'a' } }]));
      expect(found).toMatchObject({ code: 'STORE_THROTTLED', next: expect.stringMatching(AGAIN) });
      expect(found.message).toContain('BatchGetItem on table waybill-cargo-dev');
      expect(server.requests.length).toBeGreaterThan(10);
    });

    it('is not asked again where the answer would be the same', async () => {
      const sink = sinkOf(await acquainted());
      server.script([], error(400, 'AccessDeniedException'));
      expect(await failure(sink.insert([row('a')]))).toMatchObject({ code: 'STORE_DENIED' });
      expect(server.given).toEqual(['400 AccessDeniedException']);
    });

    it('is let go of at once when the work is aborted during a pause', async () => {
      const client = await acquainted();
      const slow = { ...DEFAULT_RETRIES, base: 30_000, cap: 30_000, random: () => 1 };
      const abort = new AbortController();
      server.script([], error(500, 'InternalServerError'));
      const page = readerOf(client, slow).scan(CARGO.name, { signal: abort.signal }).next();
      setTimeout(() => abort.abort(new Error('stopped')), 100);
      const before = performance.now();
      await expect(page).rejects.toThrow('stopped');
      expect(performance.now() - before).toBeLessThan(2_000);
      expect(server.requests).toHaveLength(1);
    });
  });

  describe('from the start', () => {
    it('is reported within two seconds where nobody listens', async () => {
      const { endpoint } = server;
      await server.stop();
      const before = performance.now();
      const found = await failure(
        sinkOf(clientOf(undefined, endpoint, 4), DEFAULT_RETRIES).insert([row('a')]),
      );
      expect(performance.now() - before).toBeLessThan(2_000);
      expect(found).toMatchObject({
        code: 'STORE_UNREACHABLE',
        message: `PartiQLInsert on table waybill-cargo-dev: ${endpoint.slice('http://'.length)} can't be reached (ECONNREFUSED).`,
      });
    });

    it.each([
      ['the name is unknown', { code: 'ENOTFOUND' }],
      ['no name server answers', { code: 'EAI_AGAIN' }],
      ['there is no way to the host', { code: 'EHOSTUNREACH' }],
      [
        'no connection comes about',
        {
          name: 'TimeoutError',
          message:
            '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 5000 ms.',
        },
      ],
    ])('is reported after one request where %s', async (_, parts) => {
      const requests = new DynamoRequests(clientOf(undefined, 'http://127.0.0.1:1'), instantRetries());
      let asked = 0;
      const ask = (): Promise<never> => {
        asked += 1;
        return Promise.reject(Object.assign(new Error('x'), parts));
      };
      expect(await failure(requests.send({ action: 'Scan' }, ask))).toMatchObject({
        code: 'STORE_UNREACHABLE',
      });
      expect(asked).toBe(1);
    });

    it.each<[string, NamedReply, string]>([
      ['a web page', answer('page', 200, '<html>'), 'STORE_FAILED'],
      ['an error page', answer('page', 503, '<html>'), 'STORE_FAILED'],
      ['an empty error', answer('error', 500, ''), 'STORE_FAILED'],
      ['no HTTP', garbage, 'STORE_FAILED'],
      ['a reset', reset, 'STORE_UNREACHABLE'],
      ['silence', silence, 'STORE_UNREACHABLE'],
    ])('is tried for about two seconds where all that comes is %s', async (_, fault, code) => {
      const retries = patience(60_000);
      server.script([], fault);
      expect(await failure(sinkOf(clientOf(fault), retries).insert([row('a')]))).toMatchObject({ code });
      expect(slept(retries)).toBeGreaterThanOrEqual(2_000);
      expect(slept(retries)).toBeLessThan(2_600);
      expect(new Set(server.given)).toEqual(new Set([fault.name]));
    });

    it.each(PASSING.map((fault) => [fault.name, fault] as const))(
      'is reached all the same when it is the right one: %s',
      async (_, fault) => {
        server.script(times(3, fault), inserted);
        expect(await sinkOf(clientOf(fault)).insert([row('a')])).toEqual([{ kind: 'inserted' }]);
        expect(server.given).toEqual([fault.name, fault.name, fault.name, 'ok']);
      },
    );

    it('is known as soon as it said anything, for every client of this process', async () => {
      const [refused, other] = [clientOf(), clientOf()];
      server.script([], error(400, 'ResourceNotFoundException'));
      expect(await failure(sinkOf(refused).insert([row('a')]))).toMatchObject({ code: 'TABLE_MISSING' });
      await server.stop();
      for (const client of [refused, other]) {
        const retries = instantRetries(3_000);
        expect(await failure(sinkOf(client, retries).insert([row('a')]))).toMatchObject({
          code: 'STORE_UNREACHABLE',
          message: expect.stringContaining('It was tried again for 3 s; nothing more was sent.'),
        });
        expect(slept(retries)).toBeGreaterThanOrEqual(3_000);
      }
    });
  });

  describe('in one statement of a batch', () => {
    const again = [{ kind: 'inserted' }, { kind: 'inserted' }];
    const rejected = (code: string): object[] => [
      { kind: 'inserted' },
      { kind: 'rejected', code, detail: 'not now' },
    ];
    const OUTCOMES: Readonly<Record<string, { readonly requests: number; readonly found: unknown }>> = {
      AccessDenied: { requests: 1, found: 'STORE_DENIED' },
      ConditionalCheckFailed: { requests: 1, found: rejected('ConditionalCheckFailed') },
      DuplicateItem: { requests: 1, found: [{ kind: 'inserted' }, { kind: 'exists' }] },
      InternalServerError: { requests: 2, found: again },
      ItemCollectionSizeLimitExceeded: { requests: 1, found: rejected('ItemCollectionSizeLimitExceeded') },
      ProvisionedThroughputExceeded: { requests: 2, found: again },
      RequestLimitExceeded: { requests: 2, found: again },
      ResourceNotFound: { requests: 1, found: 'TABLE_MISSING' },
      ThrottlingError: { requests: 2, found: again },
      TransactionConflict: { requests: 2, found: again },
      ValidationError: { requests: 1, found: rejected('ValidationError') },
      ACodeToCome: { requests: 1, found: rejected('ACodeToCome') },
    };

    it('is foreseen whatever code the SDK knows', () => {
      expect(Object.keys(OUTCOMES)).toEqual(
        expect.arrayContaining(Object.values(BatchStatementErrorCodeEnum)),
      );
    });

    it.each(Object.keys(OUTCOMES))('concerns that statement only, or every one: %s', async (code) => {
      const sink = sinkOf(await acquainted());
      const failing = ok({ Responses: [{ TableName: 't' }, { Error: { Code: code, Message: 'not now' } }] });
      server.script([{ ...failing, name: code }], inserted);
      const found = await sink
        .insert([row('a'), row('b')])
        .catch((reason: unknown) => (reason as StoreError).code);
      expect(found).toEqual(OUTCOMES[code]?.found);
      expect(server.given[0]).toBe(code);
      expect(server.requests.map(idsOf)).toEqual([['a', 'b'], ['b']].slice(0, OUTCOMES[code]?.requests));
    });
  });

  describe('after it has done its work', () => {
    /** Inserts as DynamoDB does, `most` statements of a batch, and then says so or not. */
    const storing = (stored: string[], name: string, most: number, say: NamedReply['reply']): NamedReply => ({
      name,
      reply: (response, request) => {
        const body = idsOf(request)
          .slice(0, most)
          .map((id) => {
            if (stored.includes(id)) return { Error: { Code: 'DuplicateItem', Message: 'x' } };
            stored.push(id);
            return { TableName: 't' };
          });
        (response as unknown as { said: object }).said = { Responses: body };
        say(response, request);
      },
    });
    const aloud: NamedReply['reply'] = (response) =>
      response.end(JSON.stringify((response as unknown as { said: object }).said));

    it.each<[string, NamedReply]>([
      ['reset', reset],
      ['silence', silence],
      ['truncated', truncated],
      ['empty', empty],
      ['internal error', error(500, 'InternalServerError')],
    ])(
      'invariant 6: rows of a batch are found as they are when its acknowledgement is lost (%s)',
      async (_, loss) => {
        const stored: string[] = [];
        const sink = sinkOf(await acquainted(loss));
        server.script(
          [storing(stored, 'part of it', 2, loss.reply), storing(stored, 'all of it', 3, loss.reply)],
          storing(stored, 'done', 3, aloud),
        );
        const results = await sink.insert([row('a'), row('b'), row('c')]);
        expect(results.map(({ kind }) => kind)).toEqual(['exists', 'exists', 'exists']);
        expect(stored).toEqual(['a', 'b', 'c']);
        expect(server.given).toEqual(['part of it', 'all of it', 'done']);
      },
    );

    it('invariant 6: the rest of a batch of which a part was done is inserted', async () => {
      const stored: string[] = [];
      const sink = sinkOf(await acquainted());
      server.script([storing(stored, 'part of it', 2, reset.reply)], storing(stored, 'done', 3, aloud));
      const results = await sink.insert([row('a'), row('b'), row('c')]);
      expect(results.map(({ kind }) => kind)).toEqual(['exists', 'exists', 'inserted']);
      expect(stored).toEqual(['a', 'b', 'c']);
      expect(server.given).toEqual(['part of it', 'done']);
    });
  });

  describe('in a transaction', () => {
    const cancelled = (...codes: string[]): NamedReply =>
      error(400, 'TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });
    const send = (client: DynamoDBClient): Promise<unknown> => {
      const requests = new DynamoRequests(client, instantRetries());
      const command = new TransactWriteItemsCommand({
        TransactItems: [{ Delete: { TableName: 't', Key: { id: { S: 'a' } } } }],
      });
      return requests.send({ action: 'TransactWriteItems', table: 't' }, () => client.send(command));
    };

    it('is asked again when nothing but passing reasons cancelled it', async () => {
      const client = await acquainted();
      server.script(
        [
          cancelled('None', 'TransactionConflict'),
          cancelled('ThrottlingError', 'ProvisionedThroughputExceeded'),
          error(400, 'TransactionInProgressException'),
        ],
        ok({}),
      );
      await send(client);
      expect(server.given).toEqual([
        '400 TransactionCanceledException',
        '400 TransactionCanceledException',
        '400 TransactionInProgressException',
        'ok',
      ]);
    });

    it('is not asked again when a condition failed beside them', async () => {
      const client = await acquainted();
      server.script([], cancelled('TransactionConflict', 'ConditionalCheckFailed'));
      expect(await failure(send(client))).toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringContaining(
          'failed with TransactionCanceledException (TransactionConflict, ConditionalCheckFailed), HTTP 400.',
        ),
      });
      expect(server.given).toHaveLength(1);
    });

    it('is given up as throttled when all that cancelled it was throttling', async () => {
      const client = await acquainted();
      server.script([], cancelled('None', 'ThrottlingError'));
      expect(await failure(send(client))).toMatchObject({ code: 'STORE_THROTTLED' });
      expect(server.given.length).toBeGreaterThan(10);
    });
  });
});
