import type { SignOff } from '../ports/attestation.js';

/** `by ann at 2026-… until 2026-… (note)` */
export function signOffWords({ by, at, until, note }: SignOff): string {
  const end = until === undefined ? '' : `, until ${until}`;
  return `by ${by} at ${at}${end}${note === undefined ? '' : ` (${note})`}`;
}

export const ATTESTED_COLUMNS = ['Item', 'By', 'When', 'Until', 'Note'] as const;

export function attestedRows(attested: readonly SignOff[] = []): string[][] {
  return attested.map(({ item, by, at, until = '', note = '' }) => [item, by, at, until, note]);
}
