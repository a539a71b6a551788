import { randomBytes } from 'node:crypto';
import type { DynamoDBClient, TransactWriteItem, WriteRequest } from '@aws-sdk/client-dynamodb';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { fromAttributes } from '../../../src/infrastructure/dynamodb/attribute-values.js';
import { itemBytes } from '../../../src/infrastructure/dynamodb/item-size.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { installWriteGuard } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { DynamoJournal } from '../../../src/infrastructure/journal/dynamo-journal.js';
import { DEFAULT_RETRIES } from '../../../src/infrastructure/dynamodb/retry-budget.js';
import { StoreError } from '../../../src/runner/ports/errors.js';
import type { Journal } from '../../../src/runner/ports/journal.js';
import { journalContract } from '../../support/journal-contract.js';
import {
  all,
  checkpoint,
  acceptance,
  fenceOf,
  hugeRecord,
  LATER_RUN,
  quarantined,
  RUN,
  runRecord,
  stepRecord,
  stepState,
} from '../../support/journal-samples.js';
import type { TestServer } from '../../support/dynamodb/server.js';
import { startServer } from '../../support/dynamodb/server.js';
import type { Interception, SentRequest } from './journal-table-fixture.js';
import {
  createJournalTable,
  dropTables,
  interceptRequests,
  itemsOf,
  leaseItem,
} from './journal-table-fixture.js';

let server: TestServer;
let client: DynamoDBClient;
let table: string;
const tables: string[] = [];
const restore: (() => void)[] = [];

beforeAll(async () => {
  server = await startServer();
  client = createDynamoClient({ endpoint: server.endpoint, maxSockets: 64, requestTimeout: 20_000 });
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

class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

class Throttled extends Error {
  override readonly name = 'ProvisionedThroughputExceededException';
}

async function emptyJournal(): Promise<Journal> {
  table = await createJournalTable(client);
  tables.push(table);
  return new DynamoJournal(client, table);
}

async function takeOver(plan: string, token: number): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table, Item: leaseItem(plan, token) }));
}

journalContract('DynamoJournal', emptyJournal, { severalRuns: true, takeOver });
journalContract(
  'DynamoJournal fenced by a lease',
  async () => {
    const journal = await emptyJournal();
    await takeOver('waybill', 7);
    return journal.fencedBy(fenceOf(7, 'waybill'));
  },
  { severalRuns: true, takeOver },
);

