import { RestoreError } from '../../domain/errors.js';
import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { stampOf, type AggregateMapper, type Stamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';

/** A row that a source record should have on the target side. */
export interface ExpectedRow {
  readonly table: string;
  readonly key: string;
  readonly source: string;
  readonly item: StoredItem;
  readonly digest: string;
}

/** A row of the target side as its repository loads it. */
export interface ActualRow {
  readonly table: string;
  readonly key: string;
  /** as stored */
  readonly item: StoredItem;
  /** undefined: a row of the application's own */
  readonly stamp?: Stamp;
  /** digest of what the repository loads and would store again; of the stored row where it can't be loaded */
  readonly digest: string;
  /** the row is no longer what its stamp says was written */
  readonly edited: boolean;
  /** why the repository can't load it */
  readonly broken?: RestoreError;
}

/**
 * Loads a stored row the way the new application does, through `restore`, and gives back what the aggregate and its
 * envelope amount to. So an attribute that the read path loses or changes is a difference like any other.
 */
export function actualRow(
  mapper: AggregateMapper<unknown>,
  key: string,
  item: StoredItem,
  stamp = stampOf(item),
): ActualRow {
  const base = { table: mapper.table, key, item };
  if (stamp === undefined) return { ...base, digest: '', edited: false };
  try {
    const digest = contentDigest(mapper.toItem(mapper.fromItem(item)));
    return { ...base, stamp, digest, edited: digest !== stamp.digest };
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error;
    return { ...base, stamp, digest: contentDigest(item), edited: true, broken: error };
  }
}

/** One name for a row of any table, for maps and sets. */
export function rowName(row: { readonly table: string; readonly key: string }): string {
  return `${row.table}\0${row.key}`;
}
