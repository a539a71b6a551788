import type { RunRecord } from '../ports/journal.js';
import type { ToldRun } from '../told-run.js';

/**
 * A run as it is told of. One that was killed, and then left behind by a later one, is never taken up again, while its
 * record says `running` for ever: told by the newest run that did anything. Run ids sort by time.
 */
export function toldRun(run: RunRecord, latest: RunRecord | undefined): ToldRun {
  const isLeft = run.status === 'running' && latest !== undefined && latest.run > run.run;
  return isLeft ? { ...run, status: 'abandoned' } : run;
}

/** The newest of these runs that did anything, else the newest. */
export function newestOf<R extends { readonly record: RunRecord }>(runs: readonly R[]): R | undefined {
  const inOrder = runs.toSorted((one, other) => (one.record.run < other.record.run ? 1 : -1));
  return inOrder.find(({ record }) => record.status !== 'refused') ?? inOrder[0];
}
