import { observedLeases } from '../../../src/conformance/trial/mortal-leases.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { textOf } from '../../../src/domain/storage/stored-value.js';
import { stampOf } from '../../../src/domain/storage/stored.js';
import type { RunResult } from '../../../src/runner/application.js';
import type { Journal, RunRecord } from '../../../src/runner/ports/journal.js';
import { differences } from '../../support/faults/end-state.js';
import { behind, endOf, failingJournal, is, nth, shortPages } from '../../support/engine/interruptions.js';
import { losing, stoppingAt } from '../../support/engine/inserts.js';
import { KpiTrial, type KpiProcess } from '../../support/engine/kpi-trial.js';
import { outcomes } from '../../support/engine/observed.js';
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

const starts =
  (name: string) =>
  (point: string): boolean =>
    point.startsWith(name);
const all = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));

/** Two links need a placeholder; milestones that are quarantined, warned of and in conflict. */
const TABLES = {
  [TABLE.kpis]: [kpi(1), kpi(2)],
  [TABLE.people]: [],
  [TABLE.links]: all(2, (n) => link(n)),
  [TABLE.milestones]: [
    ...all(20, (n) => milestone(n, n % 5 === 0 ? { targetValue: { S: ' 12 ' } } : {})),
    milestone(21, { targetValue: { S: 'many' } }),
    milestone(22, onKpi(2)),
  ],
  [TABLE.actuals]: all(4, (n) => actual(n)),
  [TABLE.readings]: all(4, (n) => reading(n)),
  [TABLE.kpiData]: [{ id: { S: id('d1', 3) }, kpiLinkId: { S: id('11', 1) }, note: { S: 'mine' } }],
};

const trialOf = (tables: Readonly<Record<string, StoredItem[]>> = TABLES): Promise<KpiTrial> =>
  new KpiTrial({ segments: 2 }).put(tables);

/** Kills a run at a point, and lets the next process run by itself. */
async function resumedAfter(
  where: (point: string) => boolean,
  trial: KpiTrial,
): Promise<{ readonly process: KpiProcess; readonly result: RunResult }> {
  await trial.dying(where).dies((process) => process.run());
  const process = trial.process();
  return { process, result: await process.run() };
}

/** As an older version of the runner left it. */
function withoutPins({ pins: _, ...record }: RunRecord): RunRecord {
  return record;
}

async function runIds(trial: KpiTrial): Promise<string[]> {
  return (await trial.journal.runs('kpi', 1000)).map(({ run, status }) => `${run} ${status}`);
}

const scansOf = (points: readonly string[], table: string): number =>
  points.filter((point) => point === `at reader.scan ${table}`).length;
const writes = (points: readonly string[]): string[] =>
  points.filter((point) => point.startsWith('before sink.'));

