import type { RunResult } from '../application.js';
import { nextCommand } from './next-command.js';
import { failureCauses } from './run-summary.js';

/** A result that says one thing and exits as another is a bug, and must not pass for either (invariant 10). */
export function requireTruth({ status, exit }: { readonly status: string; readonly exit: number }): void {
  if ((status === 'complete') === (exit === 0)) return;
  throw new Error(`what is ${status} can't end with exit ${exit}`);
}

/** A run that did all its work and still failed has no error of its own; programs want one all the same. */
export function runError(result: RunResult): NonNullable<RunResult['error']> {
  if (result.error !== undefined) return result.error;
  const target = { env: result.env, plan: result.plan, run: result.run };
  const invalid = result.steps.some((step) => step.checks.some((check) => !check.passed));
  const code =
    result.status === 'failed' ? (invalid ? 'VALIDATION_FAILED' : 'RECORDS_SET_ASIDE') : 'RUN_ENDED';
  return {
    code,
    message: `The run ${result.run} is ${result.status}: ${failureCauses(result)}.`,
    next: `See ${nextCommand('report', target)}`,
  };
}
