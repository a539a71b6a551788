/**
 * A Markdown table with aligned columns, as the formatter of this repository writes it. `right`: columns of numbers.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => width(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((wide, column) => pad(row[column] ?? '', wide, right.includes(column))).join(' | ')} |`;
  const rule = `| ${widths.map((wide, column) => (right.includes(column) ? `${'-'.repeat(wide - 1)}:` : '-'.repeat(wide))).join(' | ')} |`;
  const [titles = [], ...body] = cells;
  return [line(titles), rule, ...body.map(line)].join('\n');
}

function pad(text: string, wide: number, right: boolean): string {
  const blanks = ' '.repeat(wide - width(text));
  return right ? blanks + text : text + blanks;
}

/** Characters, not UTF-16 units; the tables hold no wide ones. */
function width(text: string): number {
  return Array.from(text).length;
}
