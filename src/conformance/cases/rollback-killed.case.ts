import type { Bench, Uninterrupted } from '../bench.js';
import { differences } from '../trial/differences.js';
import { endStateOf, type EndState } from '../trial/end-state.js';
import { Failpoints } from '../trial/failpoints.js';
import { pointsOfWrites, spread } from '../trial/interruption.js';
import type { Case } from './case.js';

const QUICK = 40;

/** A rollback that dies before, amid or after any of its writes, and is begun again. */
export const ROLLBACK_KILLED: Case = {
  id: 'rollback-killed',
  name: 'is rolled back the same wherever the rollback is killed',
  judge: async (bench) => {
    const first = await bench.soundRun();
    const reference = await wholeRollback(bench, first);
    const all = pointsOfWrites(reference.points);
    const chosen = bench.isFull ? all : spread(reference.points, all, QUICK);
    const problems: string[] = [];
    for (const position of chosen) {
      const found = await killed(bench, first, position, reference.end);
      problems.push(...found.map((line) => `killed ${reference.points[position] ?? ''}: ${line}`));
    }
    return { problems, told: `${chosen.length} kills at ${chosen.length} of ${all.length} points` };
  },
};

async function wholeRollback(
  bench: Bench,
  { after }: Uninterrupted,
): Promise<{ readonly end: EndState; readonly points: readonly string[] }> {
  const trial = bench.trial(after);
  const failpoints = new Failpoints();
  await trial.rollback(failpoints);
  return { end: await endStateOf(trial), points: failpoints.points };
}

async function killed(
  bench: Bench,
  { after }: Uninterrupted,
  position: number,
  end: EndState,
): Promise<string[]> {
  const trial = bench.trial(after);
  await trial.rollback(Failpoints.crashingAt(position));
  if (!(await trial.isOver())) await trial.rollback();
  return differences(end, await endStateOf(trial));
}
