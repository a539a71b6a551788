import type { Uninterrupted } from '../bench.js';
import { differences } from './differences.js';
import { endStateOf } from './end-state.js';
import { Failpoints } from './failpoints.js';
import type { Trial } from './trial.js';

/** Positions of the points at which a process can die; reads change nothing, so one death amid them is as good as another. */
export function pointsOfWrites(points: readonly string[]): number[] {
  return points.flatMap((point, index) => (point.startsWith('at ') ? [] : [index]));
}

/** At most so many of them, evenly spread, and among them one of each kind where that is possible. */
export function spread(points: readonly string[], positions: readonly number[], limit: number): number[] {
  if (positions.length <= limit) return [...positions];
  const firsts = new Map<string, number>();
  for (const position of positions) {
    const kind = kindOf(points[position] ?? '');
    if (!firsts.has(kind)) firsts.set(kind, position);
  }
  const chosen = new Set([...firsts.values()].slice(0, limit));
  const left = positions.filter((position) => !chosen.has(position));
  const rest = limit - chosen.size;
  for (let index = 0; index < rest; index += 1)
    chosen.add(left[Math.floor((index * left.length) / rest)] ?? 0);
  return [...chosen].sort((a, b) => a - b);
}

/** A write by its method, a read by its table, too. */
function kindOf(point: string): string {
  return point.startsWith('at ') ? point : point.split(' ').slice(0, 2).join(' ');
}

export interface Interrupted {
  /** where it died, in their order */
  readonly points: readonly string[];
  /** what is not as it is after the uninterrupted run */
  readonly problems: readonly string[];
}

/**
 * Lets a process die at a point, the next one at another, and so on, then lets one live. A process that died behind its
 * last write left nothing to do.
 */
export async function interrupted(
  trial: Trial,
  reference: Uninterrupted,
  crashes: readonly number[],
): Promise<Interrupted> {
  const points: string[] = [];
  for (const crashAt of crashes) {
    const failpoints = Failpoints.crashingAt(crashAt);
    await trial.run({ failpoints });
    if (failpoints.crashed) points.push(failpoints.points.at(-1) ?? '');
    if (!failpoints.crashed || (await trial.isOver())) break;
  }
  const problems: string[] = [];
  if (!(await trial.isOver())) {
    const begun = (await trial.runs()).length > 0;
    const { resumed } = await trial.wholeRun();
    if (resumed !== begun)
      problems.push(begun ? 'the run was not resumed' : 'a run was resumed that never began');
  }
  problems.push(...differences(reference.end, await endStateOf(trial)));
  const place = `killed ${points.join(', then ')}`;
  return { points, problems: problems.map((line) => `${place}: ${line}`) };
}
