import type { Finding } from '../application.js';
import { terminalSafe } from './escape.js';

/** One finding on one line of a terminal. */
export function findingLine(finding: Finding): string {
  const field = finding.field === undefined ? '' : ` ${finding.field}`;
  return terminalSafe(
    `${finding.kind}  ${finding.step}  ${finding.table}#${finding.key}${field}: ${finding.detail}`,
  );
}
