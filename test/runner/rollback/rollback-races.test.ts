import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { withStamp } from '../../../src/domain/storage/stored.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { StoreError } from '../../../src/runner/ports/errors.js';
import type { RecordSink } from '../../../src/runner/ports/record-sink.js';
import { Failpoints } from '../../support/faults/failpoints.js';
import { id } from '../../support/engine/small-rows.js';
import { TABLE, tablesWith } from '../../support/kpi/tables.js';
import { migrated } from './company.js';
import { keptLine, RollbackTrial, totals } from './rollback-trial.js';

const DATA = TABLE.kpiData;
const ROW = id('d1', 1);
const idOf = (row: StoredItem): string => (row['id'] as { S: string }).S;

const noteless = ({ note: _, ...row }: StoredItem): StoredItem => row;

/** A sink before whose deletes something happens. */
function sinkWith(
  store: MemoryStore,
  before: (table: string, image: StoredItem) => Promise<void>,
): RecordSink {
  return {
    check: (row) => store.check(row),
    insert: (rows) => store.insert(rows),
    replace: (row, image) => store.replace(row, image),
    remove: async (table, image) => {
      await before(table, image);
      return store.remove(table, image);
    },
  };
}

/** A migrated trial in which the application gets in between the look at `ROW` and its removal. */
async function racing(
  act: (store: MemoryStore, row: StoredItem, look: number) => void,
): Promise<RollbackTrial> {
  let look = 0;
  return migrated({
    sink: (store) =>
      sinkWith(store, (_, image) => {
        if (idOf(image) === ROW) act(store, image, (look += 1));
        return Promise.resolve();
      }),
  });
}

const rowOf = (trial: RollbackTrial): StoredItem | undefined =>
  trial.store.rows(DATA).find((row) => idOf(row) === ROW);

describe('invariant 9: a row that changes between the look at it and its removal', () => {
  it.each([
    ['changed', { postValue: { N: '4711' } }],
    ['extended by an attribute', { note: { S: 'mine now' } }],
    [
      'stamped by somebody',
      { _migration: { M: { source: { S: 'x#1' }, run: { S: 'r' }, digest: { S: 'd' } } } },
    ],
  ] as const)('stays and is listed where it was %s', async (_, changes) => {
    const trial = await racing((store, row, look) => {
      if (look === 1) store.load(DATA, [{ ...row, ...changes }]);
    });
    const result = await trial.rollback();
    expect(rowOf(trial)).toMatchObject(changes);
    expect(result.kept.map(keptLine)).toEqual([`milestones ${DATA}#${ROW} CHANGED_MEANWHILE`]);
    expect(totals(result)).toContain('milestones rolled-back 3/1/1');
  });

  it('goes where it was changed and changed back', async () => {
    const trial = await racing((store, row, look) => {
      if (look === 1) store.load(DATA, [{ ...row, note: { S: 'soon gone' } }]);
    });
    const load = trial.store.get.bind(trial.store);
    trial.store.get = async (table, keys) => {
      const [row] = await load(table, keys);
      if (table === DATA && row?.['note'] !== undefined) trial.store.load(DATA, [noteless(row)]);
      return load(table, keys);
    };
    expect((await trial.rollback()).kept).toEqual([]);
    expect(rowOf(trial)).toBeUndefined();
  });

  it('stays where it never comes to rest', async () => {
    const trial = await racing((store, row, look) => {
      store.load(DATA, [{ ...row, note: { S: String(look) } }]);
    });
    const get = trial.store.get.bind(trial.store);
    trial.store.get = async (table, keys) => {
      const found = await get(table, keys);
      return found.map((row) => (table === DATA && row !== undefined ? noteless(row) : row));
    };
    const result = await trial.rollback();
    expect(result.kept.map(keptLine)).toEqual([`milestones ${DATA}#${ROW} CHANGED_MEANWHILE`]);
    expect(rowOf(trial)).toBeDefined();
  });

  it('counts as removed where it is gone: the answer to a delete may have been lost', async () => {
    const trial = await racing((store, row) => void store.erase(DATA, { id: row['id'] as { S: string } }));
    const result = await trial.rollback();
    expect(result.kept).toEqual([]);
    expect(totals(result)).toContain('milestones rolled-back 4/0/1');
  });
});

