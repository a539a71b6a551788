import { markdownSafe } from './escape.js';

/** A heading of the second level, with an empty line around it. */
export function markdownHeading(title: string): string {
  return `\n## ${markdownSafe(title)}\n\n`;
}

/** Cells are made safe; without rows `None.` */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'None.\n';
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownSafe).join(' | ')} |\n`;
  return `${line(columns)}|${columns.map(() => '---').join('|')}|\n${rows.map(line).join('')}`;
}

export function markdownFacts(facts: readonly (readonly [name: string, value: string])[]): string {
  return facts.map(([name, value]) => `- **${name}:** ${markdownSafe(value)}\n`).join('');
}
