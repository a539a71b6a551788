import { observedLeases } from '../../../src/conformance/trial/mortal-leases.js';
import { textOf } from '../../../src/domain/storage/stored-value.js';
import { is } from '../../support/engine/interruptions.js';
import { beforeInserts, losing } from '../../support/engine/inserts.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { changed, actual, id, kpi, link, milestone, reading } from '../../support/engine/small-rows.js';
import { rowOf } from '../../support/engine/observed.js';
import { TABLE } from '../../support/kpi/tables.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: [milestone(1), milestone(2), milestone(3)],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};

const trialOf = (): Promise<KpiTrial> => new KpiTrial({ segments: 2 }).put(TABLES);

const poisoned = async (lost = id('d1', 2)): Promise<KpiTrial> => {
  const trial = await trialOf();
  const result = await trial.process({ store: losing(lost) }).run();
  expect([result.exit, result.status, result.error]).toEqual([1, 'failed', undefined]);
  return trial;
};

const stateOf = async (trial: KpiTrial, step: string): Promise<string | undefined> =>
  (await trial.journal.states('kpi')).find((state) => state.step === step)?.status;

describe('invariant 8: a failed validation', () => {
  it('marks its step, and nothing behind it is run', async () => {
    const trial = await poisoned();
    const [{ run } = { run: '' }] = await trial.journal.runs('kpi', 1);
    expect(await trial.journal.steps(run)).toMatchObject([
      { step: 'links', status: 'validated' },
      { step: 'milestones', status: 'failed', findings: 1 },
    ]);
    expect([await stateOf(trial, 'milestones'), await stateOf(trial, 'actuals')]).toEqual([
      'failed',
      undefined,
    ]);
    expect(await trial.entries('finding')).toMatchObject([{ step: 'milestones', key: id('d1', 2) }]);
  });

  it('refuses the steps behind it, with the reason, whether they rest on it or not', async () => {
    const trial = await poisoned();
    const [{ run } = { run: '' }] = await trial.journal.runs('kpi', 1);
    for (const steps of [['actuals'], ['readings'], ['actuals', 'readings']]) {
      await expect(trial.run({ steps })).rejects.toMatchObject({
        exit: 3,
        code: 'STEP_PREREQUISITE',
        message: `step ${steps[0] ?? ''} needs a validated milestones step in dev, but milestones has not passed its validation (run ${run})`,
        next: 'Run it first: node runner --env dev --step milestones',
      });
    }
    await expect(trial.run({ steps: ['actuals'], dryRun: true })).rejects.toMatchObject({
      code: 'STEP_PREREQUISITE',
    });
    expect(trial.store.rows(TABLE.kpiData).map((row) => textOf(row['dataCategory']))).toEqual([
      'Target',
      'Target',
    ]);
  });

  it('leaves nothing to resume: the run is over', async () => {
    const trial = await poisoned();
    await expect(trial.run({ resume: 'resume' })).rejects.toMatchObject({
      exit: 3,
      code: 'NOTHING_TO_RESUME',
    });
  });

  it('never keeps the step itself from being run again, alone or with all others', async () => {
    const alone = await poisoned();
    expect((await alone.run({ steps: ['milestones'] })).exit).toBe(0);
    expect((await alone.run({ steps: ['actuals'] })).exit).toBe(0);
    const whole = await poisoned();
    expect((await whole.run()).exit).toBe(0);
  });

  it('stops a run of all steps again where it has not been mended', async () => {
    const trial = await poisoned();
    const again = await trial.process({ store: losing(id('d1', 2)) }).run();
    expect([again.exit, again.steps.map(({ status }) => status)]).toEqual([
      1,
      ['validated', 'failed', 'not-run', 'not-run'],
    ]);
  });

  it('is not forgotten where the step was begun again and killed', async () => {
    const trial = await poisoned();
    await trial
      .dying(is('after journal.saveState milestones running'))
      .dies((process) => process.run({ steps: ['milestones'] }));
    await expect(trial.run({ steps: ['actuals'], resume: 'restart' })).rejects.toMatchObject({
      exit: 3,
      code: 'STEP_PREREQUISITE',
      message: expect.stringMatching(/milestones did not finish/),
    });
  });

  it('is cleared by a clean one: `validate` says so, and the next step may run', async () => {
    const trial = await poisoned();
    expect(await trial.validate({ steps: ['milestones'] })).toMatchObject({ passed: false });
    const whole = await trialOf();
    await whole.run();
    const lost = rowOf(whole, TABLE.kpiData, id('d1', 2));
    const other = rowOf(trial, TABLE.kpiData, id('d1', 1))['_migration'] as {
      M: Record<string, { S: string }>;
    };
    const stamp = (lost['_migration'] as { M: Record<string, { S: string }> }).M;
    trial.store.load(TABLE.kpiData, [{ ...lost, _migration: { M: { ...stamp, run: other.M['run']! } } }]);
    expect(await trial.validate({ steps: ['milestones'] })).toMatchObject({ passed: true });
    expect(await stateOf(trial, 'milestones')).toBe('validated');
    expect((await trial.run({ steps: ['actuals'] })).exit).toBe(0);
  });
});

