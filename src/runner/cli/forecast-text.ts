import type { PreflightResult } from '../application.js';
import type {
  Forecast,
  KeyForecast,
  RateFacts,
  Sizes,
  StepForecast,
  TableForecast,
} from '../forecast/forecast.js';
import { terminalSafe } from '../reports/escape.js';
import { formatCount, formatDuration, formatQuantity } from '../reports/quantities.js';
import { textTable, type TextColumn } from '../reports/text-table.js';

const right = (title: string): TextColumn => ({ title, align: 'right' });

const STEPS: readonly TextColumn[] = [
  { title: 'Step' },
  ...['Records', 'Planned', 'Bytes (p99)', 'Rows a record', 'Rows', 'Set aside'].map(right),
];
const UNITS: readonly TextColumn[] = [
  { title: 'Step' },
  ...['Write units', 'Read units: run', 'validation', 'Time: run', 'validation', 'Cost'].map(right),
];
const TABLES: readonly TextColumn[] = [
  { title: 'Step' },
  { title: 'Table' },
  ...['Rows', 'Bytes (p99)', 'Table units'].map(right),
  { title: 'Index units' },
];
const KEYS: readonly TextColumn[] = [
  { title: 'Step' },
  { title: 'Index' },
  ...['Distinct', 'Busiest key', 'Units a second'].map(right),
  { title: '' },
];

/** A forecast for people; every line is safe for a terminal. Empty where none was asked for. */
export function forecastLines(forecast: PreflightResult['forecast']): string[] {
  if (forecast === undefined) return [];
  if ('unmade' in forecast) return [terminalSafe(`No forecast: ${forecast.unmade}.`), ''];
  const { steps } = forecast;
  return [
    `Forecast of a run, from ${formatQuantity(forecast.sample, 'record')} of each step (seed ${terminalSafe(forecast.seed)}):`,
    '',
    ...textTable(STEPS, steps.map(stepCells)),
    ...notes(steps),
    '',
    ...textTable(UNITS, [...steps.map((step) => unitCells(step, forecast)), totalCells(forecast)]),
    ...[rateLine(forecast.rate), costLine(forecast), ...forecast.notes].map(terminalSafe),
    '',
    ...textTable(TABLES, steps.flatMap(tableCells)),
    ...existingLines(steps),
    ...reasonLines(steps),
    ...keyLines(steps),
    ...largestLines(steps),
    '',
    `Read for this forecast: ${formatQuantity(forecast.itemsRead, 'item')}. Nothing was written.`,
    '',
  ];
}

function stepCells(step: StepForecast): string[] {
  const { records, quarantine, rowsMargin } = step;
  const count = { counted: '', store: '~', sample: '~', 'at-least': '>' }[records.basis];
  const margin = rowsMargin === 0 ? '' : ` ± ${formatCount(rowsMargin)}`;
  const isAll = records.sampled === records.count;
  return [
    step.step,
    `${count}${formatCount(records.count)}`,
    isAll ? 'all' : formatCount(records.sampled),
    sizes(records.bytes),
    step.rowsPerRecord.toFixed(2),
    `${formatCount(step.rows)}${margin}`,
    isAll ? percent(quarantine.share) : `${percent(quarantine.share)} (< ${percent(quarantine.below)})`,
  ];
}

function unitCells(step: StepForecast, { prices }: Forecast): string[] {
  const { writeUnits, readUnits, seconds, cost } = step;
  return [
    step.step,
    ...[writeUnits, readUnits.run, readUnits.validation].map(formatCount),
    ...[seconds?.run, seconds?.validation].map(time),
    money(cost, prices?.currency),
  ];
}

function totalCells({ steps, totals, prices }: Forecast): string[] {
  const reads = (of: 'run' | 'validation'): number =>
    steps.reduce((sum, step) => sum + step.readUnits[of], 0);
  const times = (of: 'run' | 'validation'): number | undefined =>
    totals.seconds === undefined
      ? undefined
      : steps.reduce((sum, step) => sum + (step.seconds?.[of] ?? 0), 0);
  return [
    'all',
    ...[totals.writeUnits, reads('run'), reads('validation')].map(formatCount),
    ...[times('run'), times('validation')].map(time),
    money(totals.cost, prices?.currency),
  ];
}

function tableCells(step: StepForecast): string[][] {
  return step.tables.map((table) => [
    step.step,
    table.table,
    formatCount(table.rows),
    sizes(table.bytes),
    formatCount(table.tableUnits),
    table.indexes.map(({ index, writeUnits }) => `${index} ${formatCount(writeUnits)}`).join(', '),
  ]);
}

