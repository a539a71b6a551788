import { textOf } from '../../../src/domain/storage/stored-value.js';
import { stampOf } from '../../../src/domain/storage/stored.js';
import type { RunResult } from '../../../src/runner/application.js';
import { is, nth } from '../../support/engine/interruptions.js';
import { beforeInserts, losing, stoppingAt } from '../../support/engine/inserts.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { entries, outcomes, rowOf } from '../../support/engine/observed.js';
import { ledger } from '../../support/engine/retry-ledger.js';
import {
  actual,
  changed,
  id,
  kpi,
  link,
  milestone,
  onKpi,
  reading,
  source,
} from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const SEE = 'See node runner quarantine list --env dev and node runner conflicts list --env dev';

/** KPI 2 is missing, and with it goes link 2; two values are no numbers; KPI 3 has no link. */
const TABLES = {
  [TABLE.kpis]: [kpi(1), kpi(3)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1), link(2, onKpi(2))],
  [TABLE.milestones]: [
    milestone(1),
    milestone(2, { targetValue: { S: 'many' } }),
    milestone(3, onKpi(2)),
    milestone(4, onKpi(3)),
  ],
  [TABLE.actuals]: [actual(1), actual(2, { actualValue: { S: 'some' } })],
  [TABLE.readings]: [reading(1), reading(2)],
};

async function ran(
  tables: Parameters<KpiTrial['put']>[0] = TABLES,
): Promise<{ trial: KpiTrial; first: RunResult }> {
  const trial = await new KpiTrial({ segments: 2 }).put(tables);
  return { trial, first: await trial.run() };
}

const mended = (trial: KpiTrial): void => {
  trial.store.load(TABLE.kpis, [kpi(2)]);
  trial.store.load(TABLE.milestones, [milestone(2)]);
  trial.store.load(TABLE.actuals, [actual(2)]);
};

const statuses = (result: RunResult): string[] => result.steps.map(({ step, status }) => `${step} ${status}`);

