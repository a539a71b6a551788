import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import { textOf } from '../../src/domain/storage/stored-value.js';
import type { MemoryStore } from '../../src/infrastructure/memory/memory-store.js';
import type { IMigrationStep, RecordPlanner } from '../../src/migrations/contract/migration-step.js';
import type { RecordReader } from '../../src/migrations/contract/record-reader.js';
import { StoreError } from '../../src/runner/ports/errors.js';
import type { RecordSink } from '../../src/runner/ports/record-sink.js';
import { KpiTrial } from '../support/engine/kpi-trial.js';
import { column, entries, outcomes } from '../support/engine/observed.js';
import { actual, id, kpi, link, milestone, person, reading } from '../support/engine/small-rows.js';
import { TABLE } from '../support/kpi/tables.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [person(1)],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: Array.from({ length: 20 }, (_, at) => milestone(at + 1)),
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};
const unreachable = (): StoreError =>
  new StoreError('STORE_UNREACHABLE', 'the store does not answer', 'Check the network.');
const statuses = (steps: readonly { step: string; status: string }[]): string[] =>
  steps.map(({ step, status }) => `${step} ${status}`);

/** A trial in which the planners of one step are wrapped. */
function withPlanner(
  name: string,
  wrap: (planner: RecordPlanner) => Partial<RecordPlanner>,
): Promise<KpiTrial> {
  const wrapped = (planner: RecordPlanner): RecordPlanner => {
    const changes = wrap(planner);
    return new Proxy(planner, {
      get: (target, property) => {
        const own = Object.hasOwn(changes, property) ? changes : target;
        const value: unknown = Reflect.get(own, property, own);
        return typeof value === 'function' ? (value as (...rest: unknown[]) => unknown).bind(own) : value;
      },
    });
  };
  const steps = (all: readonly IMigrationStep[]): IMigrationStep[] =>
    all.map((step) => {
      if (step.name !== name) return step;
      const prepare: IMigrationStep['prepare'] = async (context) => wrapped(await step.prepare(context));
      return Object.assign(Object.create(step) as IMigrationStep, { prepare });
    });
  return new KpiTrial({}, { steps }).put(TABLES);
}

/** A trial whose runs write through a changed sink. */
function withSink(change: (sink: MemoryStore) => Partial<RecordSink>): Promise<KpiTrial> {
  const store = (memory: MemoryStore): { reader: RecordReader; sink: RecordSink } => ({
    reader: memory,
    sink: {
      check: (row) => memory.check(row),
      insert: (rows) => memory.insert(rows),
      replace: (row, image) => memory.replace(row, image),
      remove: (table, image) => memory.remove(table, image),
      ...change(memory),
    },
  });
  return new KpiTrial({}, { store }).put(TABLES);
}

const idOf = (item: StoredItem): string | undefined => textOf(item['id']);

describe('a plan that fails on one record', () => {
  it('F-09: quarantines it as TRANSFORM_FAILED with the name of the error only, and goes on', async () => {
    const trial = await withPlanner('milestones', (planner) => ({
      plan: (record) => {
        if (idOf(record) === id('d1', 7)) throw new RangeError('secret words');
        return planner.plan(record);
      },
    }));
    const result = await trial.run();
    expect([result.exit, statuses(result.steps)]).toEqual([
      1,
      ['links validated', 'milestones validated', 'actuals validated', 'readings validated'],
    ]);
    expect(outcomes(result)['milestones']).toEqual({ created: 19, quarantined: 1 });
    expect(await trial.entries('quarantine')).toMatchObject([
      { reason: 'TRANSFORM_FAILED', detail: 'the plan failed on this record: RangeError' },
    ]);
    expect(JSON.stringify(await trial.entries('quarantine'))).not.toContain('secret');
  });

  it('F-09: goes on too where the survey fails on it, which sees every record before the plan does', async () => {
    const fail = (record: StoredItem): void => {
      if (idOf(record) === id('11', 2)) throw new RangeError('one bad record');
    };
    const trial = await withPlanner('links', (planner) => ({
      survey: (record) => {
        fail(record);
        return planner.survey?.(record);
      },
      plan: (record) => {
        fail(record);
        return planner.plan(record);
      },
    }));
    await trial.put({ [TABLE.links]: [link(2)] });
    const result = await trial.run();
    expect(outcomes(result)['links']).toEqual({ created: 1, quarantined: 1 });
    expect(await entries(trial, 'quarantine')).toEqual([`links ${id('11', 2)} TRANSFORM_FAILED`]);
  });
});

