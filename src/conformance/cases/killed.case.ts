import type { Bench, Uninterrupted } from '../bench.js';
import { interrupted, pointsOfWrites, spread } from '../trial/interruption.js';
import type { Verdict } from '../verdict.js';
import type { Case } from './case.js';

/** Kill points of one case where not all are tried. */
const QUICK = 45;
/** Points that each process of a run gets further than the one before, before it dies, too. */
const STRIDES = { quick: [97], full: [13, 31, 97] };

const ADVICE =
  'After a crash another process surveys, prepares and plans again, on tables that hold a part of the rows. What is in ' +
  'the target tables must not change a decision, and nothing may be kept but in tables.';

/** A process that dies before, amid or after any write, checkpoint and lease operation of a first run. */
export const KILLED: Case = {
  id: 'killed',
  name: 'ends the same wherever its process is killed',
  judge: async (bench) => killedEverywhere(bench, await bench.soundRun()),
};

/** The same of a run that finds rows of an earlier one: only then rows are replaced. */
export const KILLED_AFTER_CHANGE: Case = {
  id: 'killed-after-change',
  name: 'ends the same wherever it is killed in a run on changed tables',
  needsChange: true,
  judge: async (bench) => killedEverywhere(bench, await bench.soundSecondRun()),
};

async function killedEverywhere(bench: Bench, reference: Uninterrupted): Promise<Verdict> {
  const all = pointsOfWrites(reference.points);
  const chosen = bench.isFull ? all : spread(reference.points, all, QUICK);
  const problems: string[] = [];
  const hit = new Set<string>();
  let kills = 0;
  const judge = async (crashes: readonly number[]): Promise<void> => {
    const found = await interrupted(bench.trial(reference.start), reference, crashes);
    problems.push(...found.problems);
    kills += found.points.length;
    for (const point of found.points) hit.add(point);
  };
  for (const point of chosen) await judge([point]);
  for (const stride of bench.isFull ? STRIDES.full : STRIDES.quick) {
    const times = Math.ceil(reference.points.length / stride);
    await judge(Array.from({ length: times }, (_, index) => stride * (index + 1)));
  }
  return {
    problems,
    told: `${kills} kills at ${chosen.length} of ${all.length} points, ${hit.size} different ones`,
    advice: ADVICE,
  };
}
