import type { CheckResult } from '../ports/journal.js';
import type { TextColumn } from '../reports/text-table.js';

/** Columns for lists of checks on a terminal; {@link checkCells} gives their cells. */
export const CHECK_TABLE: readonly TextColumn[] = [
  { title: 'Check' },
  { title: 'Result' },
  { title: 'Expected' },
  { title: 'Found' },
];

export function checkCells(check: CheckResult): string[] {
  return [check.name, check.passed ? 'passed' : 'FAILED', String(check.expected), String(check.found)];
}