describe('a store that rejects one row', () => {
  /** A sink that refuses rows with this id for good, for as long as it is told to. */
  const refusing = (refused: { id: string | undefined }): Promise<KpiTrial> =>
    withSink((store) => ({
      insert: async (rows) => {
        const isRefused = (item: StoredItem): boolean =>
          refused.id !== undefined && idOf(item) === refused.id;
        const results = await store.insert(rows.filter(({ item }) => !isRefused(item)));
        return rows.map(({ item }) =>
          isRefused(item)
            ? { kind: 'rejected' as const, code: 'ValidationException', detail: 'no reason' }
            : (results.shift() ?? { kind: 'inserted' as const }),
        );
      },
    }));

  it('A-38: quarantines its record as WRITE_REJECTED, goes on, and expects no row of it', async () => {
    const trial = await refusing({ id: id('d1', 7) });
    const result = await trial.run();
    expect([result.exit, result.error, statuses(result.steps)]).toEqual([
      1,
      undefined,
      ['links validated', 'milestones validated', 'actuals validated', 'readings validated'],
    ]);
    expect(outcomes(result)['milestones']).toEqual({ created: 19, quarantined: 1 });
    expect(result.steps.flatMap(({ checks }) => checks).filter(({ passed }) => !passed)).toEqual([]);
    expect(await trial.entries('quarantine')).toMatchObject([
      {
        source: `purposepath-kpi-milestones#${id('d1', 7)}`,
        reason: 'WRITE_REJECTED',
        detail: 'ValidationException: no reason',
      },
    ]);
    const validated = await trial.application.validate({ plan: 'kpi' });
    expect([validated.passed, validated.findings]).toEqual([true, []]);
  });

  it('A-38: excuses that record only: another row that is gone fails the validation', async () => {
    const trial = await refusing({ id: id('d1', 7) });
    await trial.run();
    const row = trial.store.rows(TABLE.kpiData).find((one) => idOf(one) === id('d1', 8));
    await trial.store.remove(TABLE.kpiData, row!);
    const { passed, findings } = await trial.application.validate({ plan: 'kpi', steps: ['milestones'] });
    expect([passed, findings.map(({ kind, key }) => `${kind} ${key}`)]).toEqual([
      false,
      [`missing ${id('d1', 8)}`],
    ]);
  });

  it('A-38: expects the row again once a retry has written it', async () => {
    const refused: { id: string | undefined } = { id: id('d1', 7) };
    const trial = await refusing(refused);
    await trial.run();
    refused.id = undefined;
    expect(await trial.retry()).toMatchObject({ exit: 0, status: 'complete' });
    const row = trial.store.rows(TABLE.kpiData).find((one) => idOf(one) === id('d1', 7));
    await trial.store.remove(TABLE.kpiData, row!);
    expect((await trial.application.validate({ plan: 'kpi' })).passed).toBe(false);
  });

  it('A-38: lets what hangs on a link that was refused be set aside, also when all is validated', async () => {
    const trial = await refusing({ id: id('11', 1) });
    const result = await trial.run();
    expect(statuses(result.steps)).toEqual(
      ['links', 'milestones', 'actuals', 'readings'].map((step) => `${step} validated`),
    );
    expect(outcomes(result)['readings']).toEqual({ quarantined: 1 });
    const validated = await trial.application.validate({ plan: 'kpi' });
    expect([validated.passed, validated.findings]).toEqual([true, []]);
  });

  it('quarantines a record before anything of it is sent where the sink can tell', async () => {
    const trial = await withSink((store) => ({
      check: (row) =>
        idOf(row.item) === id('d1', 7) ? { reason: 'ITEM_TOO_LARGE', detail: 'too large' } : store.check(row),
    }));
    const result = await trial.run();
    expect(outcomes(result)['milestones']).toEqual({ created: 19, quarantined: 1 });
    expect(statuses(result.steps)[1]).toBe('milestones validated');
    expect(await entries(trial, 'quarantine')).toEqual([`milestones ${id('d1', 7)} ITEM_TOO_LARGE`]);
  });
});

