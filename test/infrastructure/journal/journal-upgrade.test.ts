import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoJournal } from '../../../src/infrastructure/journal/dynamo-journal.js';
import type { Journal, JournalEntry } from '../../../src/runner/ports/journal.js';
import type { TestServer } from '../../support/dynamodb/server.js';
import { startServer } from '../../support/dynamodb/server.js';
import {
  acceptance,
  all,
  checkpoint,
  fenceOf,
  LATER_RUN,
  quarantined,
  RUN,
  runRecord,
  stepRecord,
  stepState,
} from '../../support/journal-samples.js';
import {
  createJournalTable,
  dropTables,
  interceptRequests,
  itemsOf,
  leaseItem,
} from './journal-table-fixture.js';

type Item = Record<string, AttributeValue>;

const FORMAT_KEY = { pk: { S: 'JOURNAL' }, sk: { S: 'FORMAT' } };
const ONE = { format: { N: '1' } };
const text = (...strings: string[]): AttributeValue => ({ L: strings.map((S) => ({ S })) });

/** A table as version 0.1 of this code left it, item by item. */
const FORMAT_1: readonly Item[] = [
  { ...FORMAT_KEY, ...ONE },
  { pk: { S: 'PLAN#kpi' }, sk: { S: `RUN#${RUN}` }, ...ONE, run: { S: RUN } },
  {
    ...{ pk: { S: `RUN#${RUN}` }, sk: { S: 'RUN' }, ...ONE },
    record: {
      M: {
        ...{ run: { S: RUN }, plan: { S: 'kpi' }, env: { S: 'staging' }, planVersion: { S: 'sha256:4f6a' } },
        ...{ dryRun: { BOOL: false }, status: { S: 'failed' }, startedAt: { S: '2026-11-21T05:35:12.000Z' } },
        ...{ endedAt: { S: '2026-11-21T05:40:00.000Z' }, steps: text('links'), flags: { L: [] } },
      },
    },
  },
  {
    ...{ pk: { S: `RUN#${RUN}` }, sk: { S: 'STEP#links' }, ...ONE },
    record: {
      M: {
        ...{ run: { S: RUN }, step: { S: 'links' }, status: { S: 'failed' }, checks: { L: [] } },
        ...{ findings: { N: '0' }, reasons: { M: { KPI_MISSING: { N: '1' } } } },
        counters: {
          M: {
            ...{ read: { N: '1' }, created: { N: '0' }, updated: { N: '0' }, unchanged: { N: '0' } },
            ...{ skipped: { N: '0' }, quarantined: { N: '1' }, conflict: { N: '0' }, rows: { N: '0' } },
          },
        },
      },
    },
  },
  {
    ...{ pk: { S: 'PLAN#kpi' }, sk: { S: 'STATE#links' }, ...ONE },
    record: {
      M: {
        ...{ plan: { S: 'kpi' }, step: { S: 'links' }, status: { S: 'failed' }, run: { S: RUN } },
        ...{ planVersion: { S: 'sha256:4f6a' }, at: { S: '2026-11-21T05:40:00.000Z' } },
      },
    },
  },
  {
    ...{ pk: { S: `ENTRY#${RUN}#links#quarantine#1` }, sk: { S: 't#1\u0001' }, ...ONE },
    ...{ source: { S: 't#1' }, reason: { S: 'KPI_MISSING' }, detail: { S: 'no such KPI' } },
  },
];

const OLD_RUN = {
  run: RUN,
  plan: 'kpi',
  env: 'staging',
  planVersion: 'sha256:4f6a',
  dryRun: false,
  status: 'failed',
  startedAt: '2026-11-21T05:35:12.000Z',
  endedAt: '2026-11-21T05:40:00.000Z',
  steps: ['links'],
  flags: [],
};
const OLD_ENTRY = {
  kind: 'quarantine',
  step: 'links',
  source: 't#1',
  reason: 'KPI_MISSING',
  detail: 'no such KPI',
};
const OLD_STATE = {
  plan: 'kpi',
  step: 'links',
  status: 'failed',
  run: RUN,
  planVersion: 'sha256:4f6a',
  at: '2026-11-21T05:40:00.000Z',
};

