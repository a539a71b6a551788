import type { RunReport } from '../application.js';
import {
  ACCEPTANCE_COLUMNS,
  acceptanceRows,
  OVERRIDE_COLUMNS,
  overrideRows,
  retryLines,
} from './decisions.js';
import { ATTESTED_COLUMNS, attestedRows } from './attested.js';
import { htmlSafe } from './escape.js';
import { HTML_STYLE } from './html-style.js';
import {
  CHECK_COLUMNS,
  ENTRY_COLUMNS,
  FORECAST_COLUMNS,
  REASON_COLUMNS,
  COUNT_COLUMNS,
  checkRows,
  entryCells,
  entrySections,
  forecastRows,
  reasonRows,
  reportFacts,
  stepTable,
} from './report-sections.js';

/** Columns whose cells are numbers or durations. */
const NUMBER_COLUMNS: ReadonlySet<string> = new Set(COUNT_COLUMNS);
/** Columns whose cell text is also the name of its colour. */
const STATUS_COLUMNS: ReadonlySet<string> = new Set(['Status', 'Result']);

/** The report as one HTML page that needs nothing else and runs no script. Entries are streamed. */
export async function* htmlReport(report: RunReport): AsyncGenerator<string> {
  yield pageHead(report);
  const summary = (report.summary ?? []).map((line) => `<li>${htmlSafe(line)}</li>\n`);
  if (summary.length > 0) yield `<h2>Summary</h2>\n<ul>\n${summary.join('')}</ul>\n`;
  const steps = stepTable(report);
  yield* section('Steps', steps.columns, steps.rows);
  for (const line of retryLines(report.steps)) yield `<p class="aside">${htmlSafe(line)}</p>\n`;
  yield* section('Set aside', REASON_COLUMNS, reasonRows(report.steps));
  if (report.forecast !== undefined)
    yield* section(`Forecast of ${htmlSafe(report.forecast.at)}`, FORECAST_COLUMNS, forecastRows(report));
  yield* section('Accepted', ACCEPTANCE_COLUMNS, acceptanceRows(report.acceptances, report.steps));
  if (report.attested !== undefined)
    yield* section('Attested', ATTESTED_COLUMNS, attestedRows(report.attested));
  yield* section('Overridden gates', OVERRIDE_COLUMNS, overrideRows(report.record.overrides));
  yield* section('Checks', CHECK_COLUMNS, checkRows(report.steps));
  for (const { kind, title } of entrySections(report)) {
    yield `<h2>${title}</h2>\n`;
    let empty = true;
    for await (const entry of report.entries(kind)) {
      if (empty) yield tableHead(ENTRY_COLUMNS);
      empty = false;
      yield tableRow(ENTRY_COLUMNS, entryCells(entry));
    }
    yield empty ? NONE : TABLE_END;
  }
  yield '</body>\n</html>\n';
}

const NONE = '<p class="none">None.</p>\n';
const TABLE_END = '</tbody></table></div>\n';

function pageHead(report: RunReport): string {
  const { record } = report;
  const title = htmlSafe(`Migration report: ${record.plan}, ${record.env}`);
  const facts = reportFacts(report).map(([name, value]) => `<dt>${name}</dt><dd>${htmlSafe(value)}</dd>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p class="status ${htmlSafe(record.status)}">${htmlSafe(record.status)}</p>
${record.dryRun ? '<p class="notice">Dry run: nothing was written.</p>\n' : ''}<dl>
${facts.join('\n')}
</dl>
`;
}

function* section(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Generator<string> {
  yield `<h2>${title}</h2>\n`;
  if (rows.length === 0) {
    yield NONE;
    return;
  }
  yield tableHead(columns);
  for (const row of rows) yield tableRow(columns, row);
  yield TABLE_END;
}

function tableHead(columns: readonly string[]): string {
  const cells = columns.map((column) => `<th scope="col"${cellClass(column, '')}>${column}</th>`).join('');
  return `<div class="wide"><table>\n<thead><tr>${cells}</tr></thead>\n<tbody>\n`;
}

function tableRow(columns: readonly string[], cells: readonly string[]): string {
  const tags = cells.map(
    (cell, index) => `<td${cellClass(columns[index] ?? '', cell)}>${htmlSafe(cell)}</td>`,
  );
  return `<tr>${tags.join('')}</tr>\n`;
}

function cellClass(column: string, cell: string): string {
  if (NUMBER_COLUMNS.has(column)) return ' class="number"';
  return STATUS_COLUMNS.has(column) && cell !== '' ? ` class="${htmlSafe(cell)}"` : '';
}