describe('quarantine retry', () => {
  it('settles records whose cause is mended, in the order of the steps, in a run of its own', async () => {
    const { trial, first } = await ran();
    expect(await entries(trial, 'quarantine')).toEqual([
      `actuals ${id('d2', 2)} NUMBER_INVALID`,
      `links ${id('11', 2)} KPI_MISSING`,
      `milestones ${id('d1', 2)} NUMBER_INVALID`,
      `milestones ${id('d1', 3)} KPI_MISSING`,
      `milestones ${id('d1', 4)} KPI_UNLINKED`,
    ]);
    mended(trial);
    const result = await trial.retry();
    expect(result).toMatchObject({ kind: 'retry', resumed: false, status: 'failed', exit: 1, dryRun: false });
    expect([result.error, outcomes(result), statuses(result)]).toEqual([
      undefined,
      {
        links: { created: 1 },
        milestones: { created: 2, quarantined: 1 },
        actuals: { created: 1 },
        // nothing to try again, but it hangs on the links
        readings: {},
      },
      ['links validated', 'milestones validated', 'actuals validated', 'readings validated'],
    ]);
    expect(await entries(trial, 'quarantine')).toEqual([`milestones ${id('d1', 4)} KPI_UNLINKED`]);
    expect(await trial.journal.run(result.run)).toMatchObject({
      kind: 'retry',
      status: 'failed',
      selection: {},
      steps: ['links', 'milestones', 'actuals', 'readings'],
    });
    const row = trial.store.rows(TABLE.kpiData).find((one) => textOf(one['id']) === id('d1', 3));
    expect([row?.['kpiLinkId'], stampOf(row!)?.run]).toEqual([{ S: id('11', 2) }, result.run]);
    expect(result.run > first.run).toBe(true);
  });

  it('invariant 1: keeps the numbers of the run, and beside them what changed, so that they add up', async () => {
    const { trial, first } = await ran();
    mended(trial);
    const { run } = await trial.retry();
    const stored = (await trial.journal.steps(first.run)).find(({ step }) => step === 'milestones');
    expect(stored).toMatchObject({
      counters: { read: 4, created: 1, quarantined: 3 },
      reasons: { NUMBER_INVALID: 1, KPI_MISSING: 1, KPI_UNLINKED: 1 },
      amendments: [
        {
          run,
          applied: true,
          counters: { read: 0, rows: 2, created: 2, quarantined: -2, conflict: 0 },
          reasons: { NUMBER_INVALID: -1, KPI_MISSING: -1, KPI_UNLINKED: 0 },
        },
      ],
    });
    expect(await ledger(trial)).toEqual({
      links: 'read 2, settled 2',
      milestones: 'read 4, settled 3, KPI_UNLINKED 1',
      actuals: 'read 2, settled 2',
      readings: 'read 2, settled 2',
    });
    const [status] = (await trial.application.status({ plan: 'kpi' })).plans;
    expect(status?.steps[1]).toMatchObject({
      run: first.run,
      counters: { read: 4, created: 3, quarantined: 1 },
    });
  });

  it('leaves a plain run nothing to do', async () => {
    const { trial } = await ran({
      ...TABLES,
      [TABLE.kpis]: [kpi(1)],
      [TABLE.milestones]: TABLES[TABLE.milestones].slice(0, 3),
    });
    mended(trial);
    expect((await trial.retry()).exit).toBe(0);
    const rows = trial.store.rows(TABLE.kpiData);
    const next = await trial.run();
    expect([next.exit, next.resumed, outcomes(next)]).toEqual([
      0,
      false,
      {
        links: { unchanged: 2 },
        milestones: { unchanged: 3 },
        actuals: { unchanged: 2 },
        readings: { unchanged: 2 },
      },
    ]);
    expect(trial.store.rows(TABLE.kpiData)).toEqual(rows);
  });

  it('sets a record aside again for its new reason', async () => {
    const { trial, first } = await ran();
    trial.store.load(TABLE.milestones, [milestone(2, { milestoneDate: { S: 'soon' } })]);
    const result = await trial.retry({ steps: ['milestones'], reasons: ['NUMBER_INVALID'] });
    expect([result.exit, outcomes(result)]).toEqual([1, { milestones: { quarantined: 1 } }]);
    expect(await entries(trial, 'quarantine')).toEqual([
      `actuals ${id('d2', 2)} NUMBER_INVALID`,
      `links ${id('11', 2)} KPI_MISSING`,
      `milestones ${id('d1', 2)} DATE_INVALID`,
      `milestones ${id('d1', 3)} KPI_MISSING`,
      `milestones ${id('d1', 4)} KPI_UNLINKED`,
    ]);
    const entry = await trial.journal.entry(
      first.run,
      'milestones',
      'quarantine',
      source('milestone', id('d1', 2)),
    );
    expect(entry?.image).toEqual(milestone(2, { milestoneDate: { S: 'soon' } }));
    expect((await ledger(trial))['milestones']).toBe(
      'read 4, settled 1, DATE_INVALID 1, KPI_MISSING 1, KPI_UNLINKED 1',
    );
  });

  it('takes a record that is gone from the source off the books', async () => {
    const { trial } = await ran();
    trial.store.erase(TABLE.actuals, { id: { S: id('d2', 2) } });
    const result = await trial.retry({ steps: ['actuals'] });
    expect([result.exit, outcomes(result)]).toEqual([0, { actuals: {} }]);
    expect((await ledger(trial))['actuals']).toBe('read 1, settled 1');
  });

  it('invariant 4: tells of a record that meets a foreign row now as a conflict, no longer as quarantined', async () => {
    const { trial } = await ran();
    const foreign = { id: { S: id('d2', 2) }, kpiLinkId: { S: id('11', 1) }, note: { S: 'mine' } };
    trial.store.load(TABLE.kpiData, [foreign]);
    trial.store.load(TABLE.actuals, [actual(2)]);
    const result = await trial.retry({ steps: ['actuals'] });
    expect([result.exit, outcomes(result)]).toEqual([1, { actuals: { conflict: 1 } }]);
    expect(await trial.entries('conflict', true)).toMatchObject([
      {
        source: source('actual', id('d2', 2)),
        key: id('d2', 2),
        found: foreign,
        image: { postValue: { N: '20' } },
      },
    ]);
    expect((await ledger(trial))['actuals']).toBe('read 2, settled 1, conflict 1');
    expect(trial.store.rows(TABLE.kpiData)).toContainEqual(foreign);
  });

  it('takes back what was said of a record and no longer holds', async () => {
    const tables = {
      ...TABLES,
      [TABLE.milestones]: [milestone(1), milestone(3, { ...onKpi(2), targetValue: { S: ' 12 ' } })],
    };
    const { trial } = await ran(tables);
    const warned = async (): Promise<string[]> =>
      (await entries(trial, 'warning')).filter((line) => line.startsWith('milestones'));
    expect(await warned()).toHaveLength(1);
    trial.store.load(TABLE.milestones, [milestone(3, onKpi(2))]);
    mended(trial);
    await trial.retry();
    expect(await warned()).toEqual([]);
  });
});

