import type { Analysis, AnalyzedBalance, AnalyzedStep, AnalyzedTable } from '../application.js';
import { markdownSafe } from './escape.js';
import { mappingReport } from './mapping-report.js';
import { markdownFacts, markdownHeading, markdownTable } from './markdown-parts.js';
import { formatCount, formatQuantity } from './quantities.js';
import { textTable } from './text-table.js';

/** How tables are listed, in this order. */
const GROUPS: Readonly<Record<AnalyzedTable['group'], string>> = {
  source: 'legacy: read only',
  lookup: 'looked up',
  target: 'target',
  archived: 'archived only',
  untouched: 'never touched',
};

const COLUMNS = ['Table', 'Group', 'Items', 'Bytes', 'Average', 'Migrated', 'Counted'];

/** Decisions that people are shown one by one. */
const MOST_SHOWN = 50;

/** The inventory and what the plan would decide, for a terminal. */
export function analysisText(analysis: Analysis): string {
  const table = COLUMNS.map((title, index) => {
    return index >= 2 && index <= 5 ? ({ title, align: 'right' } as const) : { title };
  });
  return [
    ...textTable(table, inventoryRows(analysis)),
    '',
    ...notices(analysis).flatMap((line) => [line, '']),
    ...analysis.steps.flatMap((step) => [...stepLines(step), '']),
    ...(analysis.balances ?? []).flatMap((balance) => [...balanceLines(balance), '']),
  ].join('\n');
}

/** The same as Markdown, with the mapping document (E-12). */
export function analysisReport(analysis: Analysis): string {
  const { plan, env, title, at } = analysis;
  return [
    `# Analysis: ${markdownSafe(plan)}, ${markdownSafe(env)}\n\n`,
    markdownFacts([
      ['Plan', title],
      ['At', at],
    ]),
    markdownHeading('Inventory'),
    markdownTable(COLUMNS, inventoryRows(analysis)),
    ...notices(analysis).map((line) => `\n${markdownSafe(line)}\n`),
    ...analysis.steps.flatMap((step) => [
      markdownHeading(`What step ${step.step} would decide`),
      markdownTable(
        ['Rule', 'Records'],
        Object.entries(step.rules).map(([rule, records]) => [rule, formatCount(records)]),
      ),
      '\n',
      markdownTable(
        ['Record', 'Rule', 'What'],
        step.decisions.map(({ source, rule, detail }) => [source, rule, detail]),
      ),
      ...(step.decisions.length < step.records
        ? [`\nThe first ${formatCount(step.decisions.length)} of ${formatCount(step.records)}.\n`]
        : []),
    ]),
    ...(analysis.balances ?? []).flatMap((balance) => [
      markdownHeading(`What the records of step ${balance.step} amount to`),
      markdownTable(['', ...balance.columns], balanceRows(balance)),
      `\n${verdictOf(balance)}\n`,
    ]),
    '\n',
    mappingReport(analysis.mapping).replace(/^#(?=#* )/gm, '##'),
  ].join('');
}

function inventoryRows({ tables }: Analysis): string[][] {
  const order = Object.keys(GROUPS);
  const sorted = [...tables].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
  return sorted.map((table) => {
    const count = (number: number | undefined): string => (number === undefined ? '' : formatCount(number));
    return [
      table.physicalName,
      GROUPS[table.group],
      ...[table.items, table.bytes, table.averageBytes, table.migrated].map(count),
      table.found
        ? table.counted === 'store'
          ? 'by the store, late'
          : 'row by row'
        : 'there is no such table',
    ];
  });
}

function notices({ tables, steps }: Analysis): string[] {
  const lines: string[] = [];
  const archived = tables.filter(({ group, found }) => group === 'archived' && found);
  if (archived.length > 0) {
    const names = archived.map(({ physicalName }) => physicalName).join(', ');
    lines.push(`Never migrated, and part of every backup: ${names}.`);
  }
  const missing = tables.filter(({ group, found }) => group !== 'target' && group !== 'untouched' && !found);
  if (steps.length === 0 && missing.some(({ group }) => group !== 'archived'))
    lines.push('What the plan would decide can’t be told while tables are missing.');
  return lines;
}

function stepLines({ step, records, rules, decisions }: AnalyzedStep): string[] {
  const shown = decisions.slice(0, MOST_SHOWN);
  return [
    `Step ${step} would decide on ${formatQuantity(records, 'record')}:`,
    ...textTable(
      [{ title: 'Rule' }, { title: 'Records', align: 'right' }],
      Object.entries(rules).map(([rule, count]) => [rule, formatCount(count)]),
    ),
    '',
    ...textTable(
      [{ title: 'Record' }, { title: 'Rule' }, { title: 'What' }],
      shown.map(({ source, rule, detail }) => [source.slice(source.indexOf('#') + 1), rule, detail]),
    ),
    ...(shown.length < records
      ? [`… ${formatCount(records - shown.length)} more: add --json or --out FILE.`]
      : []),
  ];
}

/** What the records of a step amount to, and what of it has moved (E-35). */
function balanceLines(balance: AnalyzedBalance): string[] {
  return [
    `What the records of step ${balance.step} amount to:`,
    ...textTable([{ title: '' }, ...balance.columns.map((title) => ({ title }))], balanceRows(balance)),
    verdictOf(balance),
  ];
}

function balanceRows({ lines }: AnalyzedBalance): string[][] {
  return lines.map(({ name, values }) => [name, ...values]);
}

function verdictOf({ isEven }: AnalyzedBalance): string {
  return isEven ? 'What has moved is what is found.' : 'What has moved is NOT what is found: run `validate`.';
}
