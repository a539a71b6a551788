import type { Catalog, RunResult } from '../../application.js';
import type { CommandOptions } from '../command-options.js';
import type { CommandResult, ErrorDocument } from '../command-result.js';
import { UsageError } from '../../ports/errors.js';
import { terminalSafe } from '../../reports/escape.js';
import { nextCommand } from '../../reports/next-command.js';
import { runDocument } from '../../reports/run-document.js';
import { failureCauses, runSummary } from '../../reports/run-summary.js';
import { planOf } from '../scope.js';

/** What `run` and `quarantine retry` print: a retry is a run of some of the records. */
export function runOutcome(result: RunResult): CommandResult {
  requireTruth(result);
  const { exit, notices } = result;
  const text = `${noticeLines(notices)}${runSummary(result)}`;
  const document = runDocument(result);
  if (exit === 0) return { exit, document: { value: document }, text };
  const error = result.error ?? errorOf(result);
  return { exit, document: { value: { ...document, error } }, text, error };
}

function noticeLines(notices: readonly string[]): string {
  const lines = notices.map((notice) => terminalSafe(`Notice: ${notice}`));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

/** A result that says one thing and exits as another is a bug, and must not pass for either (invariant 10). */
export function requireTruth({ status, exit }: { readonly status: string; readonly exit: number }): void {
  if ((status === 'complete') === (exit === 0)) return;
  throw new Error(`what is ${status} can't end with exit ${exit}`);
}

/** A run that did all its work and still failed has no error of its own; programs want one all the same. */
function errorOf(result: RunResult): ErrorDocument {
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

/** Another plan's accepting flag would be taken for an acceptance that never happens. */
export function refuseForeignFlags(options: CommandOptions, name: string, catalog: Catalog): void {
  const flags = planOf(name, catalog).accept.map(({ flag }) => flag);
  const foreign = options.accept.find((flag) => !flags.includes(flag));
  if (foreign === undefined) return;
  const valid =
    flags.length === 0 ? 'It has none.' : `Valid ones: ${flags.map((flag) => `--${flag}`).join(', ')}.`;
  throw new UsageError('OPTION_UNKNOWN', `The plan ${name} has no option '--${foreign}'.`, valid);
}
