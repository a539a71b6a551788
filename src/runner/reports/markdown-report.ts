import type { RunReport } from '../application.js';
import {
  ACCEPTANCE_COLUMNS,
  acceptanceRows,
  OVERRIDE_COLUMNS,
  overrideRows,
  retryLines,
} from './decisions.js';
import { ATTESTED_COLUMNS, attestedRows } from './attested.js';
import { markdownSafe } from './escape.js';
import {
  CHECK_COLUMNS,
  ENTRY_COLUMNS,
  FORECAST_COLUMNS,
  REASON_COLUMNS,
  checkRows,
  entryCells,
  entrySections,
  forecastRows,
  reasonRows,
  reportFacts,
  stepTable,
} from './report-sections.js';

/** The report as GitHub Markdown. Entries are streamed. */
export async function* markdownReport(report: RunReport): AsyncGenerator<string> {
  const { record, acceptances } = report;
  yield `# Migration report: ${markdownSafe(record.plan)}, ${markdownSafe(record.env)}\n\n`;
  for (const [name, value] of reportFacts(report)) yield `- **${name}:** ${markdownSafe(value)}\n`;
  if (report.summary !== undefined)
    yield `${heading('Summary')}${report.summary.map((line) => `- ${markdownSafe(line)}\n`).join('')}`;
  const steps = stepTable(report);
  yield* section('Steps', steps.columns, steps.rows);
  const retries = retryLines(report.steps);
  if (retries.length > 0) yield `\n${retries.map((line) => `- ${markdownSafe(line)}\n`).join('')}`;
  yield* section('Set aside', REASON_COLUMNS, reasonRows(report.steps));
  if (report.forecast !== undefined)
    yield* section(`Forecast of ${markdownSafe(report.forecast.at)}`, FORECAST_COLUMNS, forecastRows(report));
  yield* section('Accepted', ACCEPTANCE_COLUMNS, acceptanceRows(acceptances, report.steps));
  if (report.attested !== undefined)
    yield* section('Attested', ATTESTED_COLUMNS, attestedRows(report.attested));
  yield* section('Overridden gates', OVERRIDE_COLUMNS, overrideRows(record.overrides));
  yield* section('Checks', CHECK_COLUMNS, checkRows(report.steps));
  for (const { kind, title } of entrySections(report)) {
    yield heading(title);
    let empty = true;
    for await (const entry of report.entries(kind)) {
      if (empty) yield tableHead(ENTRY_COLUMNS);
      empty = false;
      yield tableRow(entryCells(entry));
    }
    if (empty) yield 'None.\n';
  }
}

function* section(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Generator<string> {
  yield heading(title);
  if (rows.length === 0) {
    yield 'None.\n';
    return;
  }
  yield tableHead(columns);
  for (const row of rows) yield tableRow(row);
}

function heading(title: string): string {
  return `\n## ${title}\n\n`;
}

function tableHead(columns: readonly string[]): string {
  return `| ${columns.join(' | ')} |\n|${columns.map(() => '---').join('|')}|\n`;
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(markdownSafe).join(' | ')} |\n`;
}
