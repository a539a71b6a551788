import { companies, monthLater } from '../support/faults/company-data.js';
import {
  interrupted,
  uninterrupted,
  type Interrupted,
  type Uninterrupted,
} from '../support/faults/crash-everywhere.js';
import { MemoryTrial } from '../support/faults/memory-trial.js';
import { SeededRandom } from '../support/faults/seeded-random.js';
import { seconds, tally, tell } from '../support/faults/tell.js';

const SEED = Date.now();
const DOUBLE_CRASHES = 300;

function told(all: readonly Interrupted[]): string[] {
  return all.flatMap(({ points, differences }) =>
    differences.map((one) => `${points.join(', then ')}: ${one}`),
  );
}

async function everywhere(what: string, reference: Uninterrupted): Promise<Interrupted[]> {
  const begun = performance.now();
  const all: Interrupted[] = [];
  for (const point of reference.points.keys()) all.push(await interrupted(reference, [point]));
  const kinds = tally(
    all.flatMap(({ points }) => points.map((point) => point.replaceAll(/\d{8}T\w+-\w+/g, 'run'))),
  );
  tell(
    `${what}: a process died at each of ${all.length} points (${kinds.length} kinds), ${seconds(begun)} s`,
  );
  return all;
}

describe(`invariant 6: a process that dies anywhere, over the whole demo with every defect (seed ${SEED})`, () => {
  let first: Uninterrupted;
  let second: Uninterrupted;

  beforeAll(async () => {
    const tables = companies(60, true);
    first = await uninterrupted(tables);
    const trial = new MemoryTrial(tables);
    await trial.run();
    trial.load(monthLater(trial.tables()));
    second = await uninterrupted(trial.tables());
  });

  it('at every point of a first run, reads included', async () => {
    const all = await everywhere('first run', first);
    expect(told(all)).toEqual([]);
    expect(all.every(({ points }) => points.length === 1)).toBe(true);
  });

  it('at every point of a run that replaces rows and finds conflicts, reads included', async () => {
    const all = await everywhere('second run', second);
    expect(told(all)).toEqual([]);
    expect(all.every(({ points }) => points.length === 1)).toBe(true);
  });

  it('at a point, and what goes on with it at another, and so does what goes on with that', async () => {
    const begun = performance.now();
    const random = new SeededRandom(SEED);
    const all: Interrupted[] = [];
    while (all.length < DOUBLE_CRASHES) {
      const reference = random.chance(0.3) ? first : second;
      all.push(
        await interrupted(
          reference,
          [1, 2, 3].map(() => random.below(reference.points.length)),
        ),
      );
    }
    const deaths = all.reduce((sum, { points }) => sum + points.length, 0);
    tell(`several deaths in a row: ${deaths} in ${all.length} runs, ${seconds(begun)} s`);
    expect(told(all)).toEqual([]);
    expect(deaths).toBeGreaterThan(DOUBLE_CRASHES * 1.2);
  });
});
