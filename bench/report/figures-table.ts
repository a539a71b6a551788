import type { Summary } from '../measuring/statistics.js';
import { markdownTable } from './markdown-table.js';
import { keepsBound, type FigureResult, type ResultLine, type ResultsFile } from './result.js';

const NUMBERS = [1, 2, 3];

/** The newest result of each figure among results files, oldest file first; order as in the newest one that has it. */
export function newestFigures(files: readonly ResultsFile[]): FigureResult[] {
  const newest = new Map<string, FigureResult>();
  for (const result of files.flatMap(({ figures }) => figures)) {
    const known = newest.get(result.figure);
    // a figure that was skipped says nothing against an older measurement
    if (known !== undefined && (result.skipped !== undefined || known.measuredAt > result.measuredAt))
      continue;
    newest.set(result.figure, result);
  }
  return [...newest.values()];
}

/** One server's results for people: a table of what has a bound, one of all raw values, and notes. */
export function resultsMarkdown(server: string, figures: readonly FigureResult[], folder: string): string {
  const measured = figures.filter(({ lines }) => lines.length > 0);
  const plots = figures.flatMap(({ files }) => files).filter((file) => file.endsWith('.svg'));
  return [
    `### ${server}`,
    ...machines(measured),
    markdownTable(
      ['figure', 'bound', 'median', 'range', 'kept', 'pairs', 'records'],
      measured.flatMap((result) => result.lines.map((line) => figureRow(result, line))),
      [...NUMBERS, 5, 6],
    ),
    ...notes(figures),
    'What is behind them, median and range:',
    markdownTable(
      ['figure', 'measured', 'median', 'range'],
      measured.flatMap((result) => result.lines.flatMap((line) => rawRows(result, line))),
      [2, 3],
    ),
    ...plots.map((file) => `![${altOf(file)}](${folder}/${file})`),
  ].join('\n\n');
}

function figureRow({ records }: FigureResult, line: ResultLine): string[] {
  const kept = keepsBound(line);
  const { bound, unit, value } = line;
  return [
    line.what,
    bound === undefined ? '' : `${bound.kind === 'least' ? '≥' : '≤'} ${number(bound.value)} ${unit}`,
    `${number(value.median)} ${unit}`,
    range(value),
    kept === undefined ? '' : kept ? 'yes' : 'no',
    String(value.values.length),
    number(records),
  ];
}

function rawRows({ figure }: FigureResult, { what, measured }: ResultLine): string[][] {
  return Object.entries(measured).map(([name, value]) => [
    `${figure}: ${what}`,
    name,
    number(value.median),
    range(value),
  ]);
}

/** A line for each way of measuring; with the figures that it is about, where there are several. */
function machines(figures: readonly FigureResult[]): string[] {
  const told = new Map<string, string[]>();
  for (const { figure, measuredAt, machine, versions, latency } of figures) {
    const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    const { cpu, cores, memoryGb, system, node } = machine;
    const line = `measured ${measuredAt.slice(0, 10)} on ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, node ${node}; ${parts.join(', ')}; the proxy adds ${latency} ms where the figure does not say otherwise.`;
    told.set(line, [...(told.get(line) ?? []), figure]);
  }
  return [...told].map(([line, names]) =>
    told.size === 1 ? `M${line.slice(1)}` : `${names.join(', ')}: ${line}`,
  );
}

function notes(figures: readonly FigureResult[]): string[] {
  const told = figures.flatMap(({ figure, lines, skipped }) => [
    ...lines.flatMap(({ note }) => (note === undefined ? [] : [`- ${figure}: ${note}.`])),
    ...(skipped === undefined ? [] : [`- ${figure}: skipped, ${skipped}.`]),
  ]);
  return told.length === 0 ? [] : [[...new Set(told)].join('\n')];
}

function altOf(file: string): string {
  return file.replace(/\.svg$/, '').replaceAll('-', ' ');
}

function range({ low, high }: Summary): string {
  return low === high ? number(low) : `${number(low)} – ${number(high)}`;
}

/** Three significant digits, or all of a whole number's. */
export function number(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