describe('invariant 6: a killed run', () => {
  it.each<[string, (point: string) => boolean]>([
    ['before its own record is written', is('before journal.saveRun kpi running')],
    ['before its first step', is('before journal.saveState links running')],
    ['between state and record of a step', is('after journal.saveState links running')],
    ['amid the placeholders', is('after sink.insert purposepath-people')],
    ['before a checkpoint', is('before journal.saveCheckpoint milestones 1')],
    ['after a checkpoint', is('after journal.saveCheckpoint milestones 1')],
    ['amid the entries of a slice', nth(2, starts('after journal.append'))],
    ['amid the rows of a slice', is('amid sink.insert purposepath-kpi-data')],
    ['between the last checkpoint and the record', nth(2, is('before journal.saveStep milestones running'))],
    [
      'during a verification',
      behind(nth(2, is('after journal.saveStep milestones running')), (point) =>
        point.startsWith('at reader.scan'),
      ),
    ],
    ['between record and state of a step', is('after journal.saveStep milestones validated')],
    ['after the last step', is('after journal.saveState readings validated')],
    ['before the record of its end', is('before journal.saveRun kpi failed')],
  ])('%s is taken up by the same command and ends as if nothing had been', async (_, where) => {
    const uninterrupted = await trialOf();
    const expected = await uninterrupted.run();
    const trial = await trialOf();
    const { result } = await resumedAfter(where, trial);
    expect(differences(await endOf(uninterrupted), await endOf(trial))).toEqual([]);
    expect([result.exit, result.status, outcomes(result)]).toEqual([
      expected.exit,
      expected.status,
      outcomes(expected),
    ]);
    expect(result.steps.map(({ checks }) => checks)).toEqual(expected.steps.map(({ checks }) => checks));
    expect(await runIds(trial)).toEqual([`${result.run} failed`]);
  });

  it('goes on under its id, its clock and its flags, and tells when it was taken up', async () => {
    const trial = await trialOf();
    await trial
      .dying(is('after journal.saveCheckpoint milestones 0'))
      .dies((process) => process.run({ accept: ['allow-unlinked'] }));
    const [killed] = await trial.journal.runs('kpi', 1);
    expect(killed).toMatchObject({ status: 'running', flags: ['allow-unlinked'] });
    const result = await trial.process().run();
    expect([result.run, result.resumed, result.kind]).toEqual([killed?.run, true, 'migration']);
    const again = await trial.journal.run(result.run);
    expect(again).toMatchObject({
      startedAt: killed?.startedAt,
      planVersion: killed?.planVersion,
      pins: killed?.pins,
      flags: ['allow-unlinked'],
      resumedAt: [expect.stringMatching(/^2026-11-21T/)],
    });
    expect(new Set(trial.store.rows(TABLE.kpiLinks).map((row) => stampOf(row)?.run))).toEqual(
      new Set([killed?.run]),
    );
  });

  it('keeps the segments that it began with, whatever the environment says since', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 0')).dies((process) => process.run());
    const { run } = await trial.process({ environment: { segments: 5 } }).run();
    expect(await trial.journal.checkpoints(run, 'milestones')).toHaveLength(2);
    expect(await trial.journal.checkpoints(run, 'readings')).toHaveLength(2);
  });

  it('begins anew with --restart, and the new run is what counts from then on', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 0')).dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    const anew = await trial.process().run({ resume: 'restart' });
    expect([anew.resumed, anew.run === killed?.run]).toEqual([false, false]);
    expect(outcomes(anew)['links']).toEqual({ unchanged: 2 });
    await expect(trial.process().run({ resume: 'resume' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RESUME',
    });
    expect(await runIds(trial)).toEqual([
      expect.stringMatching('refused'),
      `${anew.run} failed`,
      `${killed?.run ?? ''} running`,
    ]);
    expect((await trial.process().run()).resumed).toBe(false);
  });

  it('goes on with --resume, which refuses where there is nothing to go on with', async () => {
    const trial = await trialOf();
    await expect(trial.run({ resume: 'resume' })).rejects.toMatchObject({
      exit: 3,
      code: 'NOTHING_TO_RESUME',
    });
    await trial.dying(is('after journal.saveCheckpoint milestones 0')).dies((process) => process.run());
    const result = await trial.process().run({ resume: 'resume' });
    expect(result.resumed).toBe(true);
    await expect(trial.run({ resume: 'resume' })).rejects.toMatchObject({
      exit: 3,
      code: 'NOTHING_TO_RESUME',
    });
  });

  it('is not mixed with other work: other steps and segments are refused, and it can still be resumed', async () => {
    const trial = await trialOf();
    await trial
      .dying(is('after journal.saveCheckpoint links 0'))
      .dies((process) => process.run({ steps: ['links', 'actuals'] }));
    for (const options of [{}, { steps: ['links'] }, { steps: ['actuals', 'links'], segments: 7 }]) {
      await expect(trial.process().run(options)).rejects.toMatchObject({ exit: 3, code: 'RESUME_DIFFERENT' });
    }
    const result = await trial.process().run({ resume: 'resume' });
    expect(result.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'links validated',
      'actuals validated',
    ]);
  });

  it('is not resumed under another plan version or on other tables, and is when they are back', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 0')).dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    const other = trial.process({ planVersion: 'e'.repeat(64), planFiles: { 'domain/kpi.js': 'changed' } });
    await expect(other.run()).rejects.toMatchObject({
      exit: 3,
      code: 'RESUME_CHANGED',
      message: expect.stringContaining('ffffffffffff is now eeeeeeeeeeee (domain/kpi.js changed)'),
    });
    const elsewhere = trial.process({ physicalName: (table) => `${table}-new` });
    await expect(elsewhere.run({ resume: 'resume' })).rejects.toMatchObject({
      code: 'RESUME_CHANGED',
      message: expect.stringContaining(`${TABLE.links} was ${TABLE.links} and is now ${TABLE.links}-new`),
    });
    const result = await trial.process().run();
    expect([result.run, result.resumed]).toEqual([killed?.run, true]);
  });

  it.each<[keyof Journal, number]>([
    ['runs', 1],
    ['runs', 2],
    ['states', 1],
    ['steps', 1],
    ['attestations', 1],
    ['checkpoints', 1],
    ['prune', 1],
    ['saveRun', 1],
    ['saveState', 1],
    ['saveStep', 1],
    ['saveCheckpoint', 1],
    ['entries', 1],
  ])('can be resumed after its journal did not answer to `%s`, which is exit 3', async (method, n) => {
    const uninterrupted = await trialOf();
    await uninterrupted.run();
    const trial = await trialOf();
    await trial.dying(nth(2, starts('after journal.append'))).dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    const process = trial.process({ journal: (journal) => failingJournal(journal, method, n) });
    const exit = await process.run().then(
      (result) => result.exit,
      (error: unknown) => (error as { readonly exit: number }).exit,
    );
    expect(exit).toBe(3);
    expect(['running', 'aborted']).toContain((await trial.journal.run(killed?.run ?? ''))?.status);
    const result = await trial.process().run();
    expect([result.run, result.resumed]).toEqual([killed?.run, true]);
    expect(differences(await endOf(uninterrupted), await endOf(trial))).toEqual([]);
  });

  it('is not hidden by refusals in between, however many', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 0')).dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    for (let time = 0; time < 120; time += 1)
      await trial
        .process()
        .run({ steps: ['readings'] })
        .catch(() => undefined);
    expect(await trial.journal.runs('kpi', 1000)).toHaveLength(121);
    expect((await trial.process().run()).run).toBe(killed?.run);
  });

  it('begins anew, and says so, where an older version of the runner left nothing to resume from', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 0')).dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    const old = withoutPins(killed!);
    await trial.journal.saveRun(old);
    await expect(trial.process().run({ resume: 'resume' })).rejects.toMatchObject({
      code: 'RESUME_OLD_FORMAT',
    });
    const result = await trial.process().run();
    expect([result.resumed, result.run === old.run]).toEqual([false, false]);
    expect(result.notices).toContain(
      `Run ${old.run} is unfinished and was begun by a version that left nothing to resume from, ` +
        'so this one begins anew: what is done stays done.',
    );
    expect(outcomes(result)['links']).toEqual({ unchanged: 2 });
    const next = await trial.process().run();
    expect(next.notices.join()).not.toContain('unfinished');
  });
});

