import { RefusedError } from '../../runner/ports/errors.js';

/** The application asked for something that can't be: nothing was written. Names and ids only. */
export function recordExists(source: string, table: string): RefusedError {
  return new RefusedError(
    'RECORD_EXISTS',
    `${source} can't be created: ${table} has a row with its key`,
    'Update it, or choose another key.',
  );
}

export function recordMissing(source: string): RefusedError {
  return new RefusedError(
    'RECORD_MISSING',
    `there is no ${source}`,
    'Create it, or look up why it is not there.',
  );
}

/** What would be written can't be stored, or there is no telling what it is in the new model. */
export function recordInvalid(
  source: string,
  { reason, field }: { readonly reason: string; readonly field?: string },
): RefusedError {
  const where = field === undefined ? '' : ` (${field})`;
  return new RefusedError(
    'RECORD_INVALID',
    `${source} can't be written: ${reason}${where}`,
    'The plan’s document says what is expected of the field.',
  );
}

export function keyPatched(source: string, field: string): RefusedError {
  return new RefusedError(
    'RECORD_INVALID',
    `${source} can't be written: ${field} is a part of its key, or is both set and removed`,
    'A record under another key is another record: create it and remove this one.',
  );
}

/** Others kept changing the same record. */
export function contended(source: string): RefusedError {
  return new RefusedError(
    'RECORD_CONTENDED',
    `${source} kept changing while it was written; nothing was written`,
    'Try it again.',
  );
}
