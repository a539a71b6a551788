import type { RunReport } from '../application.js';
import { markdownSafe } from './escape.js';
import {
  CHECK_COLUMNS,
  ENTRY_COLUMNS,
  REASON_COLUMNS,
  REPORT_SECTIONS,
  STEP_COLUMNS,
  checkRows,
  entryCells,
  reasonRows,
  reportFacts,
  stepCells,
} from './report-sections.js';

/** The report as GitHub Markdown. Entries are streamed. */
export async function* markdownReport(report: RunReport): AsyncGenerator<string> {
  yield `# Migration report: ${markdownSafe(report.record.plan)}, ${markdownSafe(report.record.env)}\n\n`;
  for (const [name, value] of reportFacts(report)) yield `- **${name}:** ${markdownSafe(value)}\n`;
  yield* section('Steps', STEP_COLUMNS, report.steps.map(stepCells));
  yield* section('Set aside', REASON_COLUMNS, reasonRows(report.steps));
  yield* section('Checks', CHECK_COLUMNS, checkRows(report.steps));
  for (const { kind, title } of REPORT_SECTIONS) {
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