describe('a run that is over', () => {
  it('is not resumed where it failed: the next one is new', async () => {
    const trial = await trialOf();
    const failed = await trial.run({ maxQuarantined: 0 });
    expect([failed.exit, failed.error?.code]).toEqual([1, 'MAX_QUARANTINED']);
    const next = await trial.run();
    expect([next.resumed, next.run > failed.run]).toEqual([false, true]);
  });

  it('is not resumed where it was killed between the failed step and its own end, nor is its step forgotten', async () => {
    const trial = await trialOf({ ...TABLES, [TABLE.milestones]: [milestone(1), milestone(2)] });
    await trial
      .dying(is('after journal.saveStep milestones failed'), { store: losing(id('d1', 2)) })
      .dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    await expect(trial.process().run({ steps: ['actuals'] })).rejects.toMatchObject({
      exit: 3,
      code: 'STEP_PREREQUISITE',
      message: expect.stringContaining('milestones has not passed its validation'),
    });
    await expect(trial.process().run({ resume: 'resume' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RESUME',
      message: expect.stringContaining(`run ${killed?.run ?? ''} is failed`),
    });
    expect(await trial.journal.run(killed?.run ?? '')).toMatchObject({ status: 'failed' });
    const next = await trial.process().run();
    expect([next.resumed, next.run === killed?.run]).toEqual([false, false]);
    expect(next.steps[1]?.status).toBe('validated');
  });
});

describe('work that is done', () => {
  it('is not done again where a run was killed during the verification', async () => {
    const uninterrupted = await trialOf();
    const whole = uninterrupted.process();
    await whole.run();
    const begin = whole.failpoints.points.lastIndexOf('after journal.saveStep milestones running');
    const end = whole.failpoints.points.indexOf('before journal.saveStep milestones validated');
    const verification = whole.failpoints.points.slice(begin, end);
    const trial = await trialOf();
    const { process } = await resumedAfter(
      behind(nth(2, is('after journal.saveStep milestones running')), (point) =>
        point.startsWith('at reader.scan'),
      ),
      trial,
    );
    const { points } = process.failpoints;
    const resumed = points.slice(0, points.indexOf('before journal.saveStep milestones validated'));
    expect(writes(resumed)).toEqual([]);
    const scans = scansOf(verification, TABLE.milestones);
    expect(scans).toBeGreaterThan(0);
    expect(scansOf(resumed, TABLE.milestones)).toBe(scans);
    expect(scansOf(resumed, TABLE.links)).toBe(0);
  });

  it('is not done again where it is covered by a checkpoint: rows are sent once', async () => {
    const uninterrupted = await trialOf();
    const whole = uninterrupted.process();
    await whole.run();
    const trial = await trialOf();
    const dying = trial.dying(is('after journal.saveCheckpoint milestones 1'));
    await dying.dies((process) => process.run());
    const process = trial.process();
    await process.run();
    const sent = [...writes(dying.failpoints.points), ...writes(process.failpoints.points)];
    const data = (points: readonly string[]): number =>
      points.filter((point) => point === 'before sink.insert purposepath-kpi-data').length;
    // what the other segment had under way is sent again
    expect(data(sent)).toBeLessThanOrEqual(data(writes(whole.failpoints.points)) + 2);
    expect(scansOf(process.failpoints.points, TABLE.links)).toBe(0);
  });

  it('is told where a resumed run is stopped before it has looked at anything', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 1')).dies((process) => process.run());
    const controller = new AbortController();
    const process = trial.process({
      leases: (leases) => observedLeases(leases, () => controller.abort()),
    });
    const result = await process.run({ signal: controller.signal });
    expect([result.exit, result.resumed, result.error?.message]).toEqual([
      4,
      true,
      expect.stringMatching(
        /links validated, milestones begun, [1-9]\d* records settled, actuals not begun, readings not begun$/,
      ),
    ]);
    expect(writes(process.failpoints.points)).toEqual([]);
    expect((await trial.process().run()).run).toBe(result.run);
  });

  it('is told by the result and by the message where a resumed run is stopped before it gets on', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 1')).dies((process) => process.run());
    const controller = new AbortController();
    const process = trial.process({
      store: (store) => ({
        sink: store,
        reader: {
          get: (table, keys) => store.get(table, keys),
          positionBehind: (table, row) => store.positionBehind(table, row),
          scan: (table, options) => {
            controller.abort();
            return store.scan(table, options);
          },
        },
      }),
    });
    const result = await process.run({ signal: controller.signal });
    expect(result.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'links validated',
      'milestones running',
      'actuals not-run',
      'readings not-run',
    ]);
    expect(result.steps[1]?.counters.read).toBeGreaterThan(0);
    expect(result.error?.message).toMatch(
      /links validated, milestones begun, [1-9]\d* records settled, actuals not begun, readings not begun$/,
    );
  });
});

