import { RefusedError } from '../../runner/ports/errors.js';

/** Version of the layout that this code reads and writes (ADR 0006). Any change of meaning counts it up. */
export const JOURNAL_FORMAT = 1;

/** Throws `JOURNAL_FORMAT` for anything but {@link JOURNAL_FORMAT}: another layout is never guessed at. */
export function requireFormat(found: unknown, where: string): void {
  if (found === JOURNAL_FORMAT) return;
  const shown = typeof found === 'number' ? `format ${found}` : 'no known format';
  throw new RefusedError(
    'JOURNAL_FORMAT',
    `${where} is of ${shown}; this version works with format ${JOURNAL_FORMAT} only`,
    'Use the version of waybill that wrote it, or give this one a journal of its own.',
  );
}

/** The journal contradicts itself: somebody changed it, or storage lost a part of it. */
export function damaged(what: string, options?: ErrorOptions): RefusedError {
  return new RefusedError(
    'JOURNAL_DAMAGED',
    `the journal is damaged: ${what}`,
    'Keep it for examination, restore it from a backup, or run the step again.',
    options,
  );
}
