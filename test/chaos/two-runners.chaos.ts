import { freezeTrial, type FreezeAtRequest, type FreezeTrial } from '../support/faults/freeze-trial.js';
import { inLanes } from '../support/faults/lanes.js';
import { pointNamed, POINTS } from '../support/faults/points.js';
import {
  firstGeneration,
  secondGeneration,
  type ProcessScenario,
} from '../support/faults/process-scenario.js';
import { SeededRandom } from '../support/faults/seeded-random.js';
import { seconds, tally, tell } from '../support/faults/tell.js';

const SEED = Date.now();
const INSTANTS = 60;
const LANES = 3;
const HOWS: readonly Omit<FreezeAtRequest, 'at'>[] = [
  { phase: 'arrived' },
  { phase: 'arrived', late: true },
  { phase: 'answered' },
];
/** Rows are replaced in the second generation only. */
const ONLY_SECOND = ['UpdateItem of a row', 'BatchGetItem of rows that exist'];

describe(`invariant 7: a runner that is frozen beyond its lease while another takes over (seed ${SEED})`, () => {
  const scenarios = new Map<string, ProcessScenario>();

  beforeAll(async () => {
    scenarios.set('first', await firstGeneration(60));
    scenarios.set('second', await secondGeneration(60));
  });

  it.each([
    ['first', Object.keys(POINTS).filter((name) => !ONLY_SECOND.includes(name))],
    ['second', Object.keys(POINTS)],
  ])(
    'sends nothing new when it wakes, and the other ends as if it had been alone (%s generation)',
    async (which, names) => {
      const begun = performance.now();
      const jobs = names.flatMap((name) => HOWS.map((how) => ({ name, how })));
      const trials = await inLanes(LANES, jobs, async ({ name, how }) => {
        const trial = await freezeTrial(scenarios.get(which)!, { ...how, at: pointNamed(name) });
        return { ...trial, name: `${name} ${how.phase}${how.late === true ? ', sent on late' : ''}` };
      });
      const reads = trials.reduce((sum, { readsAfterWake }) => sum + readsAfterWake, 0);
      tell(
        `frozen at ${trials.length} points (${which} generation), ${seconds(begun)} s; after they woke: ` +
          `${trials.flatMap(({ writesAfterWake }) => writesAfterWake).length} writes, ${reads} reads`,
      );
      expect(trials.flatMap(faultsOf)).toEqual([]);
    },
  );

  it('nor at any instant', async () => {
    const begun = performance.now();
    const random = new SeededRandom(SEED);
    const scenario = scenarios.get('second')!;
    const work = scenario.milliseconds - scenario.firstRequest;
    const instants = Array.from({ length: INSTANTS }, () => random.next() * work);
    const all = await inLanes(LANES, instants, async (after) => {
      const trial = await freezeTrial(scenario, { after });
      return { ...trial, name: `after ${Math.round(after)} ms, ${trial.point ?? ''}` };
    });
    const trials = all.filter(({ point }) => point !== undefined);
    const points = tally(trials.map(({ point = '' }) => point));
    tell(
      `frozen at ${trials.length} instants, ${points.length} distinct points, ${seconds(begun)} s; after they woke: ` +
        `${trials.flatMap(({ writesAfterWake }) => writesAfterWake).length} writes`,
    );
    expect(trials.flatMap(faultsOf)).toEqual([]);
    expect(trials.length).toBeGreaterThan(INSTANTS / 2);
  });
});

function faultsOf(trial: FreezeTrial & { readonly name: string }): string[] {
  const { name, point, frozen, writesAfterWake, differences } = trial;
  return [
    ...(point === undefined ? ['never reached'] : []),
    ...(frozen.exit === 3
      ? []
      : [`exit ${String(frozen.exit)} ${frozen.code ?? ''}: ${frozen.message ?? ''}`]),
    // one that is frozen before it has the lease is no holder: it is refused, and notes that down
    ...(frozen.code === 'LEASE_HELD' ? [] : writesAfterWake).map((write) => `sent after it woke: ${write}`),
    ...differences,
  ].map((fault) => `${name}: ${fault}`);
}
