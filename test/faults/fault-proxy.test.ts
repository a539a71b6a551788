import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULT_KINDS, type FaultKind, kindsOf } from '../support/faults/fault-kinds.js';
import { FaultProxy } from '../support/faults/fault-proxy.js';
import { SeededRandom } from '../support/faults/seeded-random.js';

/** A store that answers by rote and keeps what it was asked. */
class RoteStore {
  readonly asked: { operation: string; body: Record<string, unknown> }[] = [];
  answer: (body: Record<string, unknown>) => object = () => ({ Count: 0, Items: [] });
  private server!: Server;

  async start(): Promise<string> {
    this.server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
        const body = JSON.parse(text) as Record<string, unknown>;
        this.asked.push({ operation, body });
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'x-amz-crc32': '1' });
        response.end(JSON.stringify(this.answer(body)));
      });
    });
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

interface Heard {
  readonly status: number;
  readonly text: string;
  readonly document: Record<string, unknown>;
}

describe('the fault proxy', () => {
  let store: RoteStore;
  let target: string;
  let proxy: FaultProxy;

  const open = async (
    ...options: Parameters<typeof FaultProxy.start> extends [string, ...infer R] ? R : never
  ) => (proxy = await FaultProxy.start(target, ...options));
  const send = async (operation: string, body: object = { TableName: 'rows' }): Promise<Heard> => {
    const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
    const response = await fetch(proxy.endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    const document = (text.endsWith('}') ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, text, document };
  };
  /** every request of an operation meets this fault */
  const always = (kind: FaultKind, seed = 1) => open({ faults: { seed, rates: { [kind]: 1 } } });

  beforeEach(async () => {
    store = new RoteStore();
    target = await store.start();
  });
  afterEach(async () => {
    expect(proxy.errors).toEqual([]);
    await proxy.close();
    store.stop();
  });

  it('passes requests and answers on as they are where no fault is asked for', async () => {
    await open();
    store.answer = () => ({ Items: [{ id: { S: 'ü' } }], Count: 1 });
    const { status, document } = await send('Scan', { TableName: 'rows', Limit: 7 });
    expect([status, document]).toEqual([200, { Items: [{ id: { S: 'ü' } }], Count: 1 }]);
    expect(store.asked).toEqual([{ operation: 'Scan', body: { TableName: 'rows', Limit: 7 } }]);
    expect([...proxy.fired.values()].every((count) => count === 0)).toBe(true);
  });

  it.each([
    [
      'provisioned-throughput',
      400,
      'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    ],
    ['throttling', 400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException'],
    ['internal-error', 500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'],
    ['service-unavailable', 503, 'ServiceUnavailable'],
    ['item-conflict', 400, 'com.amazonaws.dynamodb.v20120810#TransactionConflictException'],
  ] as const)('%s: refuses with %d before the store hears of it', async (kind, status, type) => {
    await always(kind);
    const heard = await send('PutItem');
    expect([heard.status, heard.document['__type']]).toEqual([status, type]);
    expect(store.asked).toEqual([]);
    expect(proxy.fired.get(kind)).toBe(1);
    expect(proxy.requests).toMatchObject([{ fault: kind, dropped: true, status }]);
  });

  it.each([
    ['transaction-conflict', 'TransactionConflict'],
    ['transaction-throttled', 'ThrottlingError'],
  ] as const)('%s: cancels a transaction because of one item', async (kind, code) => {
    await always(kind);
    const { status, document } = await send('TransactWriteItems', { TransactItems: [{}, {}, {}] });
    expect([status, document['__type']]).toEqual([
      400,
      'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    ]);
    const codes = (document['CancellationReasons'] as { Code: string }[]).map((reason) => reason.Code);
    expect(codes.sort()).toEqual(['None', 'None', code].sort());
    expect(store.asked).toEqual([]);
  });

  it('reset-before: breaks the connection and the store never hears of it', async () => {
    await always('reset-before');
    await expect(send('PutItem')).rejects.toThrow();
    expect(store.asked).toEqual([]);
    expect(proxy.fired.get('reset-before')).toBe(1);
  });

  it('reset-after: the store has done it and the acknowledgement is lost', async () => {
    await always('reset-after');
    await expect(send('PutItem')).rejects.toThrow();
    expect(store.asked).toHaveLength(1);
    expect(proxy.fired.get('reset-after')).toBe(1);
  });

  it('delay: answers later, with the same answer', async () => {
    await open({ faults: { seed: 3, rates: { delay: 1 } }, maxDelay: 400 });
    const begun = performance.now();
    const heard = await Promise.all(Array.from({ length: 8 }, () => send('PutItem')));
    expect(performance.now() - begun).toBeGreaterThan(50);
    expect(heard.every(({ status, document }) => status === 200 && document['Count'] === 0)).toBe(true);
    expect(proxy.fired.get('delay')).toBe(8);
  });

  it('truncated-body: the answer breaks off before the length that it declares', async () => {
    await always('truncated-body');
    await expect(send('Scan')).rejects.toThrow();
    expect(store.asked).toHaveLength(1);
    expect(proxy.requests).toMatchObject([{ fault: 'truncated-body', status: 200 }]);
  });

  it('truncated-json: half a document under HTTP 200, complete by its length', async () => {
    await always('truncated-json');
    const { status, text } = await send('Scan');
    expect(status).toBe(200);
    expect('{"Count":0,"Items":[]}'.startsWith(text)).toBe(true);
    expect(text.length).toBe(11);
  });

  it('empty-answer: the store did it and says HTTP 200 and nothing', async () => {
    await always('empty-answer');
    expect(await send('PutItem')).toMatchObject({ status: 200, text: '' });
    expect(store.asked).toHaveLength(1);
    expect(proxy.fired.get('empty-answer')).toBe(1);
  });

  it('unprocessed-items: the store gets a part, the answer names the rest, nothing twice or never', async () => {
    const put = (id: number) => ({ PutRequest: { Item: { id: { S: String(id) } } } });
    const all = { one: [put(1), put(2), put(3)], two: [put(4)] };
    await always('unprocessed-items', 5);
    store.answer = () => ({ UnprocessedItems: {} });
    const shares = new Set<number>();
    for (let round = 0; round < 12; round += 1) {
      store.asked.length = 0;
      const { status, document } = await send('BatchWriteItem', { RequestItems: all });
      const left = Object.values(document['UnprocessedItems'] as Record<string, object[]>).flat();
      const done = store.asked.flatMap(({ body }) =>
        Object.values(body['RequestItems'] as typeof all).flat(),
      );
      expect(status).toBe(200);
      expect(left.length).toBeGreaterThan(0);
      expect([...left, ...done].map((one) => JSON.stringify(one)).sort()).toEqual(
        [...all.one, ...all.two].map((one) => JSON.stringify(one)).sort(),
      );
      shares.add(left.length);
    }
    expect([...shares].sort()).toEqual([1, 2, 3, 4]);
    expect(proxy.fired.get('unprocessed-items')).toBe(12);
  });

  it('unprocessed-keys: keys that are not read come back with all that was asked about them', async () => {
    await always('unprocessed-keys', 2);
    store.answer = (body) => {
      const { rows } = body['RequestItems'] as { rows: { Keys: object[] } };
      return { Responses: { rows: rows.Keys }, UnprocessedKeys: {} };
    };
    const Keys = [1, 2, 3, 4].map((id) => ({ id: { S: String(id) } }));
    const { document } = await send('BatchGetItem', {
      RequestItems: { rows: { Keys, ConsistentRead: true } },
    });
    const { rows: left } = document['UnprocessedKeys'] as {
      rows: { Keys: object[]; ConsistentRead: boolean };
    };
    const { rows: found = [] } = document['Responses'] as { rows?: object[] };
    expect(left.ConsistentRead).toBe(true);
    expect([...left.Keys, ...found].map((key) => JSON.stringify(key)).sort()).toEqual(
      Keys.map((key) => JSON.stringify(key)),
    );
  });

  it.each([
    ['statement-throttled', 'ThrottlingError'],
    ['statement-internal-error', 'InternalServerError'],
    ['statement-conflict', 'TransactionConflict'],
  ] as const)('%s: some statements get an error in their place, the others are done', async (kind, code) => {
    await always(kind, 4);
    store.answer = (body) => ({ Responses: (body['Statements'] as object[]).map((one) => ({ Item: one })) });
    const Statements = [1, 2, 3].map((id) => ({ Statement: `INSERT INTO "rows" VALUE {'id':'${id}'}` }));
    for (let round = 0; round < 6; round += 1) {
      store.asked.length = 0;
      const { status, document } = await send('BatchExecuteStatement', { Statements });
      const answers = document['Responses'] as { Item?: object; Error?: { Code: string } }[];
      const done = store.asked.flatMap(({ body }) => body['Statements'] as object[]);
      expect([status, answers.length]).toEqual([200, 3]);
      expect(answers.flatMap((one) => one.Item ?? [])).toEqual(done);
      expect(answers.filter((one) => one.Error?.Code === code)).toHaveLength(3 - done.length);
      answers.forEach((one, index) => {
        if (one.Item !== undefined) expect(one.Item).toEqual(Statements[index]);
      });
    }
    expect(proxy.fired.get(kind)).toBe(6);
  });

  it('denyWrites: reads go through, everything else is denied and counted', async () => {
    await open();
    proxy.denyWrites = true;
    const select = { Statements: [{ Statement: 'SELECT * FROM "rows" WHERE id = 1' }] };
    const insert = {
      Statements: [...select.Statements, { Statement: `INSERT INTO "rows" VALUE {'id':'1'}` }],
    };
    for (const read of [
      'GetItem',
      'BatchGetItem',
      'TransactGetItems',
      'Query',
      'Scan',
      'DescribeTable',
      'ListTables',
    ]) {
      expect((await send(read)).status).toBe(200);
    }
    expect((await send('BatchExecuteStatement', select)).status).toBe(200);
    const writes = [
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'BatchWriteItem',
      'TransactWriteItems',
      'CreateTable',
      'NewThing',
    ];
    for (const write of writes) {
      const { status, document } = await send(write);
      expect([status, document['__type']]).toEqual([
        400,
        'com.amazonaws.dynamodb.v20120810#AccessDeniedException',
      ]);
    }
    expect((await send('BatchExecuteStatement', insert)).status).toBe(400);
    expect(proxy.denials).toBe(8);
    expect(store.asked).toHaveLength(8);
  });

  it('ends pages early where it is told to, and never makes them longer', async () => {
    await open({ pageLimit: 5 });
    await send('Scan', { TableName: 'rows', Limit: 1000 });
    await send('Scan', { TableName: 'rows', Limit: 2 });
    await send('Scan', { TableName: 'rows' });
    expect(store.asked.map(({ body }) => body['Limit'])).toEqual([5, 2, 5]);
  });

  it('holds requests while it is paused', async () => {
    await open();
    proxy.pause();
    const held = send('PutItem');
    await new Promise((done) => setTimeout(done, 50));
    expect(store.asked).toEqual([]);
    proxy.continue();
    expect((await held).status).toBe(200);
  });

  it('calls the hook before a request goes on and before its answer comes back, and awaits it', async () => {
    await open();
    const seen: string[] = [];
    proxy.onRequest = async ({ n, operation, writes }, phase) => {
      await new Promise((done) => setTimeout(done, 20));
      seen.push(`${n} ${operation} ${String(writes)} ${phase} ${store.asked.length}`);
      return undefined;
    };
    await send('PutItem');
    await send('GetItem');
    expect(seen).toEqual([
      '1 PutItem true arrived 0',
      '1 PutItem true answered 1',
      '2 GetItem false arrived 1',
      '2 GetItem false answered 2',
    ]);
    expect(proxy.point).toBe('start: GetItem rows #1 answered');
  });

  it.each([
    ['arrived', 0],
    ['answered', 1],
  ] as const)('a hook that says drop when a request has %s ends its connection', async (when, asked) => {
    await open();
    proxy.onRequest = (_, phase) => (phase === when ? 'drop' : undefined);
    await expect(send('PutItem')).rejects.toThrow();
    expect(store.asked).toHaveLength(asked);
  });

  it('tells which writes began after a time, and repeated requests by their hash', async () => {
    await open();
    await send('PutItem', { TableName: 'rows', Item: { id: { S: '1' } } });
    const time = performance.now();
    await send('GetItem');
    await send('PutItem', { TableName: 'rows', Item: { id: { S: '1' } } });
    expect(proxy.writesAfter(time).map(({ n }) => n)).toEqual([3]);
    expect(proxy.writesAfter(0).map(({ n }) => n)).toEqual([1, 3]);
    const [first, , again] = proxy.requests;
    expect(again?.hash).toBe(first?.hash);
    expect(new Set(proxy.requests.map(({ hash }) => hash)).size).toBe(2);
  });

  it('knows what a write is about by the keys of the journal, and in which step it is', async () => {
    await open();
    const item = (pk: string, sk: string) => ({
      Put: { TableName: 'log', Item: { pk: { S: pk }, sk: { S: sk } } },
    });
    const check = {
      ConditionCheck: { TableName: 'log', Key: { pk: { S: 'PLAN#kpi' }, sk: { S: 'LEASE' } } },
    };
    const fenced = (pk: string, sk: string) => ({ TransactItems: [check, item(pk, sk)] });
    await send('PutItem', { TableName: 'log', Item: { pk: { S: 'PLAN#kpi' }, sk: { S: 'LEASE' } } });
    await send('UpdateItem', { TableName: 'log', Key: { pk: { S: 'PLAN#kpi' }, sk: { S: 'LEASE-BEAT' } } });
    await send('TransactWriteItems', fenced('RUN#1', 'STEP#links'));
    await send('Scan');
    await send('BatchExecuteStatement', {
      Statements: [{ Statement: `INSERT INTO "rows" VALUE {'id':'1'}` }],
    });
    await send('TransactWriteItems', fenced('ENTRY#1#links#quarantine#0', 'x'));
    await send('TransactWriteItems', fenced('SEGMENT#1#links#0', '000'));
    await send('TransactWriteItems', fenced('PLAN#kpi', 'STATE#milestones'));
    await send('TransactWriteItems', fenced('SEGMENT#1#milestones#0', '000'));
    expect(proxy.requests.map(({ step, subject, position }) => [step, subject, position])).toEqual([
      ['', 'lease', 1],
      ['', 'heartbeat', 1],
      ['links', 'step', 1],
      ['links', 'rows', 1],
      ['links', 'rows', 1],
      ['links', 'entries', 1],
      ['links', 'checkpoint', 1],
      ['milestones', 'state', 1],
      ['milestones', 'checkpoint', 1],
    ]);
  });
});

describe('the schedule of faults', () => {
  let store: RoteStore;
  let target: string;

  beforeAll(async () => {
    store = new RoteStore();
    target = await store.start();
  });
  afterAll(() => store.stop());

  /** what each of so many requests met */
  const schedule = async (seed: number, rates: number, count: number): Promise<(FaultKind | undefined)[]> => {
    const proxy = await FaultProxy.start(target, { faults: { seed, rates }, maxDelay: 1 });
    for (let n = 0; n < count; n += 1) {
      const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem' };
      await fetch(proxy.endpoint, { method: 'POST', headers, body: '{}' }).catch(() => undefined);
    }
    await proxy.close();
    return proxy.requests.map(({ fault }) => fault);
  };

  it('is the same for the same seed and another for another', async () => {
    const [one, again, other] = await Promise.all([
      schedule(1, 0.3, 60),
      schedule(1, 0.3, 60),
      schedule(2, 0.3, 60),
    ]);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('strikes about as often as it was asked to', async () => {
    const faults = (await schedule(7, 0.2, 300)).filter((fault) => fault !== undefined);
    expect(faults.length / 300).toBeGreaterThan(0.13);
    expect(faults.length / 300).toBeLessThan(0.27);
  });

  it('lets each kind strike early where it is told to, however low the rate', async () => {
    const proxy = await FaultProxy.start(target, {
      faults: { seed: 1, rates: 0.0001, eachAtLeastOnce: true },
      maxDelay: 1,
    });
    for (const operation of [
      'BatchWriteItem',
      'BatchGetItem',
      'BatchExecuteStatement',
      'TransactWriteItems',
      'PutItem',
    ]) {
      const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
      const RequestItems = { rows: operation === 'BatchGetItem' ? { Keys: [{}] } : [{}] };
      const body = JSON.stringify({ RequestItems, Statements: [{ Statement: '' }], TransactItems: [{}] });
      for (let n = 0; n < 20; n += 1) {
        await fetch(proxy.endpoint, { method: 'POST', headers, body }).catch(() => undefined);
      }
    }
    await proxy.close();
    const silent = FAULT_KINDS.filter((kind) => proxy.fired.get(kind) === 0);
    expect([silent, proxy.errors]).toEqual([[], []]);
  });

  it('never lets an operation meet what it has no part in', () => {
    expect(kindsOf('Scan')).not.toContain('unprocessed-keys');
    expect(kindsOf('BatchGetItem')).toContain('unprocessed-keys');
    expect(
      new Set(
        [
          'Scan',
          'BatchGetItem',
          'BatchWriteItem',
          'BatchExecuteStatement',
          'TransactWriteItems',
          'PutItem',
        ].flatMap(kindsOf),
      ),
    ).toEqual(new Set(FAULT_KINDS));
  });
});

describe('seeded random numbers', () => {
  it('are the same for the same seeds, spread over 0 to 1, and whole where asked', () => {
    const numbers = (...seeds: (string | number)[]) => {
      const random = new SeededRandom(...seeds);
      return Array.from({ length: 1000 }, () => random.next());
    };
    expect(numbers(1, 'a')).toEqual(numbers(1, 'a'));
    expect(numbers(1, 'a')).not.toEqual(numbers(1, 'b'));
    const mean = numbers(1).reduce((sum, one) => sum + one, 0) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
    const random = new SeededRandom(3);
    const dice = Array.from({ length: 600 }, () => random.below(6));
    expect(new Set(dice)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });
});
