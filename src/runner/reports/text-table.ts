import { terminalSafe } from './escape.js';

export interface TextColumn {
  readonly title: string;
  /** omitted: left */
  readonly align?: 'left' | 'right';
}

/** Lines of a table with two spaces between columns; cells are made safe for a terminal. No trailing blanks. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => columns.map((_, index) => terminalSafe(row[index] ?? '')));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map((column, index) => {
        const [cell, width] = [row[index] ?? '', widths[index] ?? 0];
        return column.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)];
}