describe('the choice of records to retry', () => {
  it('goes by reason', async () => {
    const { trial } = await ran();
    mended(trial);
    const result = await trial.retry({ reasons: ['NUMBER_INVALID', 'KPI_UNLINKED'] });
    expect(outcomes(result)).toMatchObject({
      milestones: { created: 1, quarantined: 1 },
      actuals: { created: 1 },
    });
    expect(await entries(trial, 'quarantine')).toEqual([
      `links ${id('11', 2)} KPI_MISSING`,
      `milestones ${id('d1', 3)} KPI_MISSING`,
      `milestones ${id('d1', 4)} KPI_UNLINKED`,
    ]);
    expect((await trial.journal.run(result.run))?.selection).toEqual({
      reasons: ['NUMBER_INVALID', 'KPI_UNLINKED'],
    });
  });

  it.each([
    ['an id', id('d1', 2)],
    ['a table and an id', source('milestone', id('d1', 2))],
  ])('goes by %s', async (_, chosen) => {
    const { trial } = await ran();
    mended(trial);
    const result = await trial.retry({ ids: [chosen] });
    expect(outcomes(result)['milestones']).toEqual({ created: 1 });
    expect(await entries(trial, 'quarantine')).toHaveLength(4);
    expect((await trial.journal.run(result.run))?.selection).toEqual({ ids: [chosen] });
  });

  it('takes an id of several tables for all of them, and one of a table for that one', async () => {
    const shared = actual(2, { id: { S: id('d1', 2) }, actualValue: { S: 'some' } });
    const tables = { ...TABLES, [TABLE.actuals]: [actual(1), shared] };
    const { trial } = await ran(tables);
    trial.store.load(TABLE.actuals, [{ ...shared, actualValue: { N: '4' } }]);
    trial.store.load(TABLE.milestones, [milestone(2)]);
    expect(
      outcomes(await trial.retry({ ids: [source('actual', id('d1', 2))] }))['milestones'],
    ).toBeUndefined();
    const { trial: other } = await ran(tables);
    expect(Object.keys(outcomes(await other.retry({ ids: [id('d1', 2)] })))).toEqual(
      expect.arrayContaining(['milestones', 'actuals']),
    );
  });

  it('needs both where both are given', async () => {
    const { trial } = await ran();
    mended(trial);
    const result = await trial.retry({ ids: [id('d1', 2), id('d1', 3)], reasons: ['KPI_MISSING'] });
    // link 2 is not among them, so KPI 2 has none yet
    expect(outcomes(result)['milestones']).toEqual({ quarantined: 1 });
    expect(await entries(trial, 'quarantine')).toContain(`milestones ${id('d1', 3)} KPI_UNLINKED`);
  });

  it.each([
    [
      'a reason that nothing is set aside for',
      { reasons: ['KPI_MISSING', 'NOPE'] },
      'REASON_UNKNOWN',
      'no record of links, milestones, actuals, readings in dev is set aside as NOPE',
      'There are: KPI_MISSING, KPI_UNLINKED, NUMBER_INVALID. See node runner quarantine list --env dev',
    ],
    [
      'a reason of another step',
      { steps: ['links'], reasons: ['NUMBER_INVALID'] },
      'REASON_UNKNOWN',
      'no record of links in dev is set aside as NUMBER_INVALID',
      'There are: KPI_MISSING. See node runner quarantine list --env dev',
    ],
    [
      'an id that is not set aside',
      { ids: [id('d1', 2), 'nosuch', id('d1', 1)] },
      'ENTRY_NOT_FOUND',
      `no record of links, milestones, actuals, readings in dev with the id nosuch, ${id('d1', 1)} is set aside`,
      'List what there is: node runner quarantine list --env dev',
    ],
  ])(
    'invariant 10: refuses %s with exit 2, and journals nothing',
    async (_, request, code, message, next) => {
      const { trial } = await ran();
      mended(trial);
      const before = [await trial.journal.runs('kpi', 10), await trial.journal.states('kpi')];
      await expect(trial.retry(request)).rejects.toMatchObject({ exit: 2, code, message, next });
      expect([await trial.journal.runs('kpi', 10), await trial.journal.states('kpi')]).toEqual(before);
    },
  );

  it('invariant 10: says that what was asked for is settled where others are still open', async () => {
    const { trial } = await ran();
    mended(trial);
    const result = await trial.retry({ reasons: ['NUMBER_INVALID'] });
    expect([result.exit, outcomes(result)['milestones'], outcomes(result)['actuals']]).toEqual([
      1,
      { created: 1 },
      { created: 1 },
    ]);
    expect(result.notices).toEqual([
      'All that was asked for is settled. Of these steps 3 other records are still set aside or in conflict, and accepted by nobody. ' +
        SEE,
    ]);
    // the same command once more is no mistake
    expect((await trial.retry({ reasons: ['NUMBER_INVALID'] })).notices).toEqual([
      'No quarantined record was chosen: there was nothing to try again.',
      '3 records of these steps are still set aside or in conflict, and accepted by nobody. ' + SEE,
    ]);
  });

  it('claims nothing settled where a record asked for is set aside again', async () => {
    const { trial } = await ran();
    mended(trial);
    const result = await trial.retry({ reasons: ['KPI_UNLINKED'] });
    expect(result.notices).toEqual([
      'Of milestones rows are missing, as is so where records that were not chosen are mended, too. ' +
        'This writes them: node runner run --env dev',
      '5 records of these steps are still set aside or in conflict, and accepted by nobody. ' + SEE,
    ]);
  });

  it('invariant 6: takes the same ids again where it was cut off behind the record that it settled', async () => {
    const { trial } = await ran();
    mended(trial);
    const request = { ids: [id('d1', 2)] };
    await trial
      // of the four kinds of entries the quarantine is the last
      .dying(nth(4, (point) => point.startsWith('after journal.prune')))
      .dies((process) => process.retry(request));
    expect(await entries(trial, 'quarantine')).toHaveLength(4);
    expect(await trial.process().retry(request)).toMatchObject({ exit: 1, kind: 'retry' });
    expect((await trial.journal.states('kpi')).map(({ status }) => status)).toEqual(
      Array(4).fill('validated'),
    );
  });

  it('of a step with nothing in its quarantine is told, and done', async () => {
    const { trial } = await ran();
    const sound = await trial.retry({ steps: ['readings'] });
    expect([sound.exit, sound.status, sound.steps]).toEqual([0, 'complete', []]);
    expect(sound.notices).toEqual(['No quarantined record was chosen: there was nothing to try again.']);
  });
});

