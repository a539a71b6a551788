import { endOf } from '../engine/run-id.js';
import { isUnfinished, latestRun } from '../engine/unfinished-run.js';
import type { Journal, RunRecord, StepRecord } from '../ports/journal.js';

/**
 * The newest run of a plan that did anything, as it really stands. A process that was killed between a step's failed
 * validation and the end of its run left a run that is finished and does not say so, and perhaps a step that is not
 * marked yet: both are put right.
 */
export async function latestSettledRun(
  journal: Journal,
  plan: string,
  now: () => Date,
): Promise<RunRecord | undefined> {
  const run = await latestRun(journal, plan);
  if (!isUnfinished(run)) return run;
  const failed = (await journal.steps(run.run)).filter(({ status }) => status === 'failed');
  if (failed.length === 0) return run;
  await markFailed(journal, run, failed, now().toISOString());
  const ended = { ...run, status: 'failed' as const, endedAt: endOf(run.startedAt, now()) };
  await journal.saveRun(ended);
  return ended;
}

/** A validation that came later is not overruled. */
async function markFailed(
  journal: Journal,
  { run, plan }: RunRecord,
  failed: readonly StepRecord[],
  at: string,
): Promise<void> {
  for (const state of await journal.states(plan)) {
    const isBehind = state.run === run && state.status === 'running';
    if (isBehind && failed.some(({ step }) => step === state.step))
      await journal.saveState({ ...state, status: 'failed', at });
  }
}