describe('a validation that fails later', () => {
  it('marks the step as failed and refuses what comes after it; the run keeps its own record', async () => {
    const trial = await trialOf();
    const { run } = await trial.run();
    trial.store.erase(TABLE.kpiLinks, { id: { S: id('11', 1) } });
    expect((await trial.validate()).passed).toBe(false);
    expect(await stateOf(trial, 'links')).toBe('failed');
    expect((await trial.journal.steps(run)).map(({ status }) => status)).toEqual(Array(4).fill('validated'));
    await expect(trial.run({ steps: ['milestones'] })).rejects.toMatchObject({
      code: 'STEP_PREREQUISITE',
      message: expect.stringMatching(/links has not passed its validation/),
    });
    expect((await trial.run()).exit).toBe(0);
    expect((await trial.run({ steps: ['milestones'] })).exit).toBe(0);
  });

  it('keeps a run from being resumed that had finished this step, until a clean one', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 0')).dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    const kept = rowOf(trial, TABLE.kpiLinks, id('11', 1));
    trial.store.load(TABLE.kpiLinks, [changed(kept, { goalId: { S: 'another' } })]);
    expect((await trial.validate({ steps: ['links'] })).passed).toBe(false);
    for (const resume of ['auto', 'resume'] as const) {
      await expect(trial.run({ resume })).rejects.toMatchObject({
        exit: 3,
        code: 'STEP_PREREQUISITE',
        message: `run ${killed?.run ?? ''} can't go on: its links step has failed a validation since`,
        next:
          'Mend the cause and let node runner validate --env dev find it clean, ' +
          'or run the step again: node runner run --env dev --step links --restart',
      });
    }
    expect(await trial.journal.run(killed?.run ?? '')).toEqual(killed);
    trial.store.load(TABLE.kpiLinks, [kept]);
    expect((await trial.validate({ steps: ['links'] })).passed).toBe(true);
    const result = await trial.run();
    expect([result.run, result.exit]).toEqual([killed?.run, 0]);
  });

  it('keeps a run from ending well that had finished all of its steps', async () => {
    const trial = await trialOf();
    await trial.dying(is('before journal.saveRun kpi complete')).dies((process) => process.run());
    trial.store.erase(TABLE.kpiData, { id: { S: id('d3', 1) } });
    expect((await trial.validate()).passed).toBe(false);
    await expect(trial.run()).rejects.toMatchObject({ code: 'STEP_PREREQUISITE' });
    const again = await trial.run({ steps: ['readings'], resume: 'restart' });
    expect(again.exit).toBe(0);
  });

  it('lets the step itself be run again, as the refusal says', async () => {
    const trial = await trialOf();
    await trial.dying(is('after journal.saveCheckpoint milestones 0')).dies((process) => process.run());
    trial.store.erase(TABLE.kpiLinks, { id: { S: id('11', 1) } });
    await trial.validate({ steps: ['links'] });
    await expect(trial.run()).rejects.toMatchObject({ code: 'STEP_PREREQUISITE' });
    expect((await trial.run({ steps: ['links'], resume: 'restart' })).exit).toBe(0);
    expect((await trial.run()).exit).toBe(0);
  });

  it('does not touch a step that has not run, or whose rows were rolled back', async () => {
    const trial = await trialOf();
    expect((await trial.validate()).passed).toBe(false);
    expect(await trial.journal.states('kpi')).toEqual([]);
    await trial.run();
    await trial.application.rollback({ plan: 'kpi', dryRun: false, confirmProduction: false });
    const rolledBack = await trial.journal.states('kpi');
    expect((await trial.validate()).passed).toBe(false);
    expect(await trial.journal.states('kpi')).toEqual(rolledBack);
    expect((await trial.run()).exit).toBe(0);
  });
});

describe('`validate` beside other work', () => {
  /** Does something while a run holds the lease. */
  const amid = async (trial: KpiTrial, call: () => Promise<unknown>): Promise<unknown> => {
    let found: unknown;
    const process = trial.process({
      store: beforeInserts(async () => {
        found ??= await call().catch((error: unknown) => error);
      }),
    });
    await process.run();
    return found;
  };

  it('invariant 7: is refused: what a verdict is founded on must not move meanwhile', async () => {
    const trial = await trialOf();
    expect(await amid(trial, () => trial.process().validate())).toMatchObject({
      exit: 3,
      code: 'LEASE_HELD',
    });
  });

  it('looks at a sample all the same, which gives no verdict', async () => {
    const trial = await trialOf();
    expect(await amid(trial, () => trial.process().validate({ sample: 5 }))).toMatchObject({
      sample: { size: 5 },
    });
    trial.store.erase(TABLE.kpiData, { id: { S: id('d1', 1) } });
    expect(await trial.validate({ sample: 5 })).toMatchObject({ passed: false });
    expect(await stateOf(trial, 'milestones')).toBe('validated');
  });

  it('keeps a run out meanwhile, and lets go of the lease', async () => {
    const trial = await trialOf();
    await trial.run();
    let refusal: unknown;
    const process = trial.process({
      leases: (leases) =>
        observedLeases(leases, async () => {
          refusal = await trial.run().catch((error: unknown) => error);
        }),
    });
    await process.validate().catch(() => undefined);
    expect(refusal).toMatchObject({
      exit: 3,
      code: 'LEASE_HELD',
      message: expect.stringContaining('validate by'),
    });
    expect((await trial.leases.current('kpi'))?.released).toBe(true);
  });

  it('invariant 10: that is stopped exits 4 and leaves the verdicts as they were', async () => {
    const trial = await trialOf();
    await trial.run();
    const before = await trial.journal.states('kpi');
    const controller = new AbortController();
    const process = trial.process({
      leases: (leases) => observedLeases(leases, () => controller.abort()),
    });
    await expect(process.validate({ signal: controller.signal })).rejects.toMatchObject({
      exit: 4,
      code: 'ABORTED',
      message: 'the validation was stopped',
    });
    expect(await trial.journal.states('kpi')).toEqual(before);
  });
});
