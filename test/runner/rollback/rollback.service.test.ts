import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { stampOf, withStamp } from '../../../src/domain/storage/stored.js';
import { id, link, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';
import { COMPANY, migrated, OWN_DATA, OWN_LINK } from './company.js';
import { keptLine, RollbackTrial, totals } from './rollback-trial.js';

const DATA = TABLE.kpiData;
const EDIT: StoredItem = { postValue: { N: '4711' } };
const idOf = (row: StoredItem): string => (row['id'] as { S: string }).S;
const ids = (trial: RollbackTrial, table: string): string[] => trial.store.rows(table).map(idOf);

const unstamped = ({ _migration: _, ...row }: StoredItem): StoredItem => row;

/** All rows, with the run of a stamp blanked: a later run has another id and must end the same otherwise. */
function withoutRuns(trial: RollbackTrial): unknown {
  return Object.entries(trial.tables()).map(([table, rows]) => [
    table,
    rows.map((row) => {
      const stamp = stampOf(row);
      return stamp === undefined ? row : withStamp(row, { ...stamp, run: 'any' });
    }),
  ]);
}

describe('a rollback of a whole plan', () => {
  it('invariant 9: removes all that runs wrote, newest step first, and leaves the tables as they were', async () => {
    const trial = await migrated();
    expect(ids(trial, DATA)).toHaveLength(13);
    expect(ids(trial, TABLE.kpiLinks)).toHaveLength(4);
    expect(ids(trial, TABLE.people)).toHaveLength(2);
    const result = await trial.rollback();
    expect(trial.tables()).toEqual(new RollbackTrial(COMPANY).tables());
    expect(totals(result)).toEqual([
      'readings rolled-back 6/0/7',
      'actuals rolled-back 2/0/5',
      'milestones rolled-back 4/0/1',
      'links rolled-back 4/0/2',
    ]);
    expect(result).toMatchObject({ status: 'complete', exit: 0, resumed: false, dryRun: false, kept: [] });
  });

  it('invariant 9: keeps and lists what somebody edited, a placeholder included, and never the application’s own', async () => {
    const trial = await migrated();
    trial.edit(DATA, id('d1', 1), EDIT);
    trial.edit(TABLE.kpiLinks, id('11', 2), { note: { S: 'by hand' } });
    const placeholder = trial.store
      .rows(TABLE.people)
      .find((row) => stampOf(row) !== undefined) as StoredItem;
    trial.edit(TABLE.people, idOf(placeholder), { email: { S: 'somebody@example.com' } });
    const result = await trial.rollback();
    expect(ids(trial, DATA)).toEqual([id('d1', 1), 'own-data']);
    expect(ids(trial, TABLE.kpiLinks)).toEqual([id('11', 2), 'own-link']);
    expect(ids(trial, TABLE.people)).toEqual([id('a5', 7), id('be', 1)]);
    expect(trial.store.rows(DATA)).toContainEqual(OWN_DATA);
    expect(trial.store.rows(TABLE.kpiLinks)).toContainEqual(OWN_LINK);
    const listed = [
      `links ${TABLE.kpiLinks}#${id('11', 2)} EDITED`,
      `links ${TABLE.people}#${id('a5', 7)} EDITED`,
      `milestones ${DATA}#${id('d1', 1)} EDITED`,
    ];
    expect(await trial.kept(result.run)).toEqual(listed);
    expect(result.kept.map(keptLine).sort()).toEqual(listed);
    expect(totals(result)).toEqual([
      'readings rolled-back 6/0/7',
      'actuals rolled-back 2/0/5',
      'milestones rolled-back 3/1/1',
      'links rolled-back 2/2/2',
    ]);
    expect(result.kept[0]).toMatchObject({ table: DATA, key: id('d1', 1) });
    expect(JSON.stringify(result.kept)).not.toMatch(/4711|by hand|somebody/);
  });

  it('takes a row that lost its stamp for the application’s own', async () => {
    const trial = await migrated();
    const rows = trial.store.rows(DATA).filter((one) => idOf(one) === id('d2', 1));
    trial.store.load(DATA, rows.map(unstamped));
    const result = await trial.rollback();
    expect(ids(trial, DATA)).toEqual([id('d2', 1), 'own-data']);
    expect(result.kept).toEqual([]);
    expect(totals(result)).toContain('actuals rolled-back 1/0/6');
  });

  it('issue 3: ends where a first run ends when the plan runs again after it', async () => {
    const trial = await migrated();
    const first = withoutRuns(trial);
    await trial.rollback();
    expect(withoutRuns(trial)).not.toEqual(first);
    expect((await trial.run()).exit).toBe(0);
    expect(withoutRuns(trial)).toEqual(first);
  });

  it('is a run of the journal: its kind, its steps, its totals, and where the steps stand', async () => {
    const trial = await migrated();
    const { run, folder } = await trial.rollback();
    expect(await trial.journal.run(run)).toMatchObject({
      kind: 'rollback',
      status: 'complete',
      plan: 'kpi',
      env: 'dev',
      steps: ['links', 'milestones', 'actuals', 'readings'],
      dryRun: false,
      pins: { segments: 2 },
    });
    const links = (await trial.journal.steps(run)).find(({ step }) => step === 'links');
    expect(links).toMatchObject({ status: 'rolled-back', removed: 4, kept: 0 });
    const states = await trial.journal.states('kpi');
    expect(
      states.map((state) => `${state.step} ${state.status} ${String(state.run === run)}`).sort(),
    ).toEqual([
      'actuals rolled-back true',
      'links rolled-back true',
      'milestones rolled-back true',
      'readings rolled-back true',
    ]);
    expect(JSON.parse(trial.written.get(`${folder}/rollback.json`) ?? '')).toMatchObject({ run, exit: 0 });
    expect(trial.opened).toEqual(['live', 'rollback']);
    expect((await trial.leases.current('kpi'))?.released).toBe(true);
  });

  it('removes nothing where nothing is left, and says so', async () => {
    const trial = await migrated();
    await trial.rollback();
    const before = trial.tables();
    const again = await trial.rollback();
    expect(again).toMatchObject({ status: 'complete', resumed: false });
    expect(again.steps.map(({ removed }) => removed)).toEqual([0, 0, 0, 0]);
    expect(trial.tables()).toEqual(before);
  });
});

describe('a rollback of some steps or of one run', () => {
  it('removes the rows of the step named and leaves those of others in the same table', async () => {
    const trial = await migrated();
    const result = await trial.rollback({ steps: ['actuals'] });
    expect(totals(result)).toEqual(['actuals rolled-back 2/0/11']);
    const sources = trial.store.rows(DATA).map((row) => stampOf(row)?.source.split('#')[0]);
    expect(new Set(sources)).toEqual(new Set([undefined, TABLE.milestones, TABLE.readings]));
    const states = await trial.journal.states('kpi');
    expect(states.map(({ step, status }) => `${step} ${status}`).sort()).toEqual([
      'actuals rolled-back',
      'links validated',
      'milestones validated',
      'readings validated',
    ]);
  });

  it('refuses to take links away from steps that stand on them, and names the command', async () => {
    const trial = await migrated();
    await trial.rollback({ steps: ['actuals'] });
    const before = trial.tables();
    await expect(trial.rollback({ steps: ['links'] })).rejects.toMatchObject({
      code: 'ROLLBACK_DEPENDENTS',
      exit: 3,
      message: 'rows of milestones, readings hang on those of links and are not to be rolled back',
      next: 'Roll them back, too: node runner rollback --env dev --step links --step milestones --step readings',
    });
    expect(trial.tables()).toEqual(before);
    expect((await trial.leases.current('kpi'))?.released).toBe(true);
    await trial.rollback({ steps: ['readings', 'milestones'] });
    expect(totals(await trial.rollback({ steps: ['links'] }))).toEqual(['links rolled-back 4/0/2']);
  });

  it('does not refuse a dry run for that', async () => {
    const trial = await migrated();
    const dry = await trial.rollback({ steps: ['links'], dryRun: true });
    expect(totals(dry)).toEqual(['links rolled-back 4/0/2']);
  });

  it('removes only what the run named wrote last', async () => {
    const trial = await migrated();
    const first = trial.tables();
    trial.store.load(TABLE.readings, [reading(4)]);
    trial.store.load(TABLE.links, [link(4, { createdAt: { S: '2024-01-01T00:00:00Z' } })]);
    const second = await trial.run();
    const wrote = [TABLE.kpiLinks, TABLE.kpiData].map(
      (table) => trial.store.rows(table).filter((row) => stampOf(row)?.run === second.run).length,
    );
    expect(wrote).toEqual([1, 9]);
    const result = await trial.rollback({ run: second.run });
    expect(result.steps.map(({ removed }) => removed)).toEqual([6, 1, 2, 1]);
    for (const table of [TABLE.kpiLinks, DATA, TABLE.people])
      expect(trial.store.rows(table)).toEqual(first[table]);
    expect(await trial.journal.run(result.run)).toMatchObject({ ofRun: second.run });
  });

  it('goes by the steps of the run where none is named', async () => {
    const trial = await migrated();
    trial.store.load(TABLE.readings, [reading(4)]);
    const { run } = await trial.run({ steps: ['readings'] });
    expect(totals(await trial.rollback({ run }))).toEqual(['readings rolled-back 2/0/13']);
  });

  it('goes by those of its steps that the plan still has', async () => {
    const trial = await migrated();
    const [record] = await trial.journal.runs('kpi', 1);
    if (record === undefined) throw new Error('nothing ran');
    await trial.journal.saveRun({ ...record, steps: ['readings', 'goals'] });
    const result = await trial.rollback({ run: record.run });
    expect(totals(result)).toEqual(['readings rolled-back 6/0/7']);
  });

  it.each([
    ['that there is not', (): string => '20200101T000000Z-000000', 'plan kpi has no run'],
    ['that was a rollback', (rollback: string): string => rollback, 'is a rollback, so it wrote no rows'],
  ])('refuses a run %s', async (_, choose, message) => {
    const trial = await migrated();
    const { run } = await trial.rollback({ steps: ['actuals'] });
    await expect(trial.rollback({ run: choose(run) })).rejects.toMatchObject({
      code: 'RUN_UNKNOWN',
      exit: 2,
      message: expect.stringContaining(message),
    });
  });

  it('refuses a step that there is not', async () => {
    await expect((await migrated()).rollback({ steps: ['goals'] })).rejects.toMatchObject({
      code: 'STEP_UNKNOWN',
    });
  });
});

describe('a dry run of a rollback', () => {
  it('invariant 3: counts and lists exactly what the rollback then does, and writes nothing', async () => {
    const trial = await migrated();
    trial.edit(DATA, id('d3', 2), EDIT);
    const wide = Object.fromEntries(Array.from({ length: 160 }, (_, index) => [`a${index}`, { N: '1' }]));
    const stamp = { source: `${TABLE.readings}#wide`, run: 'r' };
    const row = { id: { S: 'wide' }, ...wide };
    trial.store.load(DATA, [withStamp(row, { ...stamp, digest: contentDigest(row) })]);
    const [before, runs, token] = [
      trial.tables(),
      await trial.journal.runs('kpi', 10),
      (await trial.leases.current('kpi'))?.token,
    ];
    const dry = await trial.rollback({ dryRun: true, confirmProduction: false });
    expect(dry).toMatchObject({ status: 'complete', dryRun: true, exit: 0 });
    expect(trial.tables()).toEqual(before);
    expect(await trial.journal.runs('kpi', 10)).toEqual(runs);
    expect((await trial.leases.current('kpi'))?.token).toBe(token);
    expect(trial.opened.at(-1)).toBe('dry');
    const record = await trial.dryJournals[0]?.run(dry.run);
    expect(record).toMatchObject({ kind: 'rollback', status: 'complete' });
    expect(record).not.toHaveProperty('pins');
    const real = await trial.rollback();
    expect(totals(dry)).toEqual(totals(real));
    expect(dry.kept.map(keptLine)).toEqual(real.kept.map(keptLine));
    expect(real.kept.map(keptLine)).toEqual([
      `readings ${DATA}#${id('d3', 2)} EDITED`,
      `readings ${DATA}#wide TOO_WIDE`,
    ]);
    expect(ids(trial, DATA).sort()).toEqual([id('d3', 2), 'own-data', 'wide']);
  });
});

describe('what a rollback is refused for', () => {
  it('A-04: production without --confirm-production; a dry run needs none', async () => {
    const production = { environment: { production: true, name: 'production' } };
    const trial = new RollbackTrial(COMPANY, production);
    await expect(trial.rollback()).rejects.toMatchObject({
      code: 'PRODUCTION_UNCONFIRMED',
      next: 'Add --confirm-production if you mean it; --dry-run needs no confirmation.',
    });
    expect((await trial.rollback({ dryRun: true })).exit).toBe(0);
    expect((await trial.rollback({ confirmProduction: true })).exit).toBe(0);
  });

  it('invariant 7: somebody else’s lease', async () => {
    const trial = await migrated();
    const lease = await trial.leases.acquire({ plan: 'kpi', command: 'run', seconds: 30 });
    const before = trial.tables();
    await expect(trial.rollback()).rejects.toMatchObject({ code: 'LEASE_HELD', exit: 3 });
    expect(trial.tables()).toEqual(before);
    await lease.release();
  });

  it('a table that is not as the plan needs it', async () => {
    const trial = await migrated({ physicalName: (table) => table });
    const describe = trial.store.describe.bind(trial.store);
    trial.store.describe = (table) => (table === DATA ? Promise.resolve(undefined) : describe(table));
    await expect(trial.rollback()).rejects.toMatchObject({ code: 'PREFLIGHT_FAILED', exit: 3 });
  });
});
