import fc from 'fast-check';
import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { differences } from '../../support/faults/end-state.js';
import { Failpoints } from '../../support/faults/failpoints.js';
import { endOf } from '../../support/engine/interruptions.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { become, comparableTables, tablesOf } from '../../support/engine/model-tables.js';
import { ledger } from '../../support/engine/retry-ledger.js';
import { applyChanges, arbitraryChanges, arbitraryTables } from '../../support/kpi/arbitraries.js';
import { secondModel, STEP_NAMES, type StepName } from '../../support/kpi/second-model.js';
import type { Tables } from '../../support/kpi/tables.js';

const RUNS = Number(process.env['WAYBILL_PROPERTY_RUNS'] ?? 150);
const SHRINKING = process.env['WAYBILL_PROPERTY_SHRINK'] === 'no' ? { endOnFailure: true } : {};

/** Where processes die, one after the other: shares of the way that the uninterrupted run goes. */
const crashes = (): fc.Arbitrary<number[]> =>
  fc.array(
    fc.noBias(fc.integer({ min: 0, max: 999 })).map((n) => n / 1000),
    { minLength: 1, maxLength: 4 },
  );

const trialWith = (tables: Tables, segments: number): Promise<KpiTrial> =>
  new KpiTrial({ segments }, { pageSize: 2 }).put(tables);

/** The way of an uninterrupted run, point by point, and what became of it. */
async function uninterrupted(trial: KpiTrial) {
  const process = trial.process();
  const result = await process.run();
  return { result, points: process.failpoints.points };
}

/** Lets a process die at this share of the way. Gives back its failpoints. */
async function killed(trial: KpiTrial, way: readonly string[], share: number): Promise<Failpoints> {
  // reads change nothing, so one death at them is as good as another
  const fatal = way.flatMap((point, index) => (point.startsWith('at ') ? [] : [index]));
  const failpoints = new Failpoints(fatal[Math.floor(share * fatal.length)]);
  await trial
    .process({ failpoints })
    .run()
    .catch((error: unknown) => {
      if (!failpoints.crashed) throw error;
    });
  return failpoints;
}

/** Lets processes die on the way, then one live. `exit`: of the last one; undefined: none was needed any more. */
async function interrupted(trial: KpiTrial, way: readonly string[], shares: readonly number[]) {
  const died: string[] = [];
  for (const share of shares) {
    const failpoints = await killed(trial, way, share);
    if (failpoints.crashed) died.push(failpoints.points.at(-1) ?? '');
    if (!failpoints.crashed || (await isOver(trial))) break;
  }
  if (!(await isOver(trial))) return { died, exit: (await trial.process().run()).exit };
  // a run that was killed behind a failed step is over, and whoever looks next writes that down
  await trial
    .process()
    .run({ resume: 'resume' })
    .catch(() => undefined);
  return { died, exit: undefined };
}

async function isOver({ journal }: KpiTrial): Promise<boolean> {
  const [latest] = await journal.runs('kpi', 1);
  if (latest === undefined) return false;
  const steps = await journal.steps(latest.run);
  return !['running', 'aborted'].includes(latest.status) || steps.some(({ status }) => status === 'failed');
}

/** The tables after a run as the model has it. */
const predicted = (tables: Tables, steps: readonly StepName[]): Record<string, string[]> =>
  comparableTables(secondModel(tables, contentDigest, steps).tables);

const rowsOf = (trial: KpiTrial): Record<string, string[]> => comparableTables(tablesOf(trial));

describe('invariant 6: the engine against the second model, killed on its way', () => {
  it('ends a first run of random data with the rows, numbers and entries of the uninterrupted one', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        arbitraryTables(),
        fc.integer({ min: 1, max: 3 }),
        crashes(),
        async (tables, segments, shares) => {
          const whole = await trialWith(tables, segments);
          const { result, points } = await uninterrupted(whole);
          const trial = await trialWith(tables, segments);
          const { died, exit } = await interrupted(trial, points, shares);
          for (const point of died) seen.add(point.split(' ').slice(0, 2).join(' '));
          expect(differences(await endOf(whole), await endOf(trial))).toEqual([]);
          expect([exit ?? result.exit, rowsOf(trial)]).toEqual([result.exit, predicted(tables, STEP_NAMES)]);
        },
      ),
      { numRuns: RUNS / 3, interruptAfterTimeLimit: 40_000, ...SHRINKING },
    );
    expect(seen.size).toBeGreaterThan(8);
  });

  it('ends a run over changed data with the rows, numbers and entries of the uninterrupted one', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryTables(),
        arbitraryChanges({ removals: true }),
        fc.integer({ min: 1, max: 3 }),
        crashes(),
        async (tables, changes, segments, shares) => {
          const first = await trialWith(tables, segments);
          await first.run();
          const changed = applyChanges(tablesOf(first), changes);
          const whole = await trialWith(changed, segments);
          const { result, points } = await uninterrupted(whole);
          const reached = result.steps
            .filter(({ status }) => status !== 'not-run')
            .map(({ step }) => step as StepName);
          const trial = await trialWith(changed, segments);
          const { exit } = await interrupted(trial, points, shares);
          expect(differences(await endOf(whole), await endOf(trial))).toEqual([]);
          expect([exit ?? result.exit, rowsOf(trial)]).toEqual([result.exit, predicted(changed, reached)]);
        },
      ),
      { numRuns: RUNS / 3, interruptAfterTimeLimit: 40_000, ...SHRINKING },
    );
  });

  it('counts what it lists also where data changed before it was taken up again, and the next run follows the model', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryTables(),
        arbitraryChanges({ removals: true }),
        fc.integer({ min: 1, max: 3 }),
        crashes(),
        async (tables, changes, segments, shares) => {
          const whole = await trialWith(tables, segments);
          const { points } = await uninterrupted(whole);
          const trial = await trialWith(tables, segments);
          for (const share of shares.slice(0, 2)) {
            await killed(trial, points, share);
            become(trial, applyChanges(tablesOf(trial), changes));
          }
          await trial.process().run();
          await ledger(trial);
          const before = tablesOf(trial);
          const result = await trial.process().run();
          await ledger(trial);
          const reached = result.steps
            .filter(({ status }) => status !== 'not-run')
            .map(({ step }) => step as StepName);
          expect([result.resumed, rowsOf(trial)]).toEqual([false, predicted(before, reached)]);
        },
      ),
      { numRuns: RUNS / 3, interruptAfterTimeLimit: 40_000, ...SHRINKING },
    );
  });
});
