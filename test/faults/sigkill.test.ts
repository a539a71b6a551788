import { killTrial, Pace, type KillTrial } from '../support/faults/kill-trial.js';
import { secondGeneration } from '../support/faults/process-scenario.js';
import { SeededRandom } from '../support/faults/seeded-random.js';

/** Other instants in every test run, for every instant must do; the name of the test tells the seed. */
const SEED = Date.now();
const KILLS = 5;

describe('invariant 6: a runner that is killed with SIGKILL', () => {
  it(`resumes by itself and ends where an uninterrupted run ends (seed ${SEED})`, async () => {
    const scenario = await secondGeneration(40);
    expect(scenario.end.run).toBe('failed');
    expect(scenario.end.entries['conflict']).not.toEqual([]);
    const random = new SeededRandom(SEED);
    const pace = new Pace(scenario);
    const trials: KillTrial[] = [];
    const hits = (): number => trials.flatMap(({ points }) => points).length;
    while (hits() < KILLS && trials.length < 12) {
      const kills = Array.from({ length: KILLS - hits() }, () => ({ share: random.next() }));
      trials.push(await killTrial(scenario, kills, { pace }));
    }
    expect(trials.flatMap(({ differences }) => differences)).toEqual([]);
    expect(hits()).toBe(KILLS);
  }, 180_000);
});
