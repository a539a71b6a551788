import { textOf } from '../../../src/domain/storage/stored-value.js';
import type { IMigrationStep, RecordPlanner } from '../../../src/migrations/contract/migration-step.js';
import type { RunResult } from '../../../src/runner/application.js';
import { is } from '../../support/engine/interruptions.js';
import { stoppingAt } from '../../support/engine/inserts.js';
import { KpiTrial, type Surroundings } from '../../support/engine/kpi-trial.js';
import { outcomes } from '../../support/engine/observed.js';
import { actual, kpi, link, milestone, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const all = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));
const numberOf = (id: string | undefined): number => Number(id?.slice(-12));

const tables = (milestones: number, broken = 0) => ({
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: all(milestones, (n) => milestone(n, n <= broken ? { targetValue: { S: 'many' } } : {})),
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
});

/** The code of the milestones step throws on the first so many records. */
const throwing =
  (failures: number): NonNullable<Surroundings['steps']> =>
  (steps) =>
    steps.map((step) => {
      if (step.name !== 'milestones') return step;
      const prepare: IMigrationStep['prepare'] = async (context) => {
        const planner = await step.prepare(context);
        const plan: RecordPlanner['plan'] = (record) => {
          if (numberOf(textOf(record['id'])) <= failures) throw new RangeError('broken');
          return planner.plan(record);
        };
        return Object.assign(Object.create(planner) as RecordPlanner, { plan });
      };
      return Object.assign(Object.create(step) as IMigrationStep, { prepare });
    });

async function run(milestones: number, failures: number, options: Parameters<KpiTrial['run']>[0] = {}) {
  const trial = await new KpiTrial({ segments: 2 }, { steps: throwing(failures) }).put(tables(milestones));
  return { trial, result: await trial.run(options) };
}

const ending = ({ exit, status, error }: RunResult): string =>
  `${exit} ${status} ${error?.code ?? ''}`.trim();

