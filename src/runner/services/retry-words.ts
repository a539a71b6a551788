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
export function stillOpen(open: number, { env, plan }: RunRecord): string[] {
  if (open === 0) return [];
  const list = nextCommand('quarantine list', { env, plan });
  return [
    `${formatQuantity(open, 'record')} of these steps still set aside and accepted by nobody. See ${list}`,
  ];
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
