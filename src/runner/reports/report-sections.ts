import { effectiveStep } from '../acceptance/effective-step.js';
import type { RunReport } from '../application.js';
import type { Compared } from '../forecast/comparison.js';
import type { EntryKind, JournalEntry } from '../ports/journal.js';
import type { StepFacts } from './step-document.js';
import { formatCount, formatDuration } from './quantities.js';
import { tallyChecks } from './step-document.js';

interface EntrySection {
  readonly kind: EntryKind;
  readonly title: string;
}

export function isRollback({ record }: Pick<RunReport, 'record'>): boolean {
  return record.kind === 'rollback';
}

/** The lists of a report in the order of what matters most; Markdown and HTML share them. */
export function entrySections(report: RunReport): readonly EntrySection[] {
  return isRollback(report) ? [{ kind: 'kept', title: 'Rows that were kept' }] : RUN_SECTIONS;
}

const RUN_SECTIONS: readonly EntrySection[] = [
  { kind: 'finding', title: 'Findings of the validation' },
  { kind: 'conflict', title: 'Conflicts' },
  { kind: 'quarantine', title: 'Quarantine' },
  { kind: 'warning', title: 'Warnings' },
];

export const ENTRY_COLUMNS = ['Step', 'Source', 'Reason', 'Field', 'Target row', 'Detail'] as const;

export function entryCells(entry: JournalEntry): string[] {
  const target = entry.key === undefined ? '' : `${entry.table ?? ''}#${entry.key}`;
  return [entry.step, entry.source, entry.reason, entry.field ?? '', target, entry.detail];
}

/** The table of the steps: what was counted, or of a rollback what was removed. */
export function stepTable(report: RunReport): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  if (!isRollback(report)) return { columns: STEP_COLUMNS, rows: report.steps.map(stepCells) };
  const removed = report.record.dryRun ? 'To remove' : 'Removed';
  return { columns: ['Step', 'Status', removed, 'Kept', 'Time'], rows: report.steps.map(rollbackCells) };
}

function rollbackCells({ step, status, removed = 0, kept = 0, durationMs }: StepFacts): string[] {
  const time = durationMs === undefined ? '' : formatDuration(durationMs);
  return [step, status, formatCount(removed), formatCount(kept), time];
}

const STEP_COLUMNS = [
  'Step',
  'Status',
  'Read',
  'Created',
  'Updated',
  'Unchanged',
  'Skipped',
  'Quarantined',
  'Conflicts',
  'Rows',
  'Time',
  'Checks',
] as const;

/** Columns of any table whose cells are numbers or durations. */
export const COUNT_COLUMNS: readonly string[] = [
  ...STEP_COLUMNS.slice(2, -1),
  'Removed',
  'To remove',
  'Kept',
  'Records',
  'Forecast',
  'Outcome',
  'Difference',
];

function stepCells(step: StepFacts): string[] {
  const { counters } = effectiveStep(step);
  const { checks, failed } = tallyChecks(step.checks);
  return [
    step.step,
    step.status,
    ...[
      counters.read,
      counters.created,
      counters.updated,
      counters.unchanged,
      counters.skipped,
      counters.quarantined,
      counters.conflict,
      counters.rows,
    ].map(formatCount),
    step.durationMs === undefined ? '' : formatDuration(step.durationMs),
    checks === 0 ? '' : failed === 0 ? `${checks} passed` : `${failed} of ${checks} failed`,
  ];
}

export const CHECK_COLUMNS = ['Step', 'Check', 'Result', 'Expected', 'Found'] as const;

export function checkRows(steps: RunReport['steps']): string[][] {
  return steps.flatMap((step) =>
    step.checks.map((check) => [
      step.step,
      check.name,
      check.passed ? 'passed' : 'FAILED',
      String(check.expected),
      String(check.found),
    ]),
  );
}

export const FORECAST_COLUMNS = ['Step', 'What', 'Forecast', 'Outcome', 'Difference'] as const;

/** What was foreseen beside what came of it; empty where there is no forecast to compare with. */
export function forecastRows({ forecast }: Pick<RunReport, 'forecast'>): string[][] {
  return (forecast?.steps ?? []).flatMap((step) => {
    const cells = (what: string, compared: Compared | undefined, format: (value: number) => string) =>
      compared === undefined
        ? []
        : [[step.step, what, format(compared.forecast), format(compared.outcome), difference(compared)]];
    return [
      ...cells('Records', step.records, formatCount),
      ...cells('Rows', step.rows, formatCount),
      ...cells('Quarantined', step.quarantined, formatCount),
      ...cells('Write units (outcome estimated)', step.writeUnits, formatCount),
      ...cells('Time with validation', step.seconds, (seconds) => formatDuration(seconds * 1000)),
    ];
  });
}

function difference({ forecast, outcome }: Compared): string {
  if (forecast === outcome) return 'none';
  if (forecast === 0) return 'not foreseen';
  const percents = ((outcome - forecast) / forecast) * 100;
  return `${percents > 0 ? '+' : ''}${percents.toFixed(1)} %`;
}

export const REASON_COLUMNS = ['Step', 'Reason', 'Records'] as const;

export function reasonRows(steps: RunReport['steps']): string[][] {
  return steps.flatMap((step) =>
    Object.entries(effectiveStep(step).reasons)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([reason, count]) => [step.step, reason, formatCount(count)]),
  );
}

function refusalLine({ run, error }: NonNullable<RunReport['refusedSince']>): string {
  return error === undefined ? run : `${run}, ${error.code}: ${error.message}`;
}

/** Which options were set, and enough to tell whether those of two runs were the same. */
function optionsText(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([name, digest]) => `${name} (${digest})`)
    .join(', ');
}

/** Name and value of each fact about the run as a whole. */
export function reportFacts(report: RunReport): (readonly [name: string, value: string])[] {
  const { record, refusedSince } = report;
  const { resumedAt: resumed = [] } = record;
  return [
    ['Run', record.run],
    ['Plan', record.plan],
    ['Plan version', record.planVersion],
    ...(record.options === undefined ? [] : ([['Plan options', optionsText(record.options)]] as const)),
    ['Environment', record.env],
    ['Status', record.status],
    ['Kind', record.kind ?? 'migration'],
    ...(record.ofRun === undefined ? [] : ([['Only rows of run', record.ofRun]] as const)),
    ...(record.by === undefined ? [] : ([['Asked for by', record.by]] as const)),
    ...(record.why === undefined ? [] : ([['What for', record.why]] as const)),
    ['Dry run', record.dryRun ? 'yes, nothing was written' : 'no'],
    ['Started', record.startedAt],
    ...(resumed.length === 0 ? [] : ([['Resumed', resumed.join(', ')]] as const)),
    ['Ended', record.endedAt ?? 'not ended'],
    ['Steps asked for', record.steps.join(', ')],
    ['Flags', record.flags.length === 0 ? 'none' : record.flags.join(', ')],
    ...(record.error === undefined
      ? []
      : ([
          ['Error', `${record.error.code}: ${record.error.message}`],
          ['What to do', record.error.next],
        ] as const)),
    ...(refusedSince === undefined ? [] : ([['Refused since', refusalLine(refusedSince)]] as const)),
  ];
}
