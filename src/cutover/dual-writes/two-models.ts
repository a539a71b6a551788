import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Discrepancy } from './discrepancies.js';

/** A change of one row, or what has to hold of it. Tables by literal names, attributes by the document's. */
export type RowChange =
  /** there is none with its key */
  | { readonly kind: 'insert'; readonly table: string; readonly item: StoredItem }
  /** the row is still the image, as far as one condition can tell */
  | {
      readonly kind: 'replace';
      readonly table: string;
      readonly item: StoredItem;
      readonly image: StoredItem;
    }
  | { readonly kind: 'remove'; readonly table: string; readonly image: StoredItem }
  /** nothing is changed: the row has to be the image still */
  | { readonly kind: 'still'; readonly table: string; readonly image: StoredItem }
  /** nothing is changed: there has to be no row with this key */
  | { readonly kind: 'absent'; readonly table: string; readonly key: StoredItem };

/** A change of what is noted of a record, or what has to hold of it. */
export type NoteChange =
  /** `over`: the version that it takes the place of; `nothing`: there is none open; `any`: whatever there is */
  | {
      readonly kind: 'open';
      readonly discrepancy: Discrepancy;
      readonly over: 'nothing' | 'any' | { readonly version: string };
    }
  /** `version` omitted: whatever is open, if anything is */
  | { readonly kind: 'close'; readonly source: string; readonly version?: string }
  /** nothing is changed: this version has to be the open one still */
  | { readonly kind: 'held'; readonly source: string; readonly version: string }
  /** a tombstone: the record was removed at this time and must not come back by itself */
  | { readonly kind: 'bury'; readonly source: string; readonly at: string }
  | { readonly kind: 'unbury'; readonly source: string }
  /** nothing is changed: this tombstone has to be there still */
  | { readonly kind: 'buried'; readonly source: string; readonly at: string };

export interface Tombstone {
  readonly source: string;
  /** ISO 8601 in UTC */
  readonly at: string;
}

/** What is noted of a record. */
export interface Notes {
  readonly open?: Discrepancy;
  /** when it was removed, ISO 8601 in UTC */
  readonly buried?: string;
}

/** Why a row can't be stored at all. */
export interface RowFault {
  readonly reason: string;
  readonly field?: string;
}

/**
 * The tables of both models, and the notes that are kept beside the new one, of one plan. Reads are strongly consistent.
 * Throws `StoreError` where the store does not answer; then it is not known whether a commit has come through.
 */
export interface TwoModels {
  read(table: string, key: StoredItem): Promise<StoredItem | undefined>;
  notes(source: string): Promise<Notes>;
  /** All tombstones, in no promised order; such as come meanwhile may be missed. */
  tombstones(): AsyncIterable<Tombstone>;
  /** Why no row like this can be stored; undefined where one can. Pure. */
  fault(table: string, item: StoredItem): RowFault | undefined;
  /**
   * All changes or none. False: something that has to hold does not, and nothing was changed. Changes of the new model and
   * notes can always be made together; with those of the legacy model as well only where the writes' policy is `atomic`.
   */
  commit(rows: readonly RowChange[], notes: readonly NoteChange[]): Promise<boolean>;
}