describe('a rollback that is stopped', () => {
  /** Calls back before the n-th delete. */
  const atDelete = (n: number, act: () => Promise<void>): ((store: MemoryStore) => RecordSink) => {
    let deletes = 0;
    return (store) =>
      sinkWith(store, async () => {
        deletes += 1;
        if (deletes === n) await act();
      });
  };
  const stopping = (abort: AbortController): Promise<void> => {
    abort.abort(new Error('^C'));
    return Promise.resolve();
  };
  const COMPLETE = [
    'readings rolled-back 6/0/7',
    'actuals rolled-back 2/0/5',
    'milestones rolled-back 4/0/1',
    'links rolled-back 4/0/2',
  ];

  it('finishes the slice in flight, exits 4 with what to type, and goes on where it was', async () => {
    const abort = new AbortController();
    const trial = await migrated({ sink: atDelete(9, () => stopping(abort)) });
    const stopped = await trial.rollback({ signal: abort.signal, segments: 1 });
    expect(stopped).toMatchObject({
      status: 'aborted',
      exit: 4,
      error: {
        code: 'ABORTED',
        message: 'the rollback was stopped',
        next: 'What is removed stays removed. The rest: node runner rollback --env dev',
      },
    });
    expect(stopped.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'readings rolled-back',
      'actuals rolled-back',
      'milestones running',
      'links not-run',
    ]);
    expect((await trial.journal.states('kpi')).map(({ step, status }) => `${step} ${status}`).sort()).toEqual(
      ['actuals rolled-back', 'links validated', 'milestones running', 'readings rolled-back'],
    );
    const left = trial.store.rows(DATA).length;
    const removed = stopped.steps.reduce((sum, step) => sum + step.removed, 0);
    expect(removed).toBe(13 - left);
    expect((await trial.leases.current('kpi'))?.released).toBe(true);
    const resumed = await trial.rollback({ segments: 4 });
    expect(resumed).toMatchObject({ run: stopped.run, resumed: true, status: 'complete', exit: 0 });
    expect(totals(resumed)).toEqual(COMPLETE);
    expect(await trial.journal.run(stopped.run)).toMatchObject({ status: 'complete', pins: { segments: 1 } });
    expect((await trial.journal.run(stopped.run))?.resumedAt).toHaveLength(1);
  });

  it('ends for `stop` as for Ctrl-C', async () => {
    const trial: RollbackTrial = await migrated({
      sink: atDelete(1, async () => {
        await trial.leases.requestStop('kpi');
        await stopSeen(trial);
      }),
    });
    const stopped = await trial.rollback({ leaseSeconds: 1 });
    expect(stopped).toMatchObject({ status: 'aborted', exit: 4, error: { code: 'ABORTED' } });
    expect(totals(await trial.rollback())).toEqual(COMPLETE);
  });

  it('invariant 7: ends with LEASE_LOST where another runner took over, and is gone on with', async () => {
    const trial: RollbackTrial = await migrated({
      sink: atDelete(2, async () => {
        await (await trial.leases.steal('kpi')).release();
      }),
    });
    const lost = await trial.rollback({ segments: 1, concurrency: 1 });
    expect(lost).toMatchObject({ status: 'aborted', exit: 3, error: { code: 'LEASE_LOST' } });
    const rows = trial.store.rows(DATA).length;
    expect(rows).toBeGreaterThan(1);
    // the journal was not its own any more, so it says what is true of a runner that is gone
    expect(await trial.journal.run(lost.run)).toMatchObject({ status: 'running' });
    expect(totals(await trial.rollback())).toEqual(COMPLETE);
  });

  it('finishes a chunk of a long page, not the page, and goes on behind that chunk', async () => {
    const abort = new AbortController();
    let deletes = 0;
    const sink = (store: MemoryStore): RecordSink =>
      sinkWith(store, () => {
        deletes += 1;
        if (deletes === 10) abort.abort(new Error('^C'));
        return Promise.resolve();
      });
    const rows = Array.from({ length: 700 }, (_, n) => stampedReading(n));
    const trial = new RollbackTrial(tablesWith({ [DATA]: rows }), { sink, pageSize: 1_000 });
    const stopped = await trial.rollback({ steps: ['readings'], segments: 1, signal: abort.signal });
    expect(totals(stopped)).toEqual(['readings running 250/0/0']);
    expect(trial.store.rows(DATA)).toHaveLength(450);
    const [checkpoint] = await trial.journal.checkpoints(stopped.run, 'readings');
    expect(checkpoint).toMatchObject({ slices: 1, done: false, announced: [], counters: { removed: 250 } });
    expect(checkpoint?.cursor).toEqual({ id: expect.anything() });
    expect(totals(await trial.rollback({ steps: ['readings'] }))).toEqual(['readings rolled-back 700/0/0']);
  });

  it('invariant 6: counts all rows of a long page where it is killed in the midst of it', async () => {
    const rows = Array.from({ length: 700 }, (_, n) => stampedReading(n));
    const trial = new RollbackTrial(tablesWith({ [DATA]: rows }), { pageSize: 1_000 });
    // each delete is two points, so this is in the second chunk
    await trial.dyingRollback(new Failpoints(800), { steps: ['readings'], segments: 1 });
    const left = trial.store.rows(DATA).length;
    expect([left > 200, left < 450]).toEqual([true, true]);
    expect(totals(await trial.rollback({ steps: ['readings'] }))).toEqual(['readings rolled-back 700/0/0']);
  });

  it('covers a long page as a whole where nothing of it is ours', async () => {
    const rows = Array.from({ length: 700 }, (_, n) => ({ id: { S: `own-${n}` } }));
    const trial = new RollbackTrial(tablesWith({ [DATA]: rows }), { pageSize: 1_000 });
    const result = await trial.rollback({ steps: ['readings'], segments: 1 });
    expect(totals(result)).toEqual(['readings rolled-back 0/0/700']);
    const [checkpoint] = await trial.journal.checkpoints(result.run, 'readings');
    expect(checkpoint).toMatchObject({ slices: 1, done: true });
  });

  it('lists nothing any more that it had listed in a slice that it does again, and that is gone by then', async () => {
    const trial = await migrated();
    trial.edit(DATA, ROW, { postValue: { N: '4711' } });
    const alive = new Failpoints();
    await cloneOf(trial).dyingRollback(alive, { segments: 1 });
    const listed = alive.points.findIndex((point) => point.startsWith('after journal.append'));
    expect(listed).toBeGreaterThan(0);
    const killed = cloneOf(trial);
    await killed.dyingRollback(new Failpoints(listed), { segments: 1 });
    const run = (await killed.journal.runs('kpi', 1))[0]?.run ?? '';
    expect(await killed.kept(run)).toEqual([`milestones ${DATA}#${ROW} EDITED`]);
    killed.store.erase(DATA, { id: { S: ROW } });
    expect(await killed.rollback()).toMatchObject({ run, resumed: true, kept: [] });
    expect(await killed.kept(run)).toEqual([]);
  });

  it('removes companions after the rows that rely on them', async () => {
    const order: string[] = [];
    const trial = await migrated({
      sink: (store) => sinkWith(store, (table) => Promise.resolve(void order.push(table))),
    });
    await trial.rollback();
    expect(order.slice(-4)).toEqual([TABLE.kpiLinks, TABLE.kpiLinks, TABLE.kpiLinks, TABLE.people]);
  });

  it('is resumed after the store failed: what was removed by then is told', async () => {
    const failure = new StoreError('STORE_THROTTLED', 'too many requests', 'Try later.');
    const trial = await migrated({ sink: atDelete(5, () => Promise.reject(failure)) });
    const failed = await trial.rollback();
    expect(failed).toMatchObject({ status: 'aborted', exit: 3, error: { code: 'STORE_THROTTLED' } });
    expect(failed.steps[0]).toMatchObject({ step: 'readings', status: 'running' });
    expect(failed.steps[0]?.removed).toBe(13 - trial.store.rows(DATA).length);
    const resumed = await trial.rollback();
    expect(resumed).toMatchObject({ run: failed.run, resumed: true });
    expect(totals(resumed)).toEqual(COMPLETE);
  });

  it('ends for good on an unexpected error: the next rollback is a new one', async () => {
    const trial = await migrated({ sink: atDelete(5, () => Promise.reject(new TypeError('x'))) });
    const failed = await trial.rollback();
    expect(failed).toMatchObject({ status: 'failed', exit: 1, error: { code: 'INTERNAL' } });
    expect(failed.error?.message).toBe('the rollback stopped on an unexpected TypeError');
    const next = await trial.rollback();
    expect(next).toMatchObject({ resumed: false, status: 'complete' });
    expect(next.run).not.toBe(failed.run);
    expect(trial.store.rows(DATA).map(idOf)).toEqual(['own-data']);
  });

  it('refuses a rollback of anything else before it is finished, and names the command', async () => {
    const abort = new AbortController();
    const trial = await migrated({ sink: atDelete(1, () => stopping(abort)) });
    const stopped = await trial.rollback({ signal: abort.signal, steps: ['readings', 'actuals'] });
    expect(stopped.status).toBe('aborted');
    const refusal = {
      code: 'ROLLBACK_UNFINISHED',
      exit: 3,
      message: `rollback ${stopped.run} (rows of actuals, readings) is unfinished`,
      next: 'Finish it first: node runner rollback --env dev --step actuals --step readings',
    };
    await expect(trial.rollback()).rejects.toMatchObject(refusal);
    await expect(trial.rollback({ steps: ['actuals'] })).rejects.toMatchObject(refusal);
    expect((await trial.rollback({ dryRun: true })).exit).toBe(0);
    const resumed = await trial.rollback({ steps: ['readings', 'actuals'] });
    expect(resumed).toMatchObject({ run: stopped.run, resumed: true, exit: 0 });
  });

  it.each([
    ['the plan', 'version'],
    ['a table', 'table'],
  ])('begins anew where %s is another one by now: checkpoints would not fit', async (_, what) => {
    const abort = new AbortController();
    let changed = false;
    const trial = await migrated({
      sink: atDelete(3, () => stopping(abort)),
      planVersion: () => (changed && what === 'version' ? 'e' : 'f').repeat(64),
      physicalName: (table) => (changed && what === 'table' ? `${table}-other` : table),
    });
    const stopped = await trial.rollback({ signal: abort.signal });
    changed = true;
    const next = await trial.rollback();
    expect(next).toMatchObject({ resumed: false, status: 'complete' });
    expect(next.run).not.toBe(stopped.run);
    expect(trial.store.rows(DATA).map(idOf)).toEqual(['own-data']);
  });
});

/** A trial of its own on the same rows. */
function cloneOf(trial: RollbackTrial): RollbackTrial {
  return new RollbackTrial(trial.tables());
}

function stampedReading(n: number): StoredItem {
  const row = { id: { S: `row-${n}` }, postValue: { N: String(n) } };
  return withStamp(row, { source: `${TABLE.readings}#${n}`, run: 'r', digest: contentDigest(row) });
}

/** The holder hears of a request to stop with its next heartbeat. */
async function stopSeen(trial: RollbackTrial): Promise<void> {
  const end = performance.now() + 3_000;
  while (performance.now() < end) {
    if ((await trial.leases.current('kpi'))?.stopRequested === true) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 400));
}
