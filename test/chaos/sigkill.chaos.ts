import { killTrial, Pace, randomRequest, type Kill, type KillTrial } from '../support/faults/kill-trial.js';
import { inLanes } from '../support/faults/lanes.js';
import {
  firstGeneration,
  rolledBack,
  secondGeneration,
  type ProcessScenario,
} from '../support/faults/process-scenario.js';
import { SeededRandom } from '../support/faults/seeded-random.js';
import { kindOfPoint, seconds, tally, tell } from '../support/faults/tell.js';

const SEED = Date.now();
const RANDOM_KILLS = 210;
const EXACT_KILLS = 60;
const KILLS_UNDER_FAULTS = 30;
const ROLLBACK_KILLS = 40;
const LANES = 2;
const ALL_POINTS: string[] = [];

/** Kills until so many processes were hit, up to three in a row before one is let to its end. */
async function killUntil(
  what: string,
  wanted: number,
  scenarios: readonly ProcessScenario[],
  kill: (scenario: ProcessScenario, random: SeededRandom) => Kill,
  rates?: number,
): Promise<void> {
  const begun = performance.now();
  const paces = scenarios.map((scenario) => new Pace(scenario));
  const trials: KillTrial[] = [];
  const points = (): string[] => trials.flatMap((trial) => trial.points);
  const lane = async (number: number): Promise<void> => {
    const random = new SeededRandom(SEED, what, number);
    while (points().length < wanted) {
      const index = random.below(scenarios.length);
      const [scenario, pace] = [scenarios[index]!, paces[index]!];
      const faults = rates === undefined ? {} : { faults: { seed: random.below(1e9), rates } };
      const kills = Array.from({ length: 3 }, () => kill(scenario, random));
      trials.push(await killTrial(scenario, kills, { pace, ...faults }));
    }
  };
  await inLanes(LANES, [...Array(LANES).keys()], lane);
  ALL_POINTS.push(...points());
  const missed = trials.reduce((sum, trial) => sum + trial.missed, 0);
  const distinct = tally(points());
  const kinds = tally(points().map(kindOfPoint));
  tell(
    `${what}: ${points().length} living processes killed in ${trials.length} runs (${missed} kills came too late), ` +
      `${distinct.length} distinct points of ${kinds.length} kinds, ${seconds(begun)} s`,
  );
  expect(trials.flatMap(({ differences }) => differences)).toEqual([]);
  expect(distinct.length).toBeGreaterThan(wanted / 3);
}

describe(`invariant 6: runners that are killed with SIGKILL (seed ${SEED})`, () => {
  let scenarios: readonly ProcessScenario[];
  const begun = performance.now();

  beforeAll(async () => {
    scenarios = [await firstGeneration(100), await secondGeneration(100), await secondGeneration(100)];
    expect(scenarios.map(({ exit }) => exit)).toEqual([1, 1, 1]);
  });
  afterAll(() => {
    const distinct = tally(ALL_POINTS).length;
    tell(`SIGKILL in all: ${ALL_POINTS.length} kills, ${distinct} distinct points, ${seconds(begun)} s`);
  });

  it('at random instants, at least 200', () =>
    killUntil('at random instants', RANDOM_KILLS, scenarios, (_, random) => ({ share: random.next() })));

  it('as a certain request passes by, which the store gets or never gets, with or without its answer', () =>
    killUntil('at exact points', EXACT_KILLS, scenarios, randomRequest));

  it('at random instants, while network and store fail at one request in ten', () =>
    killUntil('under faults', KILLS_UNDER_FAULTS, scenarios, (_, random) => ({ share: random.next() }), 0.1));

  it('also a rollback, which goes on where it was', async () => {
    const scenario = await rolledBack(100);
    expect([scenario.exit, scenario.end.run]).toEqual([0, 'complete']);
    expect(scenario.end.entries['kept']).not.toEqual([]);
    await killUntil('rollbacks', ROLLBACK_KILLS, [scenario], (_, random) => ({ share: random.next() }));
  });
});
