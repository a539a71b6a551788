import { RefusedError } from '../../runner/ports/errors.js';

/** A backup never shares its place with anything else, and never replaces another one. */
export function backupExists(location: string): RefusedError {
  return new RefusedError(
    'BACKUP_EXISTS',
    `There is something at ${location} already.`,
    'Give each backup a place of its own with --to, or leave --to out.',
  );
}
