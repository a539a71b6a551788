import type { RollbackResult, RollbackStepResult } from '../application.js';
import type { JournalEntry } from '../ports/journal.js';
import { terminalSafe } from './escape.js';
import { nextCommand } from './next-command.js';
import { formatCount, formatDuration, formatQuantity } from './quantities.js';
import { textTable } from './text-table.js';

/** Kept rows that the summary shows; the report has all of them. */
const KEPT_SHOWN = 20;

/** What a rollback did, for a person: a line per step, the rows it kept and why, and how it ended (invariant 10). */
export function rollbackSummary(result: RollbackResult): string {
  const sections = [
    heading(result),
    result.steps.length === 0 ? [] : stepTable(result),
    keptRows(result),
    incidentLines(result),
    [`Report and log: ${terminalSafe(result.folder)}`],
    [closingLine(result)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading({ run, plan, env, dryRun, resumed }: RollbackResult): string[] {
  return [
    terminalSafe(`Rollback ${run}, plan ${plan}, environment ${env}${resumed ? ', resumed' : ''}`),
    ...(dryRun ? ['Dry run: nothing was removed.'] : []),
  ];
}

function stepTable({ steps, dryRun }: RollbackResult): string[] {
  const columns = [
    { title: 'Step' },
    { title: 'Status' },
    ...[dryRun ? 'To remove' : 'Removed', 'Kept', 'Foreign', 'Time'].map((title) => ({
      title,
      align: 'right' as const,
    })),
  ];
  return textTable(
    columns,
    steps.map((step) => [step.step, step.status, ...stepCounts(step)]),
  );
}

function stepCounts({ status, removed, kept, foreign, durationMs }: RollbackStepResult): string[] {
  if (status === 'not-run') return ['-', '-', '-', '-'];
  return [formatCount(removed), formatCount(kept), formatCount(foreign), formatDuration(durationMs)];
}

function keptRows(result: RollbackResult): string[] {
  const { kept } = totals(result);
  if (kept === 0) return [];
  const shown = result.kept.slice(0, KEPT_SHOWN);
  const more = kept - shown.length;
  const report = nextCommand('report', { env: result.env, plan: result.plan, run: result.run });
  return [
    'Kept rows:',
    ...shown.map((entry) => `  ${keptLine(entry)}`),
    ...(more > 0 ? [`  and ${formatCount(more)} more; all of them: ${terminalSafe(report)}`] : []),
  ];
}

/** After a rollback somebody has to say what led to it (E-42); after a rehearsal nobody has. */
function incidentLines({ dryRun, env, plan, run }: RollbackResult): string[] {
  if (dryRun) return [];
  const report = nextCommand('report', { env, plan, run });
  return [
    'Next, a template for the report of the incident:',
    `  ${terminalSafe(report)} --incident --out FILE`,
  ];
}

function keptLine({ step, reason, table = '', key = '', field, detail }: JournalEntry): string {
  const named = field === undefined ? '' : ` ${field}`;
  return terminalSafe(`${step}  ${reason}  ${table}#${key}${named}: ${detail}`);
}

/** Says how the rollback ended and nothing that is not known. */
function closingLine(result: RollbackResult): string {
  const { removed, kept } = totals(result);
  const counts = `${formatQuantity(removed, 'row')} ${result.dryRun ? 'would be removed' : 'removed'}, ${formatCount(kept)} kept`;
  const code = result.error === undefined ? '' : ` ${terminalSafe(result.error.code)};`;
  switch (result.status) {
    case 'complete':
      return `Complete: ${counts}.`;
    case 'failed':
      return `Failed (exit ${result.exit}):${code} ${counts}.`;
    case 'aborted':
      return `Aborted (exit ${result.exit}): ${counts}${result.dryRun ? '.' : '; the same command does the rest.'}`;
  }
}

function totals({ steps }: RollbackResult) {
  const sum = (count: (step: RollbackStepResult) => number): number =>
    steps.reduce((total, step) => total + count(step), 0);
  return { removed: sum((step) => step.removed), kept: sum((step) => step.kept) };
}
