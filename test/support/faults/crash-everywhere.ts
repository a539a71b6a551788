import type { RunResult } from '../../../src/runner/application.js';
import type { StepRecord } from '../../../src/runner/ports/journal.js';
import { differences, type EndState } from './end-state.js';
import { Failpoints } from './failpoints.js';
import { MemoryTrial, type StoredTables } from './memory-trial.js';

/** What an uninterrupted run makes of these tables, and all that it passes on its way. */
export interface Uninterrupted {
  readonly tables: StoredTables;
  readonly result: RunResult;
  readonly end: EndState;
  readonly points: readonly string[];
}

export async function uninterrupted(tables: StoredTables): Promise<Uninterrupted> {
  const trial = new MemoryTrial(tables);
  const failpoints = new Failpoints();
  const result = await trial.run(failpoints);
  if (result === undefined) throw new Error('nobody asked it to die');
  return { tables, result, end: await trial.endState(), points: failpoints.points };
}

/** Positions of the points at which a process dies; reads change nothing, so one death amid them is as good as another. */
export function pointsOfWrites({ points }: Uninterrupted): number[] {
  return points.flatMap((point, index) => (point.startsWith('at ') ? [] : [index]));
}

export interface Interrupted {
  /** where it died, in their order */
  readonly points: readonly string[];
  /** what is not as it is after the uninterrupted run */
  readonly differences: readonly string[];
}

/**
 * Lets a process die at a point, the next one at another, and so on, then lets one live. A process that died behind
 * its last write left nothing to do.
 */
export async function interrupted(
  reference: Uninterrupted,
  crashes: readonly number[],
): Promise<Interrupted> {
  const trial = new MemoryTrial(reference.tables);
  const points: string[] = [];
  const found: string[] = [];
  for (const crashAt of crashes) {
    const failpoints = new Failpoints(crashAt);
    await trial.run(failpoints);
    if (failpoints.crashed) points.push(failpoints.points.at(-1) ?? '');
    if (!failpoints.crashed || (await isOver(trial))) break;
  }
  if (!(await isOver(trial))) {
    const begun = (await trial.runs()).length;
    const last = await trial.run();
    if (last?.exit !== reference.result.exit)
      found.push(`exit ${last?.exit ?? 'none'}, ${last?.error?.code ?? ''}`);
    if (last?.resumed !== begun > 0) found.push(`resumed: ${String(last?.resumed)}`);
  }
  const runs = (await trial.runs()).length;
  if (runs !== 1) found.push(`${runs} runs instead of one`);
  found.push(...differences(reference.end, await trial.endState()));
  return { points, differences: found };
}

/**
 * Lets a process die at a point, changes the source as somebody would who mends it meanwhile, and lets another go on.
 * Gives back the steps whose journal does not agree with itself: as many quarantined records as entries that say why.
 */
export async function mendedMeanwhile(
  { tables }: Uninterrupted,
  crashAt: number,
  mended: StoredTables,
): Promise<string[]> {
  const trial = new MemoryTrial(tables);
  const failpoints = new Failpoints(crashAt);
  await trial.run(failpoints);
  trial.load(mended);
  if (!(await isOver(trial))) await trial.run();
  const { steps, entries } = await trial.endState();
  return Object.entries(steps).flatMap(([step, totals]) => {
    const { counters } = totals as Pick<StepRecord, 'counters'>;
    const told = (entries['quarantine'] ?? []).filter((entry) => entry.includes(`"step":"${step}"`)).length;
    if (counters.quarantined === told) return [];
    return [`${failpoints.points.at(-1) ?? ''}: ${step} counts ${counters.quarantined} and tells of ${told}`];
  });
}

async function isOver(trial: MemoryTrial): Promise<boolean> {
  const [latest] = await trial.runs();
  return latest !== undefined && latest.status !== 'running' && latest.status !== 'aborted';
}