let server: TestServer;
let client: DynamoDBClient;
let table: string;
const tables: string[] = [];

beforeAll(async () => {
  server = await startServer();
  client = createDynamoClient({ endpoint: server.endpoint, maxSockets: 16, requestTimeout: 20_000 });
});
beforeEach(async () => {
  table = await createJournalTable(client);
  tables.push(table);
});
afterAll(async () => {
  await dropTables(client, tables);
  client.destroy();
  await server.stop();
});

const put = async (...items: readonly Item[]): Promise<void> => {
  for (const item of items) await client.send(new PutItemCommand({ TableName: table, Item: item }));
};
const journal = (): Journal => new DynamoJournal(client, table);
const entries = (from: Journal): Promise<JournalEntry[]> => all(from.entries(RUN, 'links', 'quarantine'));
const formatOf = async (): Promise<string | undefined> =>
  (await itemsOf(client, table)).find(({ pk }) => pk?.S === 'JOURNAL')?.['format']?.N;

/** Everything that a journal can be asked for. */
const READS: readonly ((from: Journal) => Promise<unknown>)[] = [
  (from) => from.run(RUN),
  (from) => from.runs('kpi', 1),
  (from) => from.steps(RUN),
  (from) => from.states('kpi'),
  (from) => from.checkpoints(RUN, 'links'),
  (from) => entries(from),
  (from) => from.entry(RUN, 'links', 'quarantine', 't#1'),
  (from) => from.attestations('kpi', 'acceptance'),
];
const WRITES: readonly ((to: Journal) => Promise<unknown>)[] = [
  (to) => to.saveRun(runRecord({ run: LATER_RUN })),
  (to) => to.saveStep(stepRecord({ run: LATER_RUN })),
  (to) => to.saveState(stepState({ step: 'milestones' })),
  (to) => to.saveCheckpoint(checkpoint({ run: LATER_RUN })),
  (to) => to.append(LATER_RUN, [quarantined('t#2')]),
  (to) => to.prune(LATER_RUN, 'links', 'quarantine', () => false),
  (to) => to.attest('kpi', acceptance()),
];

