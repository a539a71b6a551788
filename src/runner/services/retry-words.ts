import type { Outcome } from '../../migrations/contract/outcome.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { RunResult, StepResult } from '../application.js';
import type { Environment } from '../ports/environment.js';
import { EXIT, RefusedError, WaybillError } from '../ports/errors.js';
import type { RunRecord } from '../ports/journal.js';
import { confirmation, nextCommand } from '../reports/next-command.js';
import { formatQuantity } from '../reports/quantities.js';
import { stopOf } from './leased-work.js';
import type { RetryWork } from './retry-execution.js';

/** What the operator should know of a retry beside its numbers. */
export function retryNotices({
  record: { env, plan },
  work,
  unfinished,
}: {
  readonly record: RunRecord;
  readonly work: readonly RetryWork[];
  readonly unfinished: readonly string[];
}): string[] {
  const run = (steps: readonly string[]): string =>
    `${nextCommand('run', { env, plan })} --step ${steps.join(',')}`;
  const notices = unfinished.map(
    (step) => `Step ${step} did not finish, so nothing of it is tried again. Run it: ${run([step])}`,
  );
  if (work.length === 0) notices.push('No quarantined record was chosen: there was nothing to try again.');
  return notices;
}

/**
 * What a retry leaves to a run, and what to type. Rows that refer to what was settled, or that it asks for, are those of
 * records that were never set aside, and a retry reads none of these. Neither does it read what was not chosen, though
 * the verdict is on all records, those that somebody mended meanwhile included. Empty: nothing is left.
 */
export function leftToRun(
  plan: Pick<MigrationPlan, 'name' | 'steps'>,
  {
    record: { selection = {} },
    unverified,
  }: { readonly record: RunRecord; readonly unverified: readonly string[] },
  results: ReadonlyMap<string, StepResult>,
  environment: Pick<Environment, 'name' | 'production'>,
): string[] {
  const failed = [...results.values()].filter(({ findingsTotal }) => findingsTotal > 0);
  // one that was cut off may have written before
  const wrote = new Set([
    ...unverified,
    ...[...results.values()].filter(({ counters }) => counters.rows > 0).map(stepOf),
  ]);
  const behind = failed
    .map(stepOf)
    .filter((name) =>
      plan.steps.some((step) => step.name === name && step.requires.some((one) => wrote.has(one))),
    );
  const isPart = selection.reasons !== undefined || selection.ids !== undefined;
  const lacking = failed
    .filter(({ step, findings }) => !behind.includes(step) && findings.some(({ kind }) => kind === 'missing'))
    .map(stepOf);
  const run = `${nextCommand('run', { env: environment.name, plan: plan.name })}${confirmation(environment)}`;
  return [
    ...(behind.length === 0
      ? []
      : [
          `Rows of ${behind.join(', ')} hang on what was settled, and a retry does not bring them up to date. ` +
            `This does: ${run}`,
        ]),
    ...(lacking.length === 0 || !isPart
      ? []
      : [
          `Of ${lacking.join(', ')} rows are missing, as is so where records that were not chosen are mended, too. ` +
            `This writes them: ${run}`,
        ]),
  ];
}

const stepOf = ({ step }: StepResult): string => step;

/** The error of a retry after which a run is due; its work is done. */
export function validationError(
  { run }: RunRecord,
  left: readonly string[],
): NonNullable<RunResult['error']> | undefined {
  if (left.length === 0) return undefined;
  const message = `the retry ${run} has settled what it could, and steps are not valid`;
  return { code: 'VALIDATION_FAILED', message, next: left.join(' ') };
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
  const verb = open === 1 ? 'is' : 'are';
  const are = `${verb} still set aside or in conflict, and accepted by nobody`;
  const lists = ['quarantine list', 'conflicts list'].map((command) => nextCommand(command, { env, plan }));
  const see = `See ${lists.join(' and ')}`;
  if (isPart && settled > 0 && again === 0)
    return [
      `All that was asked for is settled. Of these steps ${formatQuantity(open, 'other record')} ${are}. ${see}`,
    ];
  return [`${formatQuantity(open, 'record')} of these steps ${are}. ${see}`];
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
