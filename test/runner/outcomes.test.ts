import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import { stampOf } from '../../src/domain/storage/stored.js';
import type { RunResult } from '../../src/runner/application.js';
import { KpiTrial, PLAIN_RUN } from '../support/engine/kpi-trial.js';
import { column, migrated, outcomes, rowOf, told } from '../support/engine/observed.js';
import {
  actual,
  changed,
  created,
  id,
  kpi,
  link,
  milestone,
  onKpi,
  person,
  reading,
  source,
} from '../support/engine/small-rows.js';
import { TABLE } from '../support/kpi/tables.js';

// Computed with Python's hashlib and struct from the published recipe.
const M1_ON_LINK_2 = '8dd1b5e0-e2a6-5bc8-96d3-6c3ffcfb4391';
const M1_ON_LINK_3 = '385e5858-8f3d-507a-9136-63f8cdd438b8';

const TABLES = {
  [TABLE.kpis]: [kpi(1), kpi(2)],
  [TABLE.people]: [person(1)],
  [TABLE.links]: [link(1), link(2)],
  [TABLE.milestones]: [milestone(1), milestone(2), milestone(3, onKpi(2))],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};

/** A data row of the application's own under this id. */
function ownData(rowId: string, changes: StoredItem = {}): StoredItem {
  return {
    id: { S: rowId },
    tenantId: { S: id('7e', 1) },
    kpiLinkId: { S: id('11', 1) },
    note: { S: 'mine' },
    ...changes,
  };
}

function expectConservation(result: RunResult): void {
  for (const { counters: c } of result.steps) {
    expect(c.created + c.updated + c.unchanged + c.skipped + c.quarantined + c.conflict).toBe(c.read);
  }
}

describe('outcomes of a record', () => {
  it('invariant 1: add up to the records read, with every outcome in play', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.milestones]: [milestone(1), milestone(2), milestone(4), milestone(6)],
    });
    trial.store.load(TABLE.milestones, [milestone(2, { targetValue: { N: '11' } })]);
    trial.store.load(TABLE.kpiData, [
      changed(rowOf(trial, TABLE.kpiData, id('d1', 4)), { label: { S: 'edited' } }),
      ownData(id('d1', 5)),
    ]);
    await trial.put({ [TABLE.milestones]: [milestone(3, onKpi(2)), milestone(5), milestone(7)] });
    const result = await trial.run();
    expectConservation(result);
    expect(result.steps[1]?.counters).toEqual({
      read: 7,
      rows: 12,
      created: 1,
      updated: 1,
      unchanged: 2,
      skipped: 0,
      quarantined: 1,
      conflict: 2,
    });
    expect(
      result.steps[1]?.checks.find(({ name }) => name === 'milestones: records without an outcome'),
    ).toMatchObject({ passed: true, found: 0 });
  });

  it('are updated where a source changed, and the rows are then as if written anew', async () => {
    const { trial } = await migrated(TABLES);
    const first = stampOf(rowOf(trial, TABLE.kpiData, id('d1', 1)));
    const changes = { targetValue: { N: '11' }, label: { S: 'New' } };
    trial.store.load(TABLE.milestones, [milestone(1, changes)]);
    const again = await trial.run();
    expect(outcomes(again)['milestones']).toEqual({ updated: 1, unchanged: 1, quarantined: 1 });
    const row = rowOf(trial, TABLE.kpiData, id('d1', 1));
    expect(row).toMatchObject({ postValue: { N: '11' }, label: { S: 'New' } });
    expect(stampOf(row)?.run).toBe(again.run);
    expect(stampOf(row)?.digest).not.toBe(first?.digest);
    expect(stampOf(rowOf(trial, TABLE.kpiData, id('d1', 2)))?.run).toBe(first?.run);
  });

  it('are updated where an attribute was taken away from the source, which the row then loses too', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.milestones]: [milestone(1, { label: { S: 'Old' }, odd: { S: 'x' } })],
    });
    trial.store.load(TABLE.milestones, [milestone(1)]);
    expect(outcomes(await trial.run())['milestones']).toEqual({ updated: 1 });
    expect(Object.keys(rowOf(trial, TABLE.kpiData, M1_ON_LINK_2))).not.toEqual(
      expect.arrayContaining(['label']),
    );
    expect(rowOf(trial, TABLE.kpiData, id('d1', 1))['legacyAttributes']).toBeUndefined();
  });

  it('are updated where new rows come beside existing ones', async () => {
    const { trial } = await migrated(TABLES);
    await trial.put({ [TABLE.links]: [link(3)] });
    expect(outcomes(await trial.run())).toMatchObject({
      milestones: { updated: 2, quarantined: 1 },
      actuals: { updated: 1 },
      readings: { updated: 1 },
    });
    expect(column(trial, TABLE.kpiData, 'id')).toContain(M1_ON_LINK_3);
  });

  it('are conflict where one row of several is in conflict; the others are written all the same', async () => {
    const { trial, result } = await migrated({ ...TABLES, [TABLE.kpiData]: [ownData(M1_ON_LINK_2)] });
    expect(outcomes(result)['milestones']).toEqual({ created: 1, conflict: 1, quarantined: 1 });
    expect(rowOf(trial, TABLE.kpiData, id('d1', 1))['kpiLinkId']).toEqual({ S: id('11', 1) });
    expect(rowOf(trial, TABLE.kpiData, M1_ON_LINK_2)).toEqual(ownData(M1_ON_LINK_2));
  });

  it('are created where this run wrote the rows already, and unchanged in the next one', async () => {
    const trial = await new KpiTrial(
      {},
      {
        store: (store) => ({
          reader: store,
          // every acknowledgement is lost: the row is there, and the answer says that somebody put it there before
          sink: {
            check: (row) => store.check(row),
            insert: async (rows) => (await store.insert(rows)).map(() => ({ kind: 'exists' as const })),
            replace: (row, image) => store.replace(row, image),
            remove: (table, image) => store.remove(table, image),
          },
        }),
      },
    ).put({ ...TABLES, [TABLE.milestones]: [milestone(1)] });
    expect(outcomes(await trial.run())).toEqual({
      links: { created: 2 },
      milestones: { created: 1 },
      actuals: { created: 1 },
      readings: { created: 1 },
    });
    expect(outcomes(await trial.run())).toEqual({
      links: { unchanged: 2 },
      milestones: { unchanged: 1 },
      actuals: { unchanged: 1 },
      readings: { unchanged: 1 },
    });
  });
});