function rateLine({ basis, write, read, share }: RateFacts): string {
  const units = [
    ...(typeof write === 'number' ? [`${formatCount(write)} write`] : []),
    ...(typeof read === 'number' ? [`${formatCount(read)} read`] : []),
  ].join(' and ');
  const isWhole = typeof write === 'number' && typeof read === 'number';
  const only = isWhole ? '' : '; what has no known rate takes no time here';
  const rate = units === '' ? 'no limit' : `${units} units a second for each table and each index${only}`;
  switch (basis) {
    case 'asked':
      return `Time at ${rate}, as asked; the store and the network may be slower.`;
    case 'environment':
      return `Time at ${rate}, as the environment's file says; the store and the network may be slower.`;
    case 'share':
      return `Time at ${percent(share ?? 1)} of what each table and index can take now; on AWS, where the store does not tell that, of what a new on-demand table takes.`;
    case 'new-on-demand':
      return `No rate is set. Time at ${rate}, ${share === undefined ? '' : `${percent(share)} of `}what AWS says a new on-demand table takes; yours may take more.`;
    case 'none':
      return 'No time: no rate is set, and this server is not AWS, so that units say nothing of its speed. Try --max-wcu N --max-rcu N.';
  }
}

function costLine({ prices }: Forecast): string {
  if (prices !== undefined) {
    const { writePerMillion, readPerMillion, currency, source } = prices;
    return `Cost at ${writePerMillion} ${currency} for a million write units and ${readPerMillion} ${currency} for a million read units (${source}).`;
  }
  return 'No cost: the prices of this region are not known here. Put them into the environment\'s file: "prices": { "writePerMillion": …, "readPerMillion": …, "currency": "…" }.';
}

function notes(steps: readonly StepForecast[]): string[] {
  const lines: string[] = [];
  const stored = steps.filter(({ records }) => records.basis === 'store').map(({ step }) => step);
  const reckoned = steps.filter(({ records }) => ['sample', 'at-least'].includes(records.basis));
  if (stored.length > 0)
    lines.push(
      `~ ${stored.join(', ')}: the store's own count, an estimate that is up to six hours old on AWS.`,
    );
  if (reckoned.length > 0)
    lines.push(
      `~ ${reckoned.map(({ step }) => step).join(', ')}: the store tells no count; reckoned from a few segments.`,
    );
  const byNote = new Map<string, string[]>();
  for (const { step, notes: own } of steps)
    for (const note of own) byNote.set(note, [...(byNote.get(note) ?? []), step]);
  return [...lines, ...[...byNote].map(([note, names]) => `${names.join(', ')}: ${note}`)].map(terminalSafe);
}

function existingLines(steps: readonly StepForecast[]): string[] {
  const found = steps.flatMap(({ step, tables }) =>
    tables.filter(({ existing }) => existing > 0).map((table) => ({ step, ...table })),
  );
  return found.map(({ step, table, existing }: { step: string } & TableForecast) =>
    terminalSafe(
      `${step}: ${percent(existing)} of the rows for ${table} are there already; those are compared, not written.`,
    ),
  );
}

function reasonLines(steps: readonly StepForecast[]): string[] {
  const lines = steps.flatMap(({ step, quarantine, records }) =>
    Object.entries(quarantine.reasons).map(
      ([reason, count]) => `  ${step}: ${reason} ${formatCount(count)} of ${formatCount(records.sampled)}`,
    ),
  );
  return lines.length === 0 ? [] : ['', 'Set aside, of the planned records:', ...lines.map(terminalSafe)];
}

function keyLines(steps: readonly StepForecast[]): string[] {
  const rows = steps.flatMap(({ step, keys }) => keys.map((key) => keyCells(step, key)));
  return rows.length === 0
    ? []
    : ['', 'Hot keys (on AWS one partition takes 1,000 write units a second):', ...textTable(KEYS, rows)];
}

function keyCells(step: string, key: KeyForecast): string[] {
  const distinct = `${formatCount(key.distinct)}${key.more ? '+' : ''}`;
  if (key.rows <= 1) return [step, key.index, distinct, 'none seen', '', ''];
  const busiest = `${percent(key.share)}${key.value === undefined ? '' : ` ${key.value}`}`;
  const perSecond = key.perSecond === undefined ? '' : formatCount(key.perSecond);
  const hot = key.hot ? `HOT: at least ${formatDuration(key.seconds * 1000)} for this key alone` : '';
  return [step, key.index, distinct, busiest, perSecond, hot];
}

function largestLines(steps: readonly StepForecast[]): string[] {
  const lines = steps.flatMap(({ largest }) =>
    [largest.records[0], largest.rows[0]].flatMap((item) =>
      item === undefined ? [] : [`  ${formatQuantity(item.bytes, 'byte')}: ${item.id}`],
    ),
  );
  return lines.length === 0
    ? []
    : ['', 'The largest records and rows (--json has more):', ...lines.map(terminalSafe)];
}

function sizes({ average, p99 }: Sizes): string {
  return `${formatCount(Math.round(average))} (${formatCount(p99)})`;
}

function percent(share: number): string {
  const percents = share * 100;
  return `${percents === 0 || percents >= 9.95 ? percents.toFixed(0) : percents.toPrecision(2)} %`;
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? '–' : formatDuration(seconds * 1000);
}

function money(cost: number | undefined, currency = ''): string {
  if (cost === undefined) return '–';
  return `${cost > 0 && cost < 0.01 ? '< 0.01' : cost.toFixed(2)} ${currency}`;
}
