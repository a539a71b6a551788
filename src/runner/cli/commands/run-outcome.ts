import type { Catalog, RunResult } from '../../application.js';
import type { CommandOptions } from '../command-options.js';
import type { CommandResult } from '../command-result.js';
import { UsageError } from '../../ports/errors.js';
import { terminalSafe } from '../../reports/escape.js';
import { runDocument } from '../../reports/run-document.js';
import { requireTruth, runError } from '../../reports/run-error.js';
import { runSummary } from '../../reports/run-summary.js';
import { planOf } from '../scope.js';

/** What `run` and `quarantine retry` print: a retry is a run of some of the records. */
export function runOutcome(result: RunResult): CommandResult {
  requireTruth(result);
  const { exit, notices } = result;
  const text = `${noticeLines(notices)}${runSummary(result)}`;
  const document = runDocument(result);
  if (exit === 0) return { exit, document: { value: document }, text };
  const error = runError(result);
  return { exit, document: { value: { ...document, error } }, text, error };
}

function noticeLines(notices: readonly string[]): string {
  const lines = notices.map((notice) => terminalSafe(`Notice: ${notice}`));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
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