describe('outcomes of a killed process', () => {
  /** A trial after its first run, with half of the milestones and a link changed since, and new ones. */
  async function second(): Promise<{ trial: KpiTrial; earlier: string[] }> {
    const trial = await trialOf({ ...TABLES, [TABLE.links]: [link(1)] });
    const { run } = await trial.run();
    trial.store.load(TABLE.links, [link(1, { weight: { N: '5' } }), link(2)]);
    trial.store.load(
      TABLE.milestones,
      all(30, (n) => milestone(n, n % 2 === 0 ? { targetValue: { N: '99' } } : {})),
    );
    return { trial, earlier: [run] };
  }

  it.each<[string, (point: string) => boolean]>([
    ['before the announcement of a replacement', is('before journal.saveCheckpoint links 0')],
    ['after the announcement', is('after journal.saveCheckpoint links 0')],
    ['after a replacement', is('after sink.replace purposepath-kpi-links')],
    ['after some replacements', nth(3, is('after sink.replace purposepath-kpi-data'))],
    [
      'behind replacements of both segments, before the next checkpoint',
      behind(
        nth(5, is('after sink.replace purposepath-kpi-data')),
        starts('before journal.saveCheckpoint milestones'),
      ),
    ],
  ])('are those of the uninterrupted run where it was killed %s', async (_, where) => {
    const uninterrupted = await second();
    const expected = await uninterrupted.trial.run();
    expect(outcomes(expected)['milestones']).toMatchObject({
      created: expect.any(Number),
      updated: expect.any(Number),
    });
    const { trial, earlier } = await second();
    const { result } = await resumedAfter(where, trial);
    expect(outcomes(result)).toEqual(outcomes(expected));
    expect(
      differences(await endOf(uninterrupted.trial, uninterrupted.earlier), await endOf(trial, earlier)),
    ).toEqual([]);
  });

  it.each([1, 2, 3])('hold where the pages of the resumed scan are shorter, e.g. %i rows', async (rows) => {
    const uninterrupted = await second();
    const expected = await uninterrupted.trial.run();
    const { trial } = await second();
    // all of a page is replaced, and nothing of it covered
    const replaced = nth(1, (point) => point.startsWith('before journal.append'));
    await trial
      .dying(behind(is('after sink.replace purposepath-kpi-data'), replaced))
      .dies((process) => process.run());
    const process = trial.process({
      store: (store) => ({ reader: shortPages(store, rows), sink: store }),
    });
    expect(outcomes(await process.run())).toEqual(outcomes(expected));
  });

  it('hold where the resumed run is stopped amid the page that the killed one had replaced', async () => {
    const tables = {
      ...TABLES,
      [TABLE.links]: [link(1)],
      [TABLE.milestones]: all(600, (n) => milestone(n)),
      [TABLE.kpiData]: [],
    };
    const trial = await new KpiTrial({ segments: 1 }, { pageSize: 1000 }).put(tables);
    await trial.run();
    trial.store.load(
      TABLE.milestones,
      all(600, (n) => milestone(n, { targetValue: { N: '99' } })),
    );
    // the third chunk of the page is on its way
    await trial
      .dying(nth(520, is('after sink.replace purposepath-kpi-data')))
      .dies((process) => process.run());
    const controller = new AbortController();
    const stopping = trial.process({
      store: stoppingAt(TABLE.kpiData, controller),
    });
    const stopped = await stopping.run({ signal: controller.signal });
    expect([stopped.exit, stopped.steps[1]?.counters.read]).toEqual([4, 250]);
    const result = await trial.process().run();
    expect(outcomes(result)['milestones']).toEqual({ updated: 600 });
  });

  it('are created for what it inserted, also where the record was changed before the run was taken up again', async () => {
    const trial = await trialOf({
      ...TABLES,
      [TABLE.milestones]: all(6, (n) => milestone(n)),
      [TABLE.kpiData]: [],
    });
    await trial.dying(is('after sink.insert purposepath-kpi-data')).dies((process) => process.run());
    trial.store.load(
      TABLE.milestones,
      all(6, (n) => milestone(n, { targetValue: { N: '99' } })),
    );
    const result = await trial.process().run();
    expect(outcomes(result)['milestones']).toEqual({ created: 6 });
    expect(result.exit).toBe(0);
    expect(
      trial.store.rows(TABLE.kpiData).filter((row) => textOf(row['dataCategory']) === 'Target'),
    ).toHaveLength(12);
  });

  it('end in a conflict where somebody edited a row before the run was taken up again', async () => {
    const trial = await trialOf({ ...TABLES, [TABLE.milestones]: [milestone(1)], [TABLE.kpiData]: [] });
    await trial.dying(is('after sink.insert purposepath-kpi-data')).dies((process) => process.run());
    const row = trial.store.rows(TABLE.kpiData).find((one) => textOf(one['id']) === id('d1', 1));
    const edited = changed(row!, { label: { S: 'mine now' } });
    trial.store.load(TABLE.kpiData, [edited]);
    expect(outcomes(await trial.process().run())['milestones']).toEqual({ conflict: 1 });
    expect(trial.store.rows(TABLE.kpiData)).toContainEqual(edited);
  });
});

