import { contentDigest } from '../../domain/storage/canonical-digest.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { isPlainStamp, STAMP_ATTRIBUTE, stampOf } from '../../domain/storage/stored.js';

/** Whose rows are to go. */
export interface RollbackScope {
  /** literal name of the legacy table from which the step's rows come */
  readonly source: string;
  /** which rows of that source are the step's (see `IMigrationStep.owns`); omitted: all */
  readonly owns?: (row: StoredItem) => boolean;
  /** only rows that this run wrote last */
  readonly ofRun?: string;
}

/**
 * - `foreign`: no stamp, or that of another step or run: none of our business here;
 * - `edited`: our stamp, and other content than we wrote: somebody's work by now;
 * - `ours`: what we wrote and nobody touched since.
 */
export type Ownership = 'foreign' | 'edited' | 'ours';

/**
 * Tells whose row this is by its stamp and by the digest of its content, and by nothing else (invariant 9). A table that
 * several steps write to holds rows of each: a row belongs to the step whose source table its stamp names, and of
 * several steps with one source table to the one that owns its key.
 */
export function ownershipOf(row: StoredItem, { source, owns, ofRun }: RollbackScope): Ownership {
  const stamp = stampOf(row);
  if (stamp?.source.slice(0, stamp.source.indexOf('#')) !== source || owns?.(row) === false) return 'foreign';
  if (ofRun !== undefined && stamp.run !== ofRun) return 'foreign';
  return isAsWritten(row) && contentDigest(row) === stamp.digest ? 'ours' : 'edited';
}

/** The digest leaves the stamp out, so what somebody noted in it would go unseen, and be lost with the row. */
function isAsWritten(row: StoredItem): boolean {
  const stamp = row[STAMP_ATTRIBUTE];
  return stamp !== undefined && isPlainStamp(stamp);
}