describe('how a retry ends', () => {
  it('is exit 0 where nothing is open any more in the steps that it was asked for', async () => {
    const { trial } = await ran();
    trial.store.load(TABLE.milestones, [milestone(2)]);
    trial.store.load(TABLE.actuals, [actual(2)]);
    expect((await trial.retry({ steps: ['actuals'] })).exit).toBe(0);
    const rest = await trial.retry({ steps: ['milestones'] });
    expect([rest.exit, outcomes(rest)['milestones']]).toEqual([1, { created: 1, quarantined: 2 }]);
  });

  it('A-38: is exit 0 where the rest is accepted: by this command, by its run, or by a decision', async () => {
    const { trial } = await ran();
    mended(trial);
    expect((await trial.retry({ accept: ['allow-unlinked'] })).exit).toBe(0);
    const flagged = await new KpiTrial().put(TABLES);
    await flagged.run({ accept: ['allow-unlinked'] });
    mended(flagged);
    expect((await flagged.retry()).exit).toBe(0);
    const decided = await ran();
    mended(decided.trial);
    await decided.trial.application.accept({ plan: 'kpi', reason: 'KPI_UNLINKED', by: 'ann', revoke: false });
    const result = await decided.trial.retry();
    expect([result.exit, result.acceptances.map(({ reason }) => reason)]).toEqual([0, ['KPI_UNLINKED']]);
  });

  it('is by the verdict on the step after it, which blocks what comes later', async () => {
    const { trial } = await ran();
    mended(trial);
    const process = trial.process({ store: losing(id('d1', 2)) });
    const result = await process.retry({ steps: ['milestones', 'actuals'], reasons: ['NUMBER_INVALID'] });
    expect([result.exit, statuses(result)]).toEqual([1, ['milestones failed', 'actuals not-run']]);
    expect(await trial.entries('quarantine')).toHaveLength(4);
    await expect(trial.run({ steps: ['readings'] })).rejects.toMatchObject({ code: 'STEP_PREREQUISITE' });
    expect((await trial.run()).steps.map(({ status }) => status)).toEqual(Array(4).fill('validated'));
  });

  it('is by a verdict that takes earlier rows as they stand, as that of a run does', async () => {
    const { trial } = await ran();
    const edited = changed(rowOf(trial, TABLE.kpiLinks, id('11', 1)), { tenantId: { S: id('7e', 9) } });
    trial.store.load(TABLE.kpiLinks, [edited]);
    const result = await trial.retry({ steps: ['milestones'], ids: [id('d1', 4)] });
    expect([outcomes(result), statuses(result)]).toEqual([
      { milestones: { quarantined: 1 } },
      ['milestones failed'],
    ]);
  });

  it('is refused for a step whose ground has failed its validation', async () => {
    const { trial } = await ran();
    mended(trial);
    trial.store.erase(TABLE.kpiLinks, { id: { S: id('11', 1) } });
    await trial.validate({ steps: ['links'] });
    await expect(trial.retry({ steps: ['milestones'] })).rejects.toMatchObject({
      exit: 3,
      code: 'STEP_PREREQUISITE',
    });
    expect(await trial.entries('quarantine')).toHaveLength(5);
  });

  it('invariant 8: takes the verdict from later steps that lack rows for a new link, and says what to do', async () => {
    const tables = { ...TABLES, [TABLE.links]: [link(1), link(2, { kpiId: { S: 'no GUID' } })] };
    const { trial } = await ran(tables);
    trial.store.load(TABLE.links, [link(2)]);
    const result = await trial.retry({ steps: ['links'] });
    expect([result.exit, statuses(result)]).toEqual([
      1,
      ['links validated', 'milestones failed', 'actuals failed', 'readings failed'],
    ]);
    expect(result.notices).toEqual([
      'Rows of milestones, actuals, readings hang on what was settled, and a retry does not bring them up to date. ' +
        'This does: node runner run --env dev',
    ]);
    const states = await trial.journal.states('kpi');
    expect(states.map(({ status }) => status)).toEqual(['validated', 'failed', 'failed', 'failed']);
    const next = await trial.run({ steps: ['milestones', 'actuals', 'readings'] });
    expect(next.steps.map(({ status }) => status)).toEqual(Array(3).fill('validated'));
    expect(outcomes(next)).toMatchObject({ milestones: { updated: 1 }, readings: { updated: 2 } });
  });

  it('invariant 8: leaves no verdict behind that no longer holds where it is killed before the new one', async () => {
    const tables = { ...TABLES, [TABLE.links]: [link(1), link(2, { kpiId: { S: 'no GUID' } })] };
    const { trial } = await ran(tables);
    trial.store.load(TABLE.links, [link(2)]);
    await trial
      .dying(is('before journal.saveState links validated'))
      .dies((process) => process.retry({ steps: ['links'] }));
    const states = async (): Promise<string[]> =>
      (await trial.journal.states('kpi')).map(({ step, status }) => `${step} ${status}`);
    expect(await states()).toEqual([
      'links running',
      'milestones running',
      'actuals running',
      'readings running',
    ]);
    await expect(trial.run({ steps: ['milestones'] })).rejects.toMatchObject({ code: 'STEP_PREREQUISITE' });
    const result = await trial.retry({ steps: ['links'] });
    expect([result.exit, await states()]).toEqual([
      1,
      ['links validated', 'milestones failed', 'actuals failed', 'readings failed'],
    ]);
  });

  it('leaves the verdicts of later steps alone where it wrote nothing', async () => {
    const { trial } = await ran();
    const before = await trial.journal.states('kpi');
    const result = await trial.retry({ steps: ['links'] });
    expect([result.exit, outcomes(result), statuses(result)]).toEqual([
      1,
      { links: { quarantined: 1 } },
      ['links validated'],
    ]);
    const later = (states: typeof before): typeof before => states.filter(({ step }) => step !== 'links');
    expect(later(await trial.journal.states('kpi'))).toEqual(later(before));
  });

  it('tries nothing of a step that did not finish, and says so: what it has set aside is not all of it', async () => {
    const trial = await new KpiTrial({ segments: 1 }).put(TABLES);
    expect((await trial.run({ maxQuarantined: 1 })).error?.code).toBe('MAX_QUARANTINED');
    mended(trial);
    const result = await trial.retry({ steps: ['milestones'] });
    expect([result.exit, result.steps, result.notices]).toEqual([
      1,
      [],
      [
        'Step milestones did not finish, so nothing of it is tried again. Run it: node runner run --env dev --step milestones',
        'No quarantined record was chosen: there was nothing to try again.',
        '3 records of these steps are still set aside or in conflict, and accepted by nobody. ' + SEE,
      ],
    ]);
  });

  it('never runs against a step that was rolled back or has not run', async () => {
    const { trial } = await ran();
    await trial.application.rollback({ plan: 'kpi', dryRun: false, confirmProduction: false });
    const result = await trial.retry();
    expect([result.exit, result.steps]).toEqual([0, []]);
    const fresh = await new KpiTrial().put(TABLES);
    expect((await fresh.retry()).steps).toEqual([]);
  });
});