describe('conflicts', () => {
  it('invariant 4: keep foreign rows, edited rows and rows of other sources untouched, and list each', async () => {
    const { trial } = await migrated({ ...TABLES, [TABLE.milestones]: [milestone(1), milestone(2)] });
    const edited = changed(rowOf(trial, TABLE.kpiData, id('d1', 1)), { postValue: { N: '99' } });
    const foreign = ownData(id('d1', 3));
    const other = changed(rowOf(trial, TABLE.kpiData, id('d1', 2)), { id: { S: id('d1', 4) } });
    trial.store.load(TABLE.kpiData, [edited, foreign, other]);
    await trial.put({ [TABLE.milestones]: [milestone(3), milestone(4)] });
    const result = await trial.run({ steps: ['milestones'] });
    expect([result.exit, outcomes(result)]).toEqual([1, { milestones: { conflict: 3, unchanged: 1 } }]);
    for (const row of [edited, foreign, other]) expect(trial.store.rows(TABLE.kpiData)).toContainEqual(row);
    expect(await trial.entries('conflict')).toMatchObject([
      {
        source: source('milestone', id('d1', 1)),
        key: id('d1', 1),
        detail: 'the row was changed after the migration wrote it',
      },
      {
        source: source('milestone', id('d1', 3)),
        key: id('d1', 3),
        detail: 'a row that the migration did not write has this key',
      },
      {
        source: source('milestone', id('d1', 4)),
        key: id('d1', 4),
        detail: `the row with this key was migrated from ${source('milestone', id('d1', 2))}`,
      },
    ]);
  });

  it('are kept with the row that was expected and the one that was found', async () => {
    const { trial } = await migrated({ ...TABLES, [TABLE.kpiData]: [ownData(id('d2', 1))] });
    const entry = await trial.application.entry({
      plan: 'kpi',
      kind: 'conflict',
      source: source('actual', id('d2', 1)),
    });
    expect(entry?.found).toEqual(ownData(id('d2', 1)));
    expect(entry?.image).toMatchObject({ id: { S: id('d2', 1) }, postValue: { N: '20' } });
  });

  it('are listed row by row where one record has several', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.kpiData]: [ownData(id('d1', 1)), ownData(M1_ON_LINK_2)],
    });
    expect((await trial.entries('conflict')).map(({ key }) => key).sort()).toEqual([
      M1_ON_LINK_2,
      id('d1', 1),
    ]);
  });

  it('invariant 8: make the run exit 1, but neither fail a validation nor stop later steps', async () => {
    const { trial, result } = await migrated({
      ...TABLES,
      [TABLE.milestones]: [milestone(1)],
      [TABLE.kpiLinks]: [link(1, { personId: { S: id('be', 9) } })],
    });
    expect([result.exit, result.status, result.error]).toEqual([1, 'failed', undefined]);
    expect(result.steps.map(({ status }) => status)).toEqual([
      'validated',
      'validated',
      'validated',
      'validated',
    ]);
    expect(outcomes(result)).toMatchObject({ links: { conflict: 1, created: 1 } });
    expect(await trial.validate()).toMatchObject({ passed: true, findings: [] });
  });

  it('do not become findings where an edited link of ours now names another tenant', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.milestones]: [],
      [TABLE.actuals]: [],
      [TABLE.readings]: [],
    });
    trial.store.load(TABLE.kpiLinks, [
      changed(rowOf(trial, TABLE.kpiLinks, id('11', 2)), { tenantId: { S: id('7e', 9) } }),
    ]);
    const result = await trial.run();
    expect(outcomes(result)['links']).toEqual({ conflict: 1, unchanged: 1 });
    expect(result.steps.map(({ status, findings }) => [status, told(findings)])).toEqual(
      Array(4).fill(['validated', []]),
    );
  });

  it('end when the foreign row is gone', async () => {
    const { trial } = await migrated({ ...TABLES, [TABLE.kpiData]: [ownData(id('d2', 1))] });
    trial.store.erase(TABLE.kpiData, { id: { S: id('d2', 1) } });
    const again = await trial.run({ steps: ['actuals'] });
    expect([again.exit, outcomes(again)]).toEqual([0, { actuals: { updated: 1 } }]);
    expect(await trial.entries('conflict')).toEqual([]);
  });
});

