import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { openCurrentPhase } from '../../../src/cutover/open-current-phase.js';
import { DEFAULT_RETRIES } from '../../../src/infrastructure/dynamodb/retry-budget.js';
import { DynamoJournal } from '../../../src/infrastructure/journal/dynamo-journal.js';
import { DynamoPhaseStore } from '../../../src/infrastructure/journal/dynamo-phase-store.js';
import type { TestServer } from '../../support/dynamodb/server.js';
import { startServer } from '../../support/dynamodb/server.js';
import { BACK_AGAIN, DUAL_WRITES, phaseStoreContract } from '../../support/phase-store-contract.js';
import { createJournalTable, dropTables, interceptRequests, itemsOf } from './journal-table-fixture.js';

let server: TestServer;
let client: DynamoDBClient;
let table: string;
const tables: string[] = [];
const restore: (() => void)[] = [];

beforeAll(async () => {
  server = await startServer();
  client = createDynamoClient({ endpoint: server.endpoint, maxSockets: 16, requestTimeout: 20_000 });
});
afterEach(() => {
  for (const undo of restore.splice(0)) undo();
});
afterAll(async () => {
  await dropTables(client, tables);
  client.destroy();
  await server.stop();
});

const QUICK = { ...DEFAULT_RETRIES, base: 2, cap: 20, total: 1_000 };

async function emptyStore(): Promise<DynamoPhaseStore> {
  table = await createJournalTable(client);
  tables.push(table);
  return new DynamoPhaseStore(client, table, QUICK);
}

async function putPhase(record: Record<string, object>, version = '1'): Promise<void> {
  const Item = {
    pk: { S: 'PLAN#kpi' },
    sk: { S: 'PHASE' },
    format: { N: '2' },
    version: { N: version },
    record: { M: record as never },
  };
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

phaseStoreContract('DynamoPhaseStore', emptyStore);

describe('DynamoPhaseStore', () => {
  it('E-X18: keeps the phase and its changes as items of the plan (ADR 0006)', async () => {
    const store = await emptyStore();
    await store.change(DUAL_WRITES);
    const items = await itemsOf(client, table);
    expect(items.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`).toSorted()).toEqual([
      'JOURNAL FORMAT',
      'PLAN#kpi PHASE',
      'PLAN#kpi PHASE#0000000001',
    ]);
    const change = items.find(({ sk }) => sk?.S === 'PHASE#0000000001');
    expect(change?.['record']?.M).toMatchObject({ by: { S: 'ann' }, why: { S: 'CHG-4711' } });
  });

  it('E-X18: reads are strongly consistent', async () => {
    const store = await emptyStore();
    const consistent: unknown[] = [];
    restore.push(
      interceptRequests(client, ({ action, input }, proceed) => {
        if (action !== 'TransactWriteItems') consistent.push(input['ConsistentRead']);
        return proceed();
      }),
    );
    await store.read('kpi');
    await store.history('kpi');
    expect(consistent).toEqual([true, true, true]);
  });

  it('E-X18: a change whose answer got lost is made once, and is a success', async () => {
    const store = await emptyStore();
    await store.read('kpi');
    let lost = 0;
    restore.push(
      interceptRequests(client, async ({ action }, proceed) => {
        const answer = await proceed();
        if (action !== 'TransactWriteItems' || lost > 0) return answer;
        lost += 1;
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      }),
    );
    await store.change(DUAL_WRITES);
    expect(lost).toBe(1);
    expect(await store.history('kpi')).toEqual([DUAL_WRITES.last]);
  });

  it('E-X18: no change is ever written over', async () => {
    const store = await emptyStore();
    await store.change(DUAL_WRITES);
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: 'PLAN#kpi' }, sk: { S: 'PHASE#0000000002' }, format: { N: '2' }, record: { M: {} } },
      }),
    );
    await expect(store.change(BACK_AGAIN)).rejects.toMatchObject({ code: 'PHASE_CHANGED' });
    expect(await store.read('kpi')).toEqual(DUAL_WRITES);
  });

  it.each([
    ['no phase that there is', { phase: { M: { name: { S: 'cleanup' }, share: { N: '0' } } } }],
    ['reading without a share', { phase: { M: { name: { S: 'reading' }, share: { N: '0' } } } }],
    ['reads of a model that is not written', { phase: { M: { name: { S: 'legacy' }, share: { N: '50' } } } }],
    ['half of single writes', { phase: { M: { name: { S: 'new-only' }, share: { N: '50' } } } }],
    ['no phase at all', {}],
  ])('E-X19: %s is refused when it is read', async (_what, record) => {
    const store = await emptyStore();
    const last = { M: {} };
    await putPhase({ ...record, last });
    await expect(store.read('kpi')).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
  });

  it('a table of another format is refused', async () => {
    const store = await emptyStore();
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: 'JOURNAL' }, sk: { S: 'FORMAT' }, format: { N: '9' } },
      }),
    );
    await expect(store.read('kpi')).rejects.toMatchObject({ code: 'JOURNAL_FORMAT' });
    await expect(store.change(DUAL_WRITES)).rejects.toMatchObject({ code: 'JOURNAL_FORMAT' });
  });

  it('runs and states of the plan stand beside it', async () => {
    const store = await emptyStore();
    await store.change(DUAL_WRITES);
    const journal = new DynamoJournal(client, table, QUICK);
    expect(await journal.runs('kpi', 10)).toEqual([]);
    expect(await journal.states('kpi')).toEqual([]);
  });
});

describe('openCurrentPhase', () => {
  it('E-X18, E-23: tells a process of the application what another one decided', async () => {
    const store = await emptyStore();
    const current = openCurrentPhase({ client, journalTable: table, plan: 'kpi' });
    expect(await current.conduct()).toEqual({ writes: 'legacy', truth: 'legacy', share: 0 });
    await store.change(DUAL_WRITES);
    const other = openCurrentPhase({ client, journalTable: table, plan: 'kpi' });
    expect(await other.conduct()).toEqual({ writes: 'both', truth: 'legacy', share: 0 });
  });

  it('E-X18: a table that is not there is no reason to take the legacy model', async () => {
    const current = openCurrentPhase({ client, journalTable: 'waybill-journal-nowhere', plan: 'kpi' });
    await expect(current.phase()).rejects.toMatchObject({ code: 'PHASE_UNKNOWN' });
  });
});