describe('a retry beside unfinished work', () => {
  it('is refused while a run is unfinished: its quarantine is not complete', async () => {
    const { trial } = await ran();
    await trial.dying(is('after journal.saveStep milestones running')).dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    await expect(trial.retry()).rejects.toMatchObject({
      exit: 3,
      code: 'RUN_UNFINISHED',
      message: `run ${killed?.run ?? ''} of plan kpi is unfinished, so its quarantine is not complete`,
      next: 'Finish it first: node runner run --env dev',
    });
    await trial.run();
    expect((await trial.retry()).kind).toBe('retry');
  });

  it('is refused while a rollback is unfinished, which is to be finished as what it is', async () => {
    const { trial } = await ran();
    await trial
      .dying(is('after journal.saveStep readings running'))
      .dies((process) =>
        process.application.rollback({ plan: 'kpi', dryRun: false, confirmProduction: false }),
      );
    await expect(trial.retry()).rejects.toMatchObject({
      code: 'RUN_UNFINISHED',
      next: 'Finish it first: node runner rollback --env dev',
    });
  });

  it('is not kept from anything by a run that was killed behind a failed step: that one is over', async () => {
    const { trial } = await ran();
    trial.store.load(TABLE.readings, [reading(3, { value: { S: 'lots' } }), reading(4)]);
    await trial
      .dying(is('after journal.saveStep readings failed'), { store: losing(id('d3', 4)) })
      .dies((process) => process.run({ steps: ['readings'] }));
    trial.store.load(TABLE.readings, [reading(3)]);
    const result = await trial.retry({ steps: ['readings'] });
    // the row that was lost is still missing
    expect([result.exit, outcomes(result), statuses(result)]).toEqual([
      1,
      { readings: { created: 1 } },
      ['readings failed'],
    ]);
  });

  it('goes on after one that was killed, under a run of its own, and a plain run does not mind it', async () => {
    for (const next of ['retry', 'run'] as const) {
      const { trial } = await ran();
      mended(trial);
      await trial.dying(is('after sink.insert purposepath-kpi-links')).dies((process) => process.retry());
      const [killed] = await trial.journal.runs('kpi', 1);
      expect(killed).toMatchObject({ kind: 'retry', status: 'running' });
      const result = await trial.process()[next]({ accept: ['allow-unlinked'] });
      expect([result.exit, result.resumed, result.run === killed?.run]).toEqual([0, false, false]);
      expect(outcomes(result)['links']).toEqual({ unchanged: next === 'retry' ? 1 : 2 });
    }
  });

  it('invariant 10: that is stopped exits 4, keeps what is settled, and is taken up by the next', async () => {
    const { trial } = await ran();
    mended(trial);
    const controller = new AbortController();
    const process = trial.process({
      store: stoppingAt(TABLE.kpiLinks, controller),
    });
    const result = await process.retry({ signal: controller.signal });
    expect(result).toMatchObject({ status: 'aborted', exit: 4, error: { code: 'ABORTED' } });
    expect(trial.store.rows(TABLE.kpiLinks)).toHaveLength(2);
    const next = await trial.retry({ accept: ['allow-unlinked'] });
    expect([next.exit, (await trial.journal.states('kpi')).map(({ status }) => status)]).toEqual([
      0,
      Array(4).fill('validated'),
    ]);
    expect((await ledger(trial))['links']).toBe('read 2, settled 2');
  });

  it('invariant 7: that loses its lease ends with exit 3 LEASE_LOST and writes nothing more', async () => {
    const { trial } = await ran();
    mended(trial);
    const process = trial.process({
      store: beforeInserts(() => trial.leases.steal('kpi')),
    });
    const result = await process.retry();
    expect([result.exit, result.error?.code]).toEqual([3, 'LEASE_LOST']);
    expect((await trial.journal.run(result.run))?.status).toBe('running');
  });

  it('A-04: production wants to be confirmed', async () => {
    const trial = await new KpiTrial({ production: true }).put(TABLES);
    await trial.run({ confirmProduction: true });
    await expect(trial.retry()).rejects.toMatchObject({ exit: 3, code: 'PRODUCTION_UNCONFIRMED' });
    expect((await trial.retry({ confirmProduction: true })).kind).toBe('retry');
  });
});
