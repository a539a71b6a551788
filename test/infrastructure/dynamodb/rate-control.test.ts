import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { DynamoSink } from '../../../src/infrastructure/dynamodb/dynamodb-sink.js';
import { RateControl } from '../../../src/infrastructure/dynamodb/rate-control.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { RateGovernor } from '../../../src/infrastructure/rate/rate-governor.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import type { StoreRates } from '../../../src/runner/ports/rates.js';
import type { StampedRow } from '../../../src/runner/ports/record-sink.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';
import { startMeteringProxy, type MeteringProxy } from '../../support/dynamodb/metering-proxy.js';
import {
  error,
  ok,
  startScriptedServer,
  type ScriptedServer,
} from '../../support/dynamodb/scripted-server.js';
import { createTestTables, type TestTables } from '../../support/dynamodb/test-tables.js';

function table(name: string): TableDefinition {
  return { name, role: 'target', partitionKey: 'id', indexes: [{ name: 'by-owner', partitionKey: 'owner' }] };
}

const CARGO = table('waybill-cargo');
const CRATES = table('waybill-crates');

function rows(count: number, bytes: number, name = CARGO.name): StampedRow[] {
  return Array.from({ length: count }, (_, index) => ({
    table: name,
    item: { id: { S: `${bytes}-${index}` }, owner: { S: 'o' }, text: { S: 'x'.repeat(bytes) } },
  }));
}

interface Opened {
  readonly sink: DynamoSink;
  readonly reader: DynamoReader;
  readonly rate: RateControl;
}

function open(client: DynamoDBClient, mapping: TableMapping, rates: StoreRates): Opened {
  const tables = [CARGO, CRATES];
  const rate = new RateControl(
    new RateGovernor(rates),
    tables.map((definition) => mapping.storedDefinition(definition)),
  );
  rate.install(client);
  const paced = { client, mapping, tables, rate, concurrency: 64, retries: instantRetries() };
  return { sink: new DynamoSink(paced), reader: new DynamoReader(paced), rate };
}

describe('the rate of a store', () => {
  let tables: TestTables;
  let proxy: MeteringProxy;
  let client: DynamoDBClient;

  beforeAll(async () => {
    tables = await createTestTables([CARGO, CRATES]);
    proxy = await startMeteringProxy(tables.endpoint);
  });
  afterAll(async () => {
    await proxy.stop();
    await tables.close();
  });
  beforeEach(() => {
    client = createDynamoClient({ endpoint: proxy.endpoint, maxSockets: 80, requestTimeout: 10_000 });
  });
  afterEach(() => client.destroy());

  it('stays below --max-wcu in any second and uses most of it, over all callers', async () => {
    const { sink } = open(client, tables.mapping, { maxWcu: 100 });
    const start = performance.now();
    const callers = [rows(200, 100), rows(150, 1_500), rows(100, 2_500)].map((own) => sink.insert(own));
    const results = (await Promise.all(callers)).flat();
    const seconds = (performance.now() - start) / 1_000;
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['inserted']));
    expect(proxy.written(start, Infinity)).toBe(200 + 300 + 300);
    expect(proxy.worstSecond()).toBeLessThanOrEqual(105);
    // 96 where nothing else is going on; lost time is not made up for, and a busy machine loses much
    expect(800 / seconds).toBeGreaterThan(20);
  }, 30_000);

  it('reads in pages so small that --max-rcu holds, and learns what rows cost', async () => {
    const { sink, reader } = open(client, tables.mapping, { maxRcu: 40 });
    await sink.insert(rows(300, 1_000, CRATES.name));
    const start = performance.now();
    let [found, pages] = [0, 0];
    for await (const { items } of reader.scan(CRATES.name))
      [found, pages] = [found + items.length, pages + 1];
    const seconds = (performance.now() - start) / 1_000;
    expect(found).toBe(300);
    // 300 rows of about 1 KB are 75 units and a little for each page
    expect(seconds).toBeGreaterThan(1.8);
    expect(pages).toBeGreaterThan(20);
  }, 30_000);

  it('goes at another rate from the moment on that it is told', async () => {
    const { sink, rate } = open(client, tables.mapping, { maxWcu: 50 });
    const start = performance.now();
    const inserted = sink.insert(rows(400, 200));
    await new Promise((done) => setTimeout(done, 1_500));
    const turn = performance.now();
    rate.governor.tune({ maxWcu: 400 });
    await inserted;
    const before = proxy.written(start, turn) / (turn - start);
    const after = proxy.written(turn, Infinity) / (performance.now() - turn);
    expect(before * 1_000).toBeLessThan(60);
    expect(after * 1_000).toBeGreaterThan(70);
  }, 30_000);
});

