import type { RowMapping } from '../../migrations/contract/mapping-document.js';
import type { MappingDocument } from '../application.js';
import { markdownSafe } from './escape.js';
import { markdownHeading, markdownTable } from './markdown-parts.js';

/** The mapping document (E-12): schema rules, mapping rules and defaults, as the plan itself declares them. */
export function mappingReport(document: MappingDocument): string {
  const { plan, title, env, steps, tables, accept, mapping } = document;
  return [
    `# Mapping: ${markdownSafe(plan)}, ${markdownSafe(env)}\n\n${markdownSafe(title)}.\n`,
    markdownHeading('Steps'),
    markdownTable(
      ['Step', 'Does', 'Phase'],
      steps.map(({ name, title: does, phase }) => [name, does, `${phase.number} ${phase.title}`]),
    ),
    markdownHeading('Tables'),
    markdownTable(
      ['Table', 'Here', 'Role', 'Keys', 'Indexes'],
      tables.map((table) => [
        ...[table.name, table.physicalName, roleOf(table), keysOf(table)],
        table.indexes.map((index) => `${index.name} (${keysOf(index)})`).join(', '),
      ]),
    ),
    ...(mapping?.rows ?? []).flatMap(rowSection),
    ...(mapping?.decisions ?? []).flatMap((decision) => [
      markdownHeading(decision.title),
      ...decision.rules.map((rule) => `- ${markdownSafe(rule)}\n`),
    ]),
    ...(mapping === undefined ? ['\nThe plan declares no rules in words.\n'] : []),
    markdownHeading('Attribute names that differ here'),
    markdownTable(['Table', 'Attribute', 'Here'], aliasRows(document)),
    markdownHeading('What may be accepted'),
    markdownTable(
      ['Reason', 'Flag of run'],
      accept.map(({ reason, flag }) => [reason, `--${flag}`]),
    ),
  ].join('');
}

function rowSection({ step, source, target, rules, others }: RowMapping): string[] {
  return [
    markdownHeading(`${step}: ${source} to ${target}`),
    markdownTable(
      ['Attribute', 'From', 'Rule', 'Default'],
      rules.map(({ target: name, from = '', rule, byDefault = '' }) => [name, from, rule, byDefault]),
    ),
    `\nAll other attributes: ${markdownSafe(others)}\n`,
  ];
}

function aliasRows({ aliases }: MappingDocument): string[][] {
  return Object.entries(aliases).flatMap(([table, names]) =>
    Object.entries(names).map(([ours, here]) => [table, ours, here]),
  );
}

function roleOf({ role, insertable = false }: MappingDocument['tables'][number]): string {
  return insertable ? `${role}, rows are added where absent` : role;
}

function keysOf({
  partitionKey,
  sortKey,
}: {
  readonly partitionKey: string;
  readonly sortKey?: string;
}): string {
  return sortKey === undefined ? partitionKey : `${partitionKey}, ${sortKey}`;
}
