import type { Outcome } from '../../migrations/contract/outcome.js';
import type { StepResult } from '../application.js';
import { EXIT, RefusedError, WaybillError } from '../ports/errors.js';
import type { RunRecord } from '../ports/journal.js';
import { nextCommand } from '../reports/next-command.js';
import { formatQuantity } from '../reports/quantities.js';
import { stopOf } from './leased-work.js';
import type { RetryWork } from './retry-execution.js';

/** What the operator should know of a retry beside its numbers. */
export function retryNotices(
  {
    record: { env, plan },
    work,
    unfinished,
  }: {
    readonly record: RunRecord;
    readonly work: readonly RetryWork[];
    readonly unfinished: readonly string[];
  },
  results: ReadonlyMap<string, StepResult>,
): string[] {
  const run = (steps: readonly string[]): string =>
    `${nextCommand('run', { env, plan })} --step ${steps.join(',')}`;
  const notices = unfinished.map(
    (step) => `Step ${step} did not finish, so nothing of it is tried again. Run it: ${run([step])}`,
  );
  if (work.length === 0) notices.push('No quarantined record was chosen: there was nothing to try again.');
  const behind = [...results.values()]
    .filter(({ step, status }) => status === 'failed' && work.every((one) => one.step.name !== step))
    .map(({ step }) => step);
  if (behind.length > 0)
    notices.push(
      `What was settled asks for more rows of ${behind.join(', ')}. To write them: ${run(behind)}`,
    );
  return notices;
}

/** Why a retry that settled all that it was asked for may still not be done. */
export function stillOpen(
  open: number,
  { env, plan, selection = {} }: RunRecord,
  results: ReadonlyMap<string, StepResult>,
): string[] {
  if (open === 0) return [];
  const settled = tallied(results, ['created', 'updated', 'unchanged', 'skipped']);
  const again = tallied(results, ['quarantined', 'conflict']);
  const isPart = selection.reasons !== undefined || selection.ids !== undefined;
  const list = `See ${nextCommand('quarantine list', { env, plan })}`;
  if (isPart && settled > 0 && again === 0)
    return [
      `All that was asked for is settled. Of these steps ${formatQuantity(open, 'other record')} still set aside and ` +
        `accepted by nobody. ${list}`,
    ];
  return [`${formatQuantity(open, 'record')} of these steps still set aside and accepted by nobody. ${list}`];
}

function tallied(results: ReadonlyMap<string, StepResult>, outcomes: readonly Outcome[]): number {
  return [...results.values()]
    .flatMap(({ counters }) => outcomes.map((outcome) => counters[outcome]))
    .reduce((sum, count) => sum + count, 0);
}

/** What ended a retry, in our words. */
export function retryFailure(error: unknown, signal: AbortSignal): WaybillError {
  const next = 'Retry again: what is settled stays settled.';
  const stopped = stopOf(signal, 'the retry was stopped', next, error);
  if (stopped !== undefined) return stopped;
  if (error instanceof WaybillError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new WaybillError(
    EXIT.failed,
    'INTERNAL',
    `the retry stopped on an unexpected ${name}`,
    'See the log of the run; this is a defect to report.',
    { cause: error },
  );
}

export function runUnfinished({ run, env, plan, kind = 'migration' }: RunRecord): RefusedError {
  const command = kind === 'migration' ? 'run' : kind;
  return new RefusedError(
    'RUN_UNFINISHED',
    `${command} ${run} of plan ${plan} is unfinished, so its quarantine is not complete`,
    `Finish it first: ${nextCommand(command, { env, plan })}`,
  );
}