describe('what a killed process had set aside', () => {
  const bad = milestone(7, { targetValue: { S: 'many' } });
  const tables = {
    ...TABLES,
    [TABLE.milestones]: [milestone(1), milestone(2), bad, milestone(8, { targetValue: { S: ' 1 ' } })],
    [TABLE.kpiData]: [],
  };
  const killed = async (): Promise<KpiTrial> => {
    const trial = await trialOf(tables);
    await trial
      .dying(behind(is('after journal.saveStep milestones running'), starts('after journal.append')))
      .dies((process) => process.run());
    const [{ run } = { run: '' }] = await trial.journal.runs('kpi', 1);
    const left: string[] = [];
    for (const kind of ['quarantine', 'warning'] as const)
      for await (const { source: of } of trial.journal.entries(run, 'milestones', kind)) left.push(of);
    expect(left.length).toBeGreaterThan(0);
    return trial;
  };

  it('is gone where its record was repaired before the run was taken up again', async () => {
    const trial = await killed();
    trial.store.load(TABLE.milestones, [milestone(7), milestone(8)]);
    const result = await trial.process().run();
    expect([result.exit, outcomes(result)['milestones']]).toEqual([0, { created: 4 }]);
    expect(await trial.entries('quarantine')).toEqual([]);
    expect((await trial.entries('warning')).filter(({ step }) => step === 'milestones')).toEqual([]);
  });

  it('is gone where its record was deleted', async () => {
    const trial = await killed();
    for (const n of [7, 8]) trial.store.erase(TABLE.milestones, { id: { S: id('d1', n) } });
    const result = await trial.process().run();
    expect(result.exit).toBe(0);
    expect(await trial.entries('quarantine')).toEqual([]);
    expect((await trial.entries('warning')).filter(({ step }) => step === 'milestones')).toEqual([]);
  });

  it('stays where a checkpoint covers it', async () => {
    const trial = await trialOf(tables);
    await trial
      .dying(nth(2, is('before journal.saveStep milestones running')))
      .dies((process) => process.run());
    const result = await trial.process().run();
    expect(outcomes(result)['milestones']).toEqual({ created: 3, quarantined: 1 });
    expect((await trial.entries('quarantine')).map((entry) => entry.source)).toEqual([
      source('milestone', id('d1', 7)),
    ]);
    expect((await trial.entries('warning')).filter(({ step }) => step === 'milestones')).toHaveLength(1);
  });

  it('takes the findings of a verification with it that did not end', async () => {
    const trial = await trialOf({ ...tables, [TABLE.milestones]: [milestone(1), milestone(2)] });
    const dying = trial.dying(is('before journal.saveStep milestones failed'), {
      store: losing(id('d1', 2)),
    });
    await dying.dies((process) => process.run());
    expect(await trial.entries('finding')).toHaveLength(1);
    const other = trial.store.rows(TABLE.kpiData).find((row) => textOf(row['id']) === id('d1', 1));
    const [run] = await trial.journal.runs('kpi', 1);
    // somebody puts back what was lost: the same content, stamped as the run stamps it
    const whole = await trialOf({ ...tables, [TABLE.milestones]: [milestone(1), milestone(2)] });
    await whole.run();
    const lost = whole.store.rows(TABLE.kpiData).find((row) => textOf(row['id']) === id('d1', 2));
    const stamp = { ...stampOf(lost!), run: run!.run } as Record<string, string>;
    const stamped = Object.fromEntries(Object.entries(stamp).map(([name, S]) => [name, { S }]));
    trial.store.load(TABLE.kpiData, [{ ...lost!, _migration: { M: stamped } }]);
    expect(other).toBeDefined();
    const result = await trial.process().run();
    expect(result.steps[1]?.status).toBe('validated');
    expect(await trial.entries('finding')).toEqual([]);
  });
});