describe('throttling', () => {
  let server: ScriptedServer;
  let client: DynamoDBClient;
  let store: Opened;

  beforeEach(async () => {
    server = await startScriptedServer();
    client = createDynamoClient({
      endpoint: server.endpoint,
      maxSockets: 8,
      requestTimeout: 2_000,
      maxAttempts: 1,
    });
    store = open(client, new TableMapping({ suffix: '', tables: {}, attributes: {} }, [CARGO, CRATES]), {
      maxWcu: 1_000,
    });
  });
  afterEach(async () => {
    client.destroy();
    await server.stop();
  });
  const limits = (name: string): readonly number[] => [
    Math.round(store.rate.governor.rate({ kind: 'write', table: name })),
    Math.round(store.rate.governor.rate({ kind: 'write', table: name, index: 'by-owner' })),
  ];
  const inserted = ok(({ body }) => ({
    Responses: (body['Statements'] as unknown[]).map(() => ({ TableName: CARGO.name })),
  }));

  it('slows the index that the answer names, and nothing else', async () => {
    const resource = `arn:aws:dynamodb:eu-west-1:1:table/${CARGO.name}/index/by-owner`;
    const reasons = { ThrottlingReasons: [{ reason: 'IndexWriteKeyRangeThroughputExceeded', resource }] };
    server.script([error(400, 'ThrottlingException', reasons)], inserted);
    await store.sink.insert(rows(10, 100));
    expect(limits(CRATES.name)).toEqual([960, 960]);
    const [own, index] = limits(CARGO.name);
    expect(own).toBe(960);
    expect(index).toBeLessThan(700);
  });

  it.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'])(
    'slows the table where %s names nothing',
    async (code) => {
      server.script([error(400, code)], inserted);
      await store.sink.insert(rows(10, 100));
      const [own, index] = limits(CARGO.name);
      expect(own).toBeLessThan(700);
      expect(index).toBe(960);
      expect(limits(CRATES.name)).toEqual([960, 960]);
    },
  );

  it('sees throttled statements under HTTP 200', async () => {
    const throttled = { TableName: CARGO.name, Error: { Code: 'ThrottlingError', Message: 'slow down' } };
    server.script([ok({ Responses: [{ TableName: CARGO.name }, throttled] })], inserted);
    await store.sink.insert(rows(2, 100));
    expect(limits(CARGO.name)[0]).toBeLessThan(700);
    expect(limits(CRATES.name)).toEqual([960, 960]);
  });

  it('asks for the capacity of tables and indexes, and paces by estimates where none is reported', async () => {
    server.script([], inserted);
    store.rate.governor.tune({ maxWcu: 40 });
    const start = performance.now();
    await store.sink.insert(rows(40, 100));
    expect(performance.now() - start).toBeGreaterThan(850);
    expect(server.requests.every(({ body }) => body['ReturnConsumedCapacity'] === 'INDEXES')).toBe(true);
  });

  it('settles what the server reports: dearer rows are paid back', async () => {
    const dear = ok(({ body }) => {
      const statements = body['Statements'] as unknown[];
      const units = statements.length * 10;
      return {
        Responses: statements.map(() => ({})),
        ConsumedCapacity: [{ TableName: CARGO.name, CapacityUnits: units, Table: { CapacityUnits: units } }],
      };
    });
    server.script([], dear);
    store.rate.governor.tune({ maxWcu: 100 });
    const start = performance.now();
    for (let turn = 0; turn < 11; turn += 1) await store.sink.insert(rows(1, 100));
    expect(performance.now() - start).toBeGreaterThan(900);
  });
});
