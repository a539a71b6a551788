import type { RunResult, StepResult } from '../application.js';
import type { RunKind } from '../ports/journal.js';
import { acceptanceDocument, acceptedRecords } from './decisions.js';
import { terminalSafe } from './escape.js';
import { findingLine } from './finding-line.js';
import { nextCommand } from './next-command.js';
import { formatCount, formatDuration, formatQuantity } from './quantities.js';
import { tallyChecks } from './step-document.js';
import { textTable } from './text-table.js';

const TITLES: Readonly<Record<RunKind, string>> = {
  migration: 'Run',
  retry: 'Retry',
  rollback: 'Rollback',
};

/** Findings that the summary shows; the report has all of them. */
const FINDINGS_SHOWN = 20;

const COLUMNS = [
  { title: 'Step' },
  ...['Read', 'Created', 'Updated', 'Unchanged', 'Skipped', 'Quarantined', 'Conflicts', 'Rows', 'Time'].map(
    (title) => ({ title, align: 'right' as const }),
  ),
  { title: 'Validation' },
];

/**
 * What a run did, for a person: one line per step, what was set aside and why, findings, what to type next, and
 * a closing line that says how it ended (invariant 10).
 */
export function runSummary(result: RunResult): string {
  const sections = [
    heading(result),
    result.steps.length === 0 ? [] : textTable(COLUMNS, result.steps.map(stepCells)),
    setAside(result.steps),
    accepted(result),
    findings(result.steps),
    nextCommands(result),
    [`Report and log: ${result.folder}`],
    [closingLine(result)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(result: RunResult): string[] {
  return [
    `${TITLES[result.kind]} ${result.run}, plan ${result.plan}, environment ${result.env}`,
    ...(result.dryRun ? ['Dry run: nothing was written.'] : []),
    ...(result.resumed ? ['Resumed: an earlier process began this run; the numbers are of all of it.'] : []),
  ];
}

function stepCells(step: StepResult): string[] {
  const { counters } = step;
  const ran = step.status !== 'not-run';
  return [
    step.step,
    ...[
      counters.read,
      counters.created,
      counters.updated,
      counters.unchanged,
      counters.skipped,
      counters.quarantined,
      counters.conflict,
      counters.rows,
    ].map((count) => (ran ? formatCount(count) : '-')),
    ran ? formatDuration(step.durationMs) : '-',
    validationCell(step),
  ];
}

function validationCell(step: StepResult): string {
  if (step.status === 'not-run') return 'not run';
  if (step.status === 'rolled-back') return 'rolled back';
  const { checks, failed } = tallyChecks(step.checks);
  if (checks === 0) return 'not validated';
  if (failed > 0) return `FAILED (${failed} of ${formatQuantity(checks, 'check')})`;
  const verdict = step.status === 'validated' ? 'passed' : 'checks passed, step failed';
  return `${verdict} (${formatQuantity(checks, 'check')})`;
}

function setAside(steps: readonly StepResult[]): string[] {
  const rows = steps.flatMap((step) => [
    ...Object.entries(step.reasons)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([reason, count]) => [`  ${step.step}`, formatCount(count), reason]),
    ...(step.counters.conflict === 0
      ? []
      : [
          [`  ${step.step}`, formatCount(step.counters.conflict), 'conflict: the row that is there was kept'],
        ]),
  ]);
  const columns = [{ title: '  Step' }, { title: 'Records', align: 'right' as const }, { title: 'Reason' }];
  return rows.length === 0 ? [] : ['Set aside:', ...textTable(columns, rows)];
}

/** Who let which of these records be set aside; decisions that concern none of them are left to the report. */
function accepted({ acceptances, steps }: RunResult): string[] {
  const rows = acceptances
    .map((acceptance) => acceptanceDocument(acceptance, steps))
    .filter(({ records }) => records > 0)
    .map(({ step = 'any', records, reason, by, at, why = '' }) => [
      `  ${step}`,
      formatCount(records),
      reason,
      by,
      at,
      why,
    ]);
  const columns = [
    { title: '  Step' },
    { title: 'Records', align: 'right' as const },
    ...['Reason', 'By', 'When', 'Why'].map((title) => ({ title })),
  ];
  return rows.length === 0 ? [] : ['Accepted:', ...textTable(columns, rows)];
}

function findings(steps: readonly StepResult[]): string[] {
  const total = sum(steps, (step) => step.findingsTotal);
  if (total === 0) return [];
  const shown = steps.flatMap((step) => step.findings).slice(0, FINDINGS_SHOWN);
  const more = total - shown.length;
  return [
    'Findings of the validation:',
    ...shown.map((finding) => `  ${findingLine(finding)}`),
    ...(more > 0 ? [`  and ${formatCount(more)} more; the report has all of them`] : []),
  ];
}

function nextCommands(result: RunResult): string[] {
  // A dry run is not a step's newest run, so what it set aside is found only by its id.
  const target = { env: result.env, plan: result.plan, ...(result.dryRun ? { run: result.run } : {}) };
  const { quarantined, conflicts, findingsTotal } = totals(result.steps);
  const commands = [
    ...(quarantined > 0 ? [nextCommand('quarantine list', target)] : []),
    ...(conflicts > 0 ? [nextCommand('conflicts list', target)] : []),
    ...(findingsTotal > 0 ? [nextCommand('report', { ...target, run: result.run })] : []),
  ];
  return commands.length === 0 ? [] : ['Next:', ...commands.map((command) => `  ${command}`)];
}

/** Says how the run ended and nothing that is not known. */
function closingLine(result: RunResult): string {
  const dry = result.dryRun ? ' Dry run: nothing was written.' : '';
  const { quarantined, conflicts, checks } = totals(result.steps);
  switch (result.status) {
    case 'complete': {
      const accepted = quarantined + conflicts;
      const aside = accepted === 0 ? '' : `; ${formatQuantity(accepted, 'record')} set aside and accepted`;
      const checked = checks === 0 ? '' : `; ${formatQuantity(checks, 'check')} passed`;
      return `Complete${checked}${aside}.${dry}`;
    }
    case 'failed':
      return `Failed (exit ${result.exit}): ${failureCauses(result)}.${dry}`;
    case 'refused':
      return `Refused (exit ${result.exit})${result.error === undefined ? '' : `: ${result.error.code}`}.${dry}`;
    case 'aborted':
      return `Aborted (exit ${result.exit})${result.dryRun ? '.' : '; the same command does the rest.'}${dry}`;
  }
}

/** Why a run is called failed: the counts that made it so, or the error that ended it. */
export function failureCauses(result: RunResult): string {
  const { quarantined, conflicts, checks, failedChecks } = totals(result.steps);
  const covered = acceptedRecords(result.steps, result.acceptances);
  const causes = [
    ...(result.error === undefined ? [] : [terminalSafe(result.error.code)]),
    ...(quarantined === 0
      ? []
      : [`${formatQuantity(quarantined, 'record')} quarantined${ofThem(covered.quarantined)}`]),
    ...(conflicts === 0 ? [] : [`${formatQuantity(conflicts, 'conflict')}${ofThem(covered.conflicts)}`]),
    ...(failedChecks === 0
      ? []
      : [`${formatCount(failedChecks)} of ${formatQuantity(checks, 'check')} failed`]),
  ];
  return causes.length === 0 ? 'the report says why' : causes.join(', ');
}

function ofThem(accepted: number): string {
  return accepted === 0 ? '' : ` (${formatCount(accepted)} accepted)`;
}

function totals(steps: readonly StepResult[]) {
  return {
    quarantined: sum(steps, (step) => step.counters.quarantined),
    conflicts: sum(steps, (step) => step.counters.conflict),
    findingsTotal: sum(steps, (step) => step.findingsTotal),
    checks: sum(steps, (step) => step.checks.length),
    failedChecks: sum(steps, (step) => tallyChecks(step.checks).failed),
  };
}

function sum(steps: readonly StepResult[], count: (step: StepResult) => number): number {
  return steps.reduce((total, step) => total + count(step), 0);
}
