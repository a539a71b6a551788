import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { RollbackResult } from '../../../src/runner/application.js';
import { Failpoints } from '../../support/faults/failpoints.js';
import { id } from '../../support/engine/small-rows.js';
import { TABLE, type Tables } from '../../support/kpi/tables.js';
import { migrated } from './company.js';
import { keptLine, RollbackTrial, totals } from './rollback-trial.js';

/** What a run made, with rows that somebody edited since: they stay, and are listed once. */
async function editedTables(): Promise<Tables> {
  const trial = await migrated();
  trial.edit(TABLE.kpiData, id('d1', 1), { postValue: { N: '4711' } });
  trial.edit(TABLE.kpiLinks, id('11', 2), { note: { S: 'by hand' } });
  return trial.tables();
}

/** All that must be the same however often the rollback was killed. */
async function endOf(trial: RollbackTrial, result: RollbackResult): Promise<unknown> {
  const { journal } = trial;
  const [record, steps, states] = [
    await journal.run(result.run),
    await journal.steps(result.run),
    await journal.states('kpi'),
  ];
  return {
    tables: trial.tables(),
    totals: totals(result),
    kept: result.kept.map(keptLine),
    listed: await trial.kept(result.run),
    status: [record?.status, result.status, result.exit],
    steps: steps.map(({ step, status, removed, kept }) => `${step} ${status} ${removed}/${kept}`).sort(),
    states: states.map(({ step, status, run }) => `${step} ${status} ${String(run === result.run)}`).sort(),
    lease: (await trial.leases.current('kpi'))?.released,
  };
}

/** The application puts a row of its own into each table while nobody is at work. */
function ownRows(n: number): StoredItem[] {
  return Array.from({ length: 3 }, (_, index) => ({ id: { S: `late-${n}-${index}` } }));
}

describe('invariant 6: a rollback that is killed', () => {
  let tables: Tables;
  const edited = (segments: number): RollbackTrial =>
    new RollbackTrial(tables, { pageSize: 4, environment: { segments } });
  beforeAll(async () => {
    tables = await editedTables();
  });

  it.each([1, 2])(
    'at any of its operations ends as one that was not, after the same command (%d segments)',
    async (segments) => {
      const whole = edited(segments);
      const alive = new Failpoints();
      const uninterrupted = await endOf(whole, (await whole.dyingRollback(alive)) as RollbackResult);
      const afterwards = await endOf(whole, await whole.rollback());
      expect(alive.points.length).toBeGreaterThan(100);
      expect(alive.points.filter((point) => point.startsWith('after sink.remove'))).toHaveLength(14);
      const over = alive.points.indexOf('before journal.saveRun kpi complete');
      expect(over).toBeGreaterThan(100);
      for (const [crashAt, point] of alive.points.entries()) {
        const trial = edited(segments);
        expect(await trial.dyingRollback(new Failpoints(crashAt))).toBeUndefined();
        const result = await trial.rollback();
        // behind the last word in the journal the rollback is over: the same command is a new one and finds nothing left
        const expected = crashAt > over ? afterwards : uninterrupted;
        expect({ point, end: await endOf(trial, result) }).toEqual({ point, end: expected });
      }
    },
    60_000,
  );

  it('again and again ends as one that was not', async () => {
    const whole = edited(2);
    const expected = await endOf(whole, await whole.rollback());
    for (const stride of [3, 7, 11, 20]) {
      const trial = edited(2);
      let kills = 0;
      for (let point = stride; ; point += stride) {
        // each process gets a little further before it dies
        if ((await trial.dyingRollback(new Failpoints(point))) !== undefined) break;
        kills += 1;
        const [latest] = await trial.journal.runs('kpi', 1);
        if (latest?.kind === 'rollback' && latest.status === 'complete') break;
      }
      expect(kills).toBeGreaterThanOrEqual(3);
      const [latest] = await trial.journal.runs('kpi', 1);
      expect(latest).toMatchObject({ kind: 'rollback', status: 'complete' });
      expect(trial.tables()).toEqual((expected as { tables: unknown }).tables);
      expect(await trial.kept(latest?.run ?? '')).toEqual((expected as { listed: unknown }).listed);
      const steps = await trial.journal.steps(latest?.run ?? '');
      expect(
        steps.map(({ step, status, removed, kept }) => `${step} ${status} ${removed}/${kept}`).sort(),
      ).toEqual((expected as { steps: unknown }).steps);
    }
  }, 60_000);

  it('counts a row once, also where the application puts rows before those that are gone', async () => {
    const whole = edited(1);
    const alive = new Failpoints();
    const { steps } = (await whole.dyingRollback(alive)) as RollbackResult;
    const removed = steps.map((step) => `${step.step} ${step.removed}`);
    const deletes = [...alive.points.keys()].filter((at) =>
      /sink\.remove|saveCheckpoint/.test(alive.points[at] ?? ''),
    );
    for (const crashAt of deletes) {
      const trial = edited(1);
      await trial.dyingRollback(new Failpoints(crashAt));
      for (const table of [TABLE.kpiData, TABLE.kpiLinks, TABLE.people])
        trial.store.load(table, Array.from({ length: 12 }, (_, n) => ownRows(n)).flat());
      const result = await trial.rollback();
      expect(result.steps.map((step) => `${step.step} ${step.removed}`)).toEqual(removed);
      expect(trial.store.rows(TABLE.kpiData)).toHaveLength(2 + 36);
    }
  }, 60_000);
});