describe('DynamoJournal on its table', () => {
  let journal: Journal;
  beforeEach(async () => {
    journal = await emptyJournal();
  });

  const intercept = (interception: Interception): void =>
    void restore.push(interceptRequests(client, interception));
  const sent = (): SentRequest[] => {
    const requests: SentRequest[] = [];
    intercept((request, proceed) => {
      requests.push(request);
      return proceed();
    });
    return requests;
  };
  const batchOf = (request: SentRequest): WriteRequest[] =>
    (request.input['RequestItems'] as Record<string, WriteRequest[]>)[table] ?? [];
  const keysIn = async (prefix: string): Promise<string[]> =>
    (await itemsOf(client, table)).map((item) => item['pk']!.S!).filter((pk) => pk.startsWith(prefix));
  /** the same table, with a store that is given up after a second */
  const quick = (): Journal => new DynamoJournal(client, table, QUICK);
  const list = (images = false) => all(journal.entries(RUN, 'links', 'quarantine', { images }));

  it('lays records out as ADR 0006 says', async () => {
    await journal.saveRun(runRecord());
    await journal.saveStep(stepRecord());
    await journal.saveState(stepState());
    await journal.append(RUN, [quarantined('t#1', { slice: { segment: 11, number: 4 } })]);
    await journal.saveCheckpoint(checkpoint({ segment: 11, cursor: { id: { B: new Uint8Array([7]) } } }));
    await journal.attest('kpi', acceptance());
    const items = await itemsOf(client, table);
    const keys = items.map((item) => `${item['pk']!.S!} | ${item['sk']!.S!}`).sort();
    expect(keys.map((key) => key.replace(/#[0-9a-f]{24}$/, '#<digest>'))).toEqual([
      `ENTRY#${RUN}#links#quarantine#1 | t#1\u0001`,
      'JOURNAL | FORMAT',
      'PLAN#kpi | ATTESTATION#acceptance#2026-11-21T08%3A00%3A00.000Z#<digest>',
      `PLAN#kpi | RUN#${RUN}`,
      'PLAN#kpi | STATE#links',
      `RUN#${RUN} | RUN`,
      `RUN#${RUN} | STEP#links`,
      `SEGMENT#${RUN}#links#3 | 000011`,
    ]);
    expect(items.map((item) => item['format'])).toEqual(items.map(() => ({ N: '2' })));
    const entry = items.find((item) => item['pk']!.S!.startsWith('ENTRY#'));
    expect([entry?.['segment'], entry?.['slice']]).toEqual([{ N: '11' }, { N: '4' }]);
    const segment = items.find((item) => item['pk']!.S!.startsWith('SEGMENT#'));
    expect(segment?.['cursor']).toEqual({ M: { id: { B: new Uint8Array([7]) } } });
    expect(segment?.['record']?.M?.['counters']?.M?.['read']).toEqual({ N: '30' });
    expect(items.find((item) => item['sk']!.S === 'RUN')?.['record']?.M?.['steps']).toEqual({
      L: [{ S: 'links' }, { S: 'milestones' }],
    });
  });

  it('spreads entries over eight partitions', async () => {
    const entries = Array.from({ length: 400 }, (_, i) => quarantined(`t#${String(i)}`));
    await journal.append(RUN, entries);
    const counts = new Map<string, number>();
    for (const pk of await keysIn('ENTRY#')) counts.set(pk, (counts.get(pk) ?? 0) + 1);
    expect(counts.size).toBe(8);
    expect(Math.min(...counts.values())).toBeGreaterThan(25);
  });

  it('passes over a listed run whose record was not written any more', async () => {
    await journal.saveRun(runRecord());
    await journal.saveRun(runRecord({ run: LATER_RUN }));
    await client.send(
      new DeleteItemCommand({ TableName: table, Key: { pk: { S: `RUN#${LATER_RUN}` }, sk: { S: 'RUN' } } }),
    );
    expect((await journal.runs('kpi', 1)).map((run) => run.run)).toEqual([RUN]);
  });

  it('never has a run that is not listed, also when it crashes between the two writes', async () => {
    await journal.runs('kpi', 1);
    intercept(async ({ action, input }, proceed) => {
      const { pk } = (input['Item'] ?? {}) as Record<string, { S?: string } | undefined>;
      if (action === 'PutItem' && pk?.S?.startsWith('PLAN#') === true) throw new PowerCut();
      return proceed();
    });
    await expect(journal.saveRun(runRecord())).rejects.toThrow(StoreError);
    expect(await journal.run(RUN)).toBeUndefined();
  });

  it('lists a hundred runs and more, page by page', async () => {
    const ids = Array.from({ length: 120 }, (_, i) => `20261121T05${String(1000 + i)}Z-0a1b2c`);
    await Promise.all(ids.map((run) => journal.saveRun(runRecord({ run }))));
    expect((await journal.runs('kpi', 1_000)).map((run) => run.run)).toEqual([...ids].reverse());
    expect((await journal.runs('kpi', 110)).map((run) => run.run)).toEqual([...ids].reverse().slice(0, 110));
    expect(await journal.runs('kpi', 0)).toEqual([]);
  });

  it('streams entries page by page, and asks for no page before it is needed', async () => {
    const entries = Array.from({ length: 100 }, (_, i) => quarantined(`t#${String(100 + i)}`));
    await journal.append(RUN, entries);
    let queries = 0;
    intercept((request, proceed) => {
      if (request.action !== 'Query') return proceed();
      queries += 1;
      return proceed({ ...request.input, Limit: 3 });
    });
    for await (const entry of journal.entries(RUN, 'links', 'quarantine')) {
      expect(entry.source).toBe('t#100');
      break;
    }
    expect(queries).toBe(8);
    expect(await list(true)).toEqual(entries);
    expect(queries).toBeGreaterThan(8 + 100 / 3);
  });

  it('works behind a write guard that permits its table, and only reads behind that of a dry run', async () => {
    const guarded = (readOnly: boolean): DynamoJournal => {
      const own = createDynamoClient({ endpoint: server.endpoint, maxSockets: 8, requestTimeout: 20_000 });
      restore.push(() => own.destroy());
      const tables = new Map([[table, { writes: 'any', keys: ['pk', 'sk'] } as const]]);
      installWriteGuard(own, { tables, readOnly, tableAdmin: false });
      return new DynamoJournal(own, table);
    };
    const [real, dry] = [guarded(false), guarded(true)];
    await takeOver('kpi', 1);
    const fenced = guarded(false).fencedBy(fenceOf(1));
    await fenced.append(RUN, [quarantined('t#0', { image: hugeRecord('t#0') })]);
    expect(await fenced.prune(RUN, 'links', 'quarantine', () => false)).toBe(1);
    await real.saveRun(runRecord());
    await real.append(RUN, [quarantined('t#1', { image: hugeRecord('t#1') })]);
    await real.append(RUN, [quarantined('t#1')]);
    expect(await dry.entry(RUN, 'links', 'quarantine', 't#1')).toEqual(quarantined('t#1'));
    expect(await dry.runs('kpi', 1)).toEqual([runRecord()]);
    await expect(dry.saveRun(runRecord())).rejects.toMatchObject({ code: 'WRITE_FORBIDDEN' });
  });

  it('keeps ten thousand announcements in less than 200 KB, far from the limit of an item', async () => {
    const announced = Array.from({ length: 10_000 }, () =>
      randomBytes(17).toString('base64url').slice(0, 22),
    );
    await journal.saveCheckpoint(checkpoint({ announced }));
    const [item] = (await itemsOf(client, table)).filter(({ pk }) => pk!.S!.startsWith('SEGMENT#'));
    expect(itemBytes(fromAttributes(item!))).toBeLessThan(200 * 1024);
  });

  it('reads no image where none is asked for', async () => {
    const small = quarantined('t#small');
    await journal.append(RUN, [small, quarantined('t#huge', { image: hugeRecord('t#huge') })]);
    const requests = sent();
    expect(await list()).toHaveLength(2);
    const read = JSON.stringify(requests);
    expect(requests.length).toBeGreaterThan(0);
    expect(read).not.toContain('IMAGE#');
    expect(read).not.toContain('"images"');
  });

  it('removes the parts of an image that was replaced, also by one that needs none', async () => {
    const image = hugeRecord('t#1');
    await journal.append(RUN, [quarantined('t#1', { image, found: hugeRecord('t#1') })]);
    expect(await keysIn('IMAGE#')).toHaveLength(3);
    await journal.append(RUN, [quarantined('t#1', { image })]);
    expect(await keysIn('IMAGE#')).toHaveLength(2);
    await journal.append(RUN, [quarantined('t#1', { image })]);
    expect(await keysIn('IMAGE#')).toHaveLength(2);
    await journal.append(RUN, [quarantined('t#1')]);
    expect(await keysIn('IMAGE#')).toEqual([]);
  });

  it('leaves no part of an image behind when it prunes, nor an entry without its parts when it crashes', async () => {
    const huge = quarantined('t#1', { image: hugeRecord('t#1'), found: hugeRecord('t#1') });
    await journal.append(RUN, [huge, quarantined('t#2', { image: hugeRecord('t#2') })]);
    expect(await journal.prune(RUN, 'links', 'quarantine', ({ source }) => source === 't#2')).toBe(1);
    expect(await keysIn('IMAGE#')).toHaveLength(2);
    let writes = 0;
    intercept(async ({ action }, proceed) => {
      if (action === 'BatchWriteItem' && writes++ > 0) throw new PowerCut();
      return proceed();
    });
    await expect(journal.prune(RUN, 'links', 'quarantine', () => false)).rejects.toThrow(StoreError);
    expect(await list(true)).toEqual([]);
  });

  it('has the old entry or the new one, whole, whichever request was the last before a crash', async () => {
    const old = quarantined('t#1', { image: hugeRecord('t#1'), found: hugeRecord('t#1'), detail: 'old' });
    const replacement = quarantined('t#1', { image: hugeRecord('t#1'), detail: 'new' });
    for (const [from, to] of [
      [old, replacement],
      [replacement, old],
    ] as const) {
      const seen: string[] = [];
      for (let survived = 0; survived <= 3; survived++) {
        await journal.append(RUN, [from]);
        let writes = 0;
        const undo = interceptRequests(client, async ({ action }, proceed) => {
          if (action === 'BatchWriteItem' && writes++ >= survived) throw new PowerCut();
          return proceed();
        });
        const crash = journal.append(RUN, [to]);
        await (survived < 3 ? expect(crash).rejects.toThrow(StoreError) : crash);
        undo();
        const entry = await journal.entry(RUN, 'links', 'quarantine', 't#1');
        const source = entry?.detail === 'old' ? old : replacement;
        expect(JSON.stringify(entry?.image) === JSON.stringify(source.image)).toBe(true);
        expect(JSON.stringify(entry?.found) === JSON.stringify(source.found)).toBe(true);
        seen.push(entry!.detail);
      }
      expect(seen).toEqual([from.detail, from.detail, to.detail, to.detail]);
    }
  });

  it('writes batches of at most 25, and repeats what the store left unprocessed until it has everything', async () => {
    const sizes: number[] = [];
    let left = 0;
    intercept(async (request, proceed) => {
      if (request.action !== 'BatchWriteItem') return proceed();
      const batch = batchOf(request);
      const taken = batch.slice(0, Math.ceil(batch.length / 3));
      sizes.push(batch.length);
      left += batch.length - taken.length;
      await proceed({ RequestItems: { [table]: taken } });
      return {
        UnprocessedItems: taken.length === batch.length ? {} : { [table]: batch.slice(taken.length) },
      };
    });
    const entries = Array.from({ length: 60 }, (_, i) => quarantined(`t#${String(100 + i)}`));
    await quick().append(RUN, entries);
    expect(left).toBeGreaterThan(60);
    expect(Math.max(...sizes)).toBe(25);
    expect(await list(true)).toEqual(entries);
  });

  it('repeats a batch that was throttled as a whole, and reads again the keys left unprocessed', async () => {
    await journal.saveRun(runRecord());
    await journal.saveRun(runRecord({ run: LATER_RUN }));
    let throttled = 0;
    intercept(async (request, proceed) => {
      if (request.action === 'BatchWriteItem' && throttled++ < 3) throw new Throttled();
      if (request.action !== 'BatchGetItem') return proceed();
      const { Keys: keys, ...rest } = (request.input['RequestItems'] as Record<string, { Keys: unknown[] }>)[
        table
      ]!;
      if (keys.length === 1) return proceed();
      const answer = await proceed({ RequestItems: { [table]: { ...rest, Keys: keys.slice(0, 1) } } });
      return { ...answer, UnprocessedKeys: { [table]: { ...rest, Keys: keys.slice(1) } } };
    });
    expect((await quick().runs('kpi', 5)).map((run) => run.run)).toEqual([LATER_RUN, RUN]);
    await quick().append(RUN, [quarantined('t#1')]);
    expect(throttled).toBe(4);
    expect(await list()).toHaveLength(1);
  });

  it('fails with STORE_THROTTLED when the store takes nothing any more, and drops nothing silently', async () => {
    intercept(async (request, proceed) => {
      if (request.action !== 'BatchWriteItem') return proceed();
      return { UnprocessedItems: request.input['RequestItems'] };
    });
    await expect(quick().append(RUN, [quarantined('t#1')])).rejects.toMatchObject({
      code: 'STORE_THROTTLED',
    });
  });

  it('writes nothing while it only reads', async () => {
    await journal.runs('kpi', 5);
    await list();
    expect(await itemsOf(client, table)).toEqual([]);
  });

  it('says that it is damaged when a part of an image is gone, and names the record only', async () => {
    await journal.append(RUN, [quarantined('t#1', { image: hugeRecord('t#1') })]);
    const part = (await itemsOf(client, table)).find((item) => item['pk']!.S!.startsWith('IMAGE#'))!;
    const key = { pk: part['pk']!, sk: part['sk']! };
    await client.send(
      new PutItemCommand({ TableName: table, Item: { ...part, part: { B: new Uint8Array(9) } } }),
    );
    await expect(list(true)).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
    await client.send(new DeleteItemCommand({ TableName: table, Key: key }));
    await expect(list(true)).rejects.toThrow('t#1');
    expect(await list()).toHaveLength(1);
  });

  it('reads an entry again that is replaced while its image is read', async () => {
    const [first, second] = [hugeRecord('t#1'), hugeRecord('t#1')];
    await journal.append(RUN, [quarantined('t#1', { image: first })]);
    let replaced = false;
    intercept(async (request, proceed) => {
      if (!replaced && JSON.stringify(request.input).includes('"IMAGE#')) {
        replaced = true;
        await journal.append(RUN, [quarantined('t#1', { image: second, detail: 'second' })]);
      }
      return proceed();
    });
    const [entry] = await list(true);
    expect(entry?.detail).toBe('second');
    expect(JSON.stringify(entry?.image) === JSON.stringify(second)).toBe(true);
  });

  it('fails with TABLE_MISSING where there is no table', async () => {
    const nowhere = new DynamoJournal(client, 'waybill-journal-test-nowhere');
    await expect(nowhere.runs('kpi', 1)).rejects.toMatchObject({ code: 'TABLE_MISSING' });
  });

  describe('fenced by a lease', () => {
    let fenced: Journal;
    beforeEach(async () => {
      await takeOver('kpi', 3);
      fenced = new DynamoJournal(client, table, QUICK).fencedBy(fenceOf(3));
    });
    const transactions = (requests: readonly SentRequest[]): number[] =>
      requests
        .filter(({ action }) => action === 'TransactWriteItems')
        .map(({ input }) => (input['TransactItems'] as unknown[]).length);
    const writesOf = (requests: readonly SentRequest[]): string[] =>
      requests.map(({ action }) => action).filter((action) => !/Get|Query/.test(action));

    it('writes a run and its place in the list at once', async () => {
      await fenced.saveRun(runRecord());
      const requests = sent();
      await fenced.saveRun(runRecord({ run: LATER_RUN }));
      expect(writesOf(requests)).toEqual(['TransactWriteItems']);
      expect(transactions(requests)).toEqual([3]);
    });

    it('writes nothing but the mark of the format without the check of the lease', async () => {
      const requests = sent();
      await fenced.saveRun(runRecord());
      await fenced.saveStep(stepRecord());
      await fenced.saveState(stepState());
      await fenced.saveCheckpoint(checkpoint());
      await fenced.append(RUN, [quarantined('t#1', { image: hugeRecord('t#1') })]);
      await fenced.append(RUN, [quarantined('t#1')]);
      await fenced.prune(RUN, 'links', 'quarantine', () => false);
      await fenced.attest('kpi', acceptance());
      expect(writesOf(requests).filter((action) => action !== 'TransactWriteItems')).toEqual(['PutItem']);
      for (const { input, action } of requests) {
        if (action !== 'TransactWriteItems') continue;
        const [check] = input['TransactItems'] as TransactWriteItem[];
        expect(check?.ConditionCheck?.ExpressionAttributeValues).toEqual({ ':token': { N: '3' } });
      }
    });

    it('fills transactions up to a hundred items, and waits for one before it sends the next', async () => {
      await fenced.saveRun(runRecord());
      let inFlight = 0;
      const sizes: number[] = [];
      intercept(async ({ action, input }, proceed) => {
        if (action !== 'TransactWriteItems') return proceed();
        inFlight += 1;
        expect(inFlight).toBe(1);
        sizes.push((input['TransactItems'] as unknown[]).length);
        const answer = await proceed();
        inFlight -= 1;
        return answer;
      });
      const entries = Array.from({ length: 230 }, (_, i) => quarantined(`t#${1_000 + i}`));
      await Promise.all([fenced.append(RUN, entries), fenced.saveStep(stepRecord())]);
      expect(sizes.sort((a, b) => a - b)).toEqual([2, 33, 100, 100]);
    });

    it('counts a transaction as done whose answer got lost, though the lease is lost meanwhile', async () => {
      await fenced.saveRun(runRecord());
      let lost = 0;
      intercept(async ({ action }, proceed) => {
        const answer = await proceed();
        if (action !== 'TransactWriteItems' || lost++ > 0) return answer;
        await takeOver('kpi', 4);
        throw Object.assign(new Error('lost'), { name: 'InternalServerError' });
      });
      await fenced.saveCheckpoint(checkpoint());
      expect(lost).toBe(2);
      expect(await journal.checkpoints(RUN, 'links')).toEqual([checkpoint()]);
      await expect(fenced.saveCheckpoint(checkpoint())).rejects.toMatchObject({ code: 'LEASE_LOST' });
    });

    it('loses no later checkpoint to a request that arrives after its own repetition', async () => {
      await fenced.saveRun(runRecord());
      let late: (() => Promise<object>) | undefined;
      intercept(async ({ action }, proceed) => {
        if (action !== 'TransactWriteItems' || late !== undefined) return proceed();
        late = proceed;
        throw Object.assign(new Error('no answer'), { name: 'InternalServerError' });
      });
      await fenced.saveCheckpoint(checkpoint({ slices: 1 }));
      await fenced.saveCheckpoint(checkpoint({ slices: 2 }));
      await late?.();
      expect((await journal.checkpoints(RUN, 'links')).map(({ slices }) => slices)).toEqual([2]);
    });
  });
});