describe('unexpected failures', () => {
  it('F-09: are set aside one by one up to 100 of them, and the step goes on', async () => {
    const { result } = await run(130, 100);
    expect([ending(result), outcomes(result)['milestones']]).toEqual([
      '1 failed',
      { created: 30, quarantined: 100 },
    ]);
    expect(result.steps.map(({ status }) => status)).toEqual(Array(4).fill('validated'));
  });

  it('F-09: stop the step beyond that, with exit 1, and nothing behind it is run', async () => {
    const { trial, result } = await run(400, 400);
    expect(ending(result)).toBe('1 failed MAX_FAILURES');
    expect(result.steps.map(({ status }) => status)).toEqual(['validated', 'failed', 'not-run', 'not-run']);
    expect(await trial.journal.run(result.run)).toMatchObject({
      status: 'failed',
      error: { code: 'MAX_FAILURES' },
    });
    expect(result.steps[1]?.counters.quarantined).toBeGreaterThan(100);
    expect(result.steps[1]?.counters.quarantined).toBeLessThan(130);
  });

  it('F-09: are tolerated to 1 % of the records that the table is said to have', async () => {
    const many = { itemCount: 50_000 };
    const trial = await new KpiTrial(
      {},
      { steps: throwing(400), describe: (described) => ({ ...described, ...many }) },
    ).put(tables(400));
    expect(ending(await trial.run())).toBe('1 failed');
  });

  it('stop the step at the first one with --max-failures 0', async () => {
    const { result } = await run(40, 1, { maxFailures: 0, segments: 1 });
    expect([ending(result), result.error?.message]).toEqual([
      '1 failed MAX_FAILURES',
      'step milestones was stopped: records that failed unexpectedly: 1, allowed: 0 (those of the pages under way are counted, too)',
    ]);
    expect(ending((await run(40, 0, { maxFailures: 0 })).result)).toBe('0 complete');
  });

  it('invariant 1: are counted as they are listed where the step was stopped', async () => {
    const { trial, result } = await run(400, 400, { maxFailures: 20 });
    const { counters, reasons } = result.steps[1]!;
    expect(await trial.entries('quarantine')).toHaveLength(counters.quarantined);
    expect(reasons).toEqual({ TRANSFORM_FAILED: counters.quarantined });
    expect(counters.read).toBe(counters.quarantined + counters.created);
  });

  it('are counted on where a killed run is taken up again', async () => {
    const trial = await new KpiTrial({ segments: 1 }, { steps: throwing(70) }).put(tables(70));
    const around = { steps: throwing(70) };
    const dying = trial.dying(is('after journal.saveCheckpoint milestones 0'), around);
    await dying.dies((process) => process.run({ maxFailures: 13 }));
    // seven of a page are covered; fourteen are one too many
    const result = await trial.process(around).run({ maxFailures: 13 });
    expect([ending(result), result.steps[1]?.counters.read]).toEqual(['1 failed MAX_FAILURES', 14]);
  });

  const reasons = [
    ['MAX_FAILURES', async () => (await run(40, 40, { maxFailures: 0 })).trial],
    [
      'MAX_QUARANTINED',
      async () => {
        const trial = await new KpiTrial({ segments: 1 }).put(tables(40, 5));
        await trial.run({ maxQuarantined: 4 });
        return trial;
      },
    ],
  ] as const;

  it.each(reasons)(
    'invariant 8: leave the step as failed, in the journal as well: %s',
    async (code, stopped) => {
      const trial = await stopped();
      const [{ run: failed, error } = { run: '' }] = await trial.journal.runs('kpi', 1);
      expect(error?.code).toBe(code);
      const { plans } = await trial.application.status({ plan: 'kpi' });
      expect(plans[0]?.steps.map(({ status }) => status)).toEqual([
        'validated',
        'failed',
        'not-run',
        'not-run',
      ]);
      expect(await trial.journal.steps(failed)).toMatchObject([
        { step: 'links', status: 'validated' },
        { step: 'milestones', status: 'failed', checks: [] },
      ]);
      await expect(trial.run({ steps: ['actuals'] })).rejects.toMatchObject({
        code: 'STEP_PREREQUISITE',
        message: `step actuals needs a validated milestones step in dev, but milestones has not passed its validation (run ${failed})`,
      });
      const again = await trial.process().run();
      expect([again.resumed, again.steps.map(({ status }) => status)]).toEqual([
        false,
        Array(4).fill('validated'),
      ]);
    },
  );

  it('leave a quarantine that is not complete: a retry has nothing to do with it', async () => {
    const { trial } = await run(40, 40, { maxFailures: 0 });
    const retried = await trial.retry();
    expect(retried.notices).toContainEqual(expect.stringContaining('Step milestones did not finish'));
    expect(retried.steps).toEqual([]);
  });

  it('are not what an aborted run has: its step is still under way', async () => {
    const controller = new AbortController();
    const trial = await new KpiTrial({ segments: 1 }, { store: stoppingAt(TABLE.kpiData, controller) }).put(
      tables(40),
    );
    const result = await trial.run({ signal: controller.signal });
    expect([ending(result), result.steps[1]?.status]).toEqual(['4 aborted ABORTED', 'running']);
    const states = await trial.journal.states('kpi');
    expect(states.find(({ step }) => step === 'milestones')?.status).toBe('running');
  });

  it('end the run for good: --resume has nothing to go on with, and the next run is new', async () => {
    const { trial, result } = await run(40, 40, { maxFailures: 0 });
    await expect(trial.run({ resume: 'resume' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RESUME',
      message: expect.stringContaining(`run ${result.run} is failed`),
    });
    const mended = await trial.process().run();
    expect([mended.resumed, ending(mended)]).toEqual([false, '0 complete']);
  });

  it('stop a dry run, too, which tells where to find what it set aside', async () => {
    const { result } = await run(40, 40, { maxFailures: 0, dryRun: true });
    expect(ending(result)).toBe('1 failed MAX_FAILURES');
    expect(result.error?.next).toContain(
      `node runner quarantine list --env dev --run ${result.run} --step milestones;`,
    );
  });
});

describe("records that are set aside for the plan's own reasons", () => {
  const broken = (count: number): Promise<KpiTrial> => new KpiTrial({ segments: 1 }).put(tables(300, count));

  it('stop nothing, however many, without --max-quarantined', async () => {
    const result = await (await broken(300)).run({ maxFailures: 0 });
    expect([ending(result), outcomes(result)['milestones']]).toEqual(['1 failed', { quarantined: 300 }]);
  });

  it('stop the step beyond --max-quarantined, with exit 1, for good', async () => {
    const trial = await broken(5);
    expect(ending(await trial.run({ maxQuarantined: 4 }))).toBe('1 failed MAX_QUARANTINED');
    const next = await trial.run({ maxQuarantined: 5 });
    expect([next.resumed, ending(next)]).toEqual([false, '1 failed']);
  });
});