describe('a journal of format 1', () => {
  beforeEach(async () => put(...FORMAT_1));

  it('is read as it is, and stays as it is', async () => {
    expect(await journal().run(RUN)).toEqual(OLD_RUN);
    expect(await journal().runs('kpi', 5)).toEqual([OLD_RUN]);
    expect(await journal().steps(RUN)).toEqual([
      {
        ...{
          run: RUN,
          step: 'links',
          status: 'failed',
          checks: [],
          findings: 0,
          reasons: { KPI_MISSING: 1 },
        },
        counters: {
          ...{ read: 1, created: 0, updated: 0, unchanged: 0, skipped: 0, quarantined: 1, conflict: 0 },
          rows: 0,
        },
      },
    ]);
    expect(await journal().states('kpi')).toEqual([OLD_STATE]);
    expect(await entries(journal())).toEqual([OLD_ENTRY]);
    expect(await journal().checkpoints(RUN, 'links')).toEqual([]);
    expect(await journal().attestations('kpi', 'acceptance')).toEqual([]);
    expect(await itemsOf(client, table)).toHaveLength(FORMAT_1.length);
    expect(await formatOf()).toBe('1');
  });

  it.each(WRITES.map((write, index) => [index, write] as const))(
    'becomes one of format 2 by the first write (%#), and keeps its items as they are',
    async (_, write) => {
      await write(journal());
      expect(await formatOf()).toBe('2');
      const items = await itemsOf(client, table);
      expect(items.filter(({ format }) => format?.N === '1').map(({ sk }) => sk?.S)).toHaveLength(5);
      for (const old of FORMAT_1.slice(1)) expect(items).toContainEqual(old);
      expect(await journal().run(RUN)).toEqual(OLD_RUN);
      expect(await entries(journal())).toEqual([OLD_ENTRY]);
    },
  );

  it('is upgraded before anything else is written, also by the holder of a lease', async () => {
    await put(leaseItem('kpi', 1));
    const written: unknown[] = [];
    const undo = interceptRequests(client, ({ action, input }, proceed) => {
      if (action === 'PutItem') written.push([action, (input['Item'] as Item)['pk']]);
      if (action === 'TransactWriteItems') written.push([action]);
      return proceed();
    });
    await journal().fencedBy(fenceOf(1)).saveStep(stepRecord());
    undo();
    expect(written).toEqual([['PutItem', { S: 'JOURNAL' }], ['TransactWriteItems']]);
  });

  it('can be upgraded by several at once', async () => {
    await Promise.all(WRITES.map((write) => write(journal())));
    expect(await formatOf()).toBe('2');
  });

  it('is left alone where somebody else has made it one of a later format meanwhile', async () => {
    const undo = interceptRequests(client, async ({ action, input }, proceed) => {
      if (action === 'PutItem' && JSON.stringify(input).includes('JOURNAL')) {
        undo();
        await put({ ...FORMAT_KEY, format: { N: '3' } });
      }
      return proceed();
    });
    await expect(journal().saveStep(stepRecord())).rejects.toMatchObject({ code: 'JOURNAL_FORMAT' });
    expect(await formatOf()).toBe('3');
    expect(await itemsOf(client, table)).toHaveLength(FORMAT_1.length);
  });

  it('is upgraded also where an older version marks the empty table just before us', async () => {
    table = await createJournalTable(client);
    tables.push(table);
    const undo = interceptRequests(client, async ({ action, input }, proceed) => {
      if (action === 'PutItem' && JSON.stringify(input).includes('JOURNAL')) {
        undo();
        await put({ ...FORMAT_KEY, ...ONE });
      }
      return proceed();
    });
    await journal().saveStep(stepRecord());
    expect(await formatOf()).toBe('2');
  });

  it('is not written to where its mark does not stay', async () => {
    const undo = interceptRequests(client, ({ action, input }, proceed) =>
      action === 'PutItem' && JSON.stringify(input).includes('JOURNAL') ? Promise.resolve({}) : proceed(),
    );
    await expect(journal().saveStep(stepRecord())).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
    undo();
    expect(await itemsOf(client, table)).toHaveLength(FORMAT_1.length);
  });

  it('has a mark afterwards that a version for format 1 alone refuses, reading and writing', async () => {
    await journal().saveStep(stepRecord());
    // that version looked at this item first, and went on only where its format was the number 1
    const marks = (await itemsOf(client, table)).filter(({ pk }) => pk?.S === 'JOURNAL');
    expect(marks).toEqual([{ ...FORMAT_KEY, format: { N: '2' } }]);
  });
});

describe('a journal of a format that we do not know', () => {
  const refused = { name: 'RefusedError', code: 'JOURNAL_FORMAT', exit: 3 };

  it.each<[string, Item]>([
    ['a later one', { format: { N: '3' } }],
    ['an earlier one', { format: { N: '0' } }],
    ['between two', { format: { N: '1.5' } }],
    ['as text', { format: { S: '2' } }],
    ['none', {}],
  ])('is refused, reading and writing, and left as it is: %s', async (_, format) => {
    const marker = { ...FORMAT_KEY, ...format };
    await put(marker);
    for (const read of READS) await expect(read(journal())).rejects.toMatchObject(refused);
    for (const write of WRITES) {
      await expect(write(journal())).rejects.toMatchObject(refused);
      await expect(write(journal().fencedBy(fenceOf(1)))).rejects.toMatchObject(refused);
    }
    expect(await itemsOf(client, table)).toEqual([marker]);
  });

  it('is refused item by item too', async () => {
    await journal().saveRun(runRecord());
    const key = { pk: { S: `RUN#${RUN}` }, sk: { S: 'RUN' } };
    for (const format of [{ N: '9' }, { S: '2' }, undefined]) {
      await put({ ...key, ...(format !== undefined && { format }) });
      await expect(journal().run(RUN)).rejects.toMatchObject(refused);
    }
  });
});
