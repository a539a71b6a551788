import { RefusedError } from '../../runner/ports/errors.js';

/** Version of the layout that this code writes (ADR 0006). Any change of meaning counts it up. */
export const JOURNAL_FORMAT = 2;

/** Formats whose items mean to us what they meant to their writer. The first write turns such a journal into ours. */
const READABLE_FORMATS: readonly unknown[] = [1, JOURNAL_FORMAT];

/** Throws `JOURNAL_FORMAT` for a format that we can't read: another layout is never guessed at. */
export function requireFormat(found: unknown, where: string): void {
  if (READABLE_FORMATS.includes(found)) return;
  const shown = typeof found === 'number' ? `format ${found}` : 'no known format';
  throw new RefusedError(
    'JOURNAL_FORMAT',
    `${where} is of ${shown}; this version works with formats ${READABLE_FORMATS.join(' and ')} only`,
    'Use the version of waybill that wrote it, or give this one a journal of its own.',
  );
}

/** The journal contradicts itself: somebody changed it, or storage lost a part of it. */
export function damaged(what: string, options?: ErrorOptions): RefusedError {
  return new RefusedError(
    'JOURNAL_DAMAGED',
    `the journal is damaged: ${what}`,
    'Keep it for examination and begin anew with --restart: what is done stays done. If that ends like this as well, ' +
      'give the environment an empty journal; the rows carry their stamps, so runs and rollbacks work with it.',
    options,
  );
}

/** A file of a dry run, a forecast or a restore that is not what was written: runs rest on none of them. */
export function damagedFile(what: string, options?: ErrorOptions): RefusedError {
  return new RefusedError(
    'JOURNAL_DAMAGED',
    what,
    'Nothing in the tables rests on this file: move its folder away and run the command again.',
    options,
  );
}