describe('placeholders', () => {
  const needy = { [TABLE.kpis]: [kpi(1)], [TABLE.links]: [link(2)] };

  it('are inserted once and never changed, whatever their link says since', async () => {
    const { trial } = await migrated(needy);
    const before = trial.store.rows(TABLE.people);
    await trial.put({ [TABLE.links]: [link(1)] });
    trial.store.load(TABLE.links, [link(2, created('2022-12-12T12:12:12Z'))]);
    expect((await trial.run()).exit).toBe(0);
    expect(trial.store.rows(TABLE.people)).toEqual(before);
  });

  it('that the application turned into a person stay as they are, and are a finding of their own', async () => {
    const { trial } = await migrated(needy);
    const adopted = changed(rowOf(trial, TABLE.people, id('a5', 1)), { isPlaceholder: { BOOL: false } });
    trial.store.load(TABLE.people, [adopted]);
    const { findings } = await trial.validate();
    expect(told(findings)).toEqual([`links different ${id('a5', 1)} isPlaceholder`]);
    await trial.run();
    expect(trial.store.rows(TABLE.people)).toEqual([adopted]);
  });
});

describe('--allow-unlinked', () => {
  const accept = ['allow-unlinked'];

  it('A-38: gives exit 0 where unlinked KPIs are all there is', async () => {
    const result = await (await new KpiTrial().put(TABLES)).run({ accept });
    expect([result.exit, result.status]).toEqual([0, 'complete']);
  });

  it('does not cover any other reason', async () => {
    const broken = { ...TABLES, [TABLE.readings]: [reading(1, { readingDate: { S: 'yesterday' } })] };
    const result = await (await new KpiTrial().put(broken)).run({ accept });
    expect([result.exit, result.steps.map(({ reasons }) => reasons)]).toEqual([
      1,
      [{}, { KPI_UNLINKED: 1 }, {}, { DATE_INVALID: 1 }],
    ]);
  });

  it('does not cover a conflict', async () => {
    const result = await (
      await new KpiTrial().put({ ...TABLES, [TABLE.kpiData]: [ownData(id('d2', 1))] })
    ).run({ accept });
    expect(result.exit).toBe(1);
  });

  it('does not cover a failed validation', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await trial.run({ accept });
    trial.store.erase(TABLE.readings, { id: { S: id('d3', 1) } });
    expect((await trial.run({ accept })).exit).toBe(1);
  });

  it('is kept with the run', async () => {
    const trial = await new KpiTrial().put(TABLES);
    const { run } = await trial.run({ accept });
    expect((await trial.journal.run(run))?.flags).toEqual(['allow-unlinked']);
  });
});

describe('refusals', () => {
  it('invariant 10: an unknown plan and an unknown step are usage errors that list the valid ones', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await expect(trial.application.run({ ...PLAIN_RUN, plan: 'kpis' })).rejects.toMatchObject({
      exit: 2,
      code: 'PLAN_UNKNOWN',
      next: 'Valid plans: kpi.',
    });
    await expect(trial.run({ steps: ['links', 'goals'] })).rejects.toMatchObject({
      exit: 2,
      code: 'STEP_UNKNOWN',
      next: 'Valid steps: links, milestones, actuals, readings.',
    });
    expect(trial.store.rows(TABLE.kpiLinks)).toEqual([]);
  });

  it('A-04: production wants to be confirmed, but for a dry run', async () => {
    const trial = await new KpiTrial({ production: true }).put(TABLES);
    await expect(trial.run()).rejects.toMatchObject({ exit: 3, code: 'PRODUCTION_UNCONFIRMED' });
    expect((await trial.run({ dryRun: true })).dryRun).toBe(true);
    expect(trial.store.rows(TABLE.kpiLinks)).toEqual([]);
    const confirmed = await trial.run({ accept: ['allow-unlinked'], confirmProduction: true });
    expect(confirmed.exit).toBe(0);
  });

  it('K-X21: a dry run is judged by the same prerequisites, and by links that it would create', async () => {
    const trial = await new KpiTrial().put({ ...TABLES, [TABLE.milestones]: [milestone(1)] });
    await expect(trial.run({ dryRun: true, steps: ['milestones'] })).rejects.toMatchObject({
      exit: 3,
      code: 'STEP_PREREQUISITE',
    });
    expect(outcomes(await trial.run({ dryRun: true, steps: ['links', 'milestones'] }))).toEqual({
      links: { created: 2 },
      milestones: { created: 1 },
    });
    await expect(trial.run({ steps: ['milestones'] })).rejects.toMatchObject({
      exit: 3,
      code: 'STEP_PREREQUISITE',
    });
  });
});
