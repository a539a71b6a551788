import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Tests run in the repository's root. */
export function documentText(path: string): string {
  return readFileSync(resolve(path), 'utf8');
}

/** The text under a heading, up to the next heading of the same or a higher level. Throws where there is none. */
export function section(text: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 1;
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`there is no heading "${heading}"`);
  const length = lines
    .slice(start + 1)
    .findIndex((line) => (/^#+(?= )/.exec(line)?.[0].length ?? 7) <= level);
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join('\n');
}

/** The rows of all tables in a text, cell by cell, without headings. */
export function tableRows(text: string): string[][] {
  const rows = text
    .split('\n')
    .map((line) => (line.startsWith('|') ? line.slice(1, -1).split('|') : undefined))
    .map((cells) => cells?.map((cell) => cell.trim()));
  return rows.flatMap((cells, index) => {
    if (cells === undefined || isRule(cells) || isRule(rows[index + 1])) return [];
    return [cells];
  });
}

function isRule(cells: readonly string[] | undefined): boolean {
  return cells?.every((cell) => /^:?-+:?$/.test(cell)) === true;
}

/** The texts in backticks. */
export function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, inner = '']) => inner);
}

export interface CodeBlock {
  readonly language: string;
  /** what stands behind the language, e.g. a file name */
  readonly label: string;
  readonly code: string;
}

export function codeBlocks(text: string): CodeBlock[] {
  const fences = text.matchAll(/^```([a-z]*) ?([^\n]*)\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, language = '', label = '', code = '']) => ({ language, label, code }));
}