describe('a store that fails in the middle', () => {
  const failing = (at: number): Promise<KpiTrial> => {
    let calls = 0;
    return withSink((store) => ({
      insert: (rows) => {
        if (rows.some(({ item }) => idOf(item)?.startsWith('d1') === true) && (calls += 1) === at)
          return Promise.reject(unreachable());
        return store.insert(rows);
      },
    }));
  };

  it('invariant 10: cuts the run off with exit 3 and tells the error; nothing behind it has run, and it can be resumed', async () => {
    const trial = await failing(2);
    const result = await trial.run({ segments: 1 });
    const error = {
      code: 'STORE_UNREACHABLE',
      message: 'the store does not answer',
      next: 'Check the network.',
    };
    expect(result).toMatchObject({ status: 'aborted', exit: 3, error });
    expect(statuses(result.steps)).toEqual([
      'links validated',
      expect.stringMatching(/^milestones (running|failed)$/),
      'actuals not-run',
      'readings not-run',
    ]);
    expect(await trial.journal.run(result.run)).toMatchObject({
      status: 'aborted',
      error,
      endedAt: expect.any(String),
    });
    expect(trial.store.rows(TABLE.kpiData).length).toBeGreaterThan(0);
  });

  it('invariant 6: is resumed by the same command and ends where an uninterrupted run ends, counters and all', async () => {
    const interrupted = await failing(2);
    await interrupted.run({ segments: 1 });
    const again = await interrupted.run({ segments: 1 });
    const uninterrupted = await new KpiTrial().put(TABLES);
    await uninterrupted.run();
    const content = (trial: KpiTrial): unknown =>
      trial.store
        .rows(TABLE.kpiData)
        .map((row) => ({ ...row, _migration: { ...row['_migration'], M: undefined } }));
    expect(again.exit).toBe(0);
    expect(content(interrupted)).toEqual(content(uninterrupted));
    expect(again.resumed).toBe(true);
    expect(again.steps[1]?.counters).toMatchObject({ read: 20, created: 20, updated: 0, unchanged: 0 });
  });

  it('does not leave an earlier validated standing for a step that did not finish', async () => {
    const trial = await failing(2);
    await trial.run({ steps: ['links'] });
    await trial.run({ steps: ['milestones'], segments: 1 });
    const [status] = (await trial.application.status({ plan: 'kpi' })).plans;
    expect(status?.steps.find(({ step }) => step === 'milestones')?.status).not.toBe('validated');
    expect(status?.steps.find(({ step }) => step === 'links')?.status).toBe('validated');
  });

  it('ends with what the store said while it was read, too', async () => {
    const trial = await new KpiTrial(
      {},
      {
        store: (store) => ({
          sink: store,
          reader: {
            get: (table, keys) => store.get(table, keys),
            positionBehind: (table, row) => store.positionBehind(table, row),
            scan: (table, options) => {
              if (table === TABLE.readings) throw unreachable();
              return store.scan(table, options);
            },
          },
        }),
      },
    ).put(TABLES);
    const result = await trial.run();
    expect([result.exit, result.error?.code]).toEqual([3, 'STORE_UNREACHABLE']);
    expect(statuses(result.steps).slice(0, 3)).toEqual([
      'links validated',
      'milestones validated',
      'actuals validated',
    ]);
  });

  it('fails with exit 1 and INTERNAL, without its message, where the error is one of ours', async () => {
    const trial = await withSink(() => ({ insert: () => Promise.reject(new TypeError('secret words')) }));
    const result = await trial.run();
    expect(result).toMatchObject({ status: 'failed', exit: 1, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});

describe('a run that is asked to stop', () => {
  const stop = Object.assign(new Error('stop'), { name: 'AbortError' });
  const aborting = (controller: AbortController, reason: unknown = stop): Promise<KpiTrial> =>
    withSink((store) => ({
      insert: (rows) => {
        if (rows.some(({ item }) => idOf(item)?.startsWith('d1') === true)) controller.abort(reason);
        return store.insert(rows);
      },
    }));

  it('invariant 10: ends as aborted with exit 4, keeps what is written, and runs nothing more', async () => {
    const controller = new AbortController();
    const trial = await aborting(controller);
    const result = await trial.run({ segments: 1, signal: controller.signal });
    expect(result).toMatchObject({ status: 'aborted', exit: 4, error: { code: 'ABORTED' } });
    expect(statuses(result.steps).slice(2)).toEqual(['actuals not-run', 'readings not-run']);
    expect(await trial.journal.run(result.run)).toMatchObject({
      status: 'aborted',
      error: { code: 'ABORTED' },
    });
    expect(column(trial, TABLE.kpiData, 'id').length).toBeLessThan(20);
    expect((await trial.run()).exit).toBe(0);
  });

  it('ends as aborted whatever reason the signal carries', async () => {
    const controller = new AbortController();
    const trial = await aborting(controller, new Error('SIGTERM'));
    const result = await trial.run({ segments: 1, signal: controller.signal });
    expect([result.status, result.exit]).toEqual(['aborted', 4]);
  });

  it('does not begin where the signal came before', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await expect(trial.run({ signal: AbortSignal.abort(stop) })).rejects.toMatchObject({
      code: 'ABORTED',
      exit: 4,
    });
    expect(trial.store.rows(TABLE.kpiLinks)).toEqual([]);
  });
});

describe('a journal that fails', () => {
  it('ends the run: what is set aside is journalled before it is counted', async () => {
    const trial = await new KpiTrial().put({
      ...TABLES,
      [TABLE.actuals]: [actual(1, { actualValue: { S: 'many' } })],
    });
    const { journal } = trial;
    const fencedBy = journal.fencedBy.bind(journal);
    journal.fencedBy = (fence) =>
      Object.assign(fencedBy(fence), { append: () => Promise.reject(unreachable()) });
    const result = await trial.run();
    expect([result.exit, result.error?.code]).toEqual([3, 'STORE_UNREACHABLE']);
    expect(statuses(result.steps).at(-1)).toBe('readings not-run');
  });
});
