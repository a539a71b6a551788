import type { StoredItem } from '../../domain/storage/stored-value.js';

/** A row with its stamp, ready to be stored. Attribute names are the document's. */
export interface StampedRow {
  readonly table: string;
  readonly item: StoredItem;
  /** it has passed `check` with a stamp of the same length; `insert` need not look again */
  readonly checked?: true;
}

/** Why a row can't be stored at all; found before anything is sent. */
export interface ItemFault {
  /** `ITEM_TOO_LARGE` for sizes and depths (item, key, nesting), `ITEM_INVALID` for the rest */
  readonly reason: 'ITEM_TOO_LARGE' | 'ITEM_INVALID';
  readonly field?: string;
  readonly detail: string;
}

export type InsertResult =
  | { readonly kind: 'inserted' }
  /** a row with this key is there; it was not touched */
  | { readonly kind: 'exists' }
  /** the store rejected this row for good (not throttling, which is retried) */
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string };

export type ReplaceResult =
  | { readonly kind: 'replaced' }
  /** the row is no longer the image; nothing was written */
  | { readonly kind: 'changed' }
  | { readonly kind: 'rejected'; readonly code: string; readonly detail: string };

export type RemoveResult =
  | { readonly kind: 'removed' }
  /** the row is no longer the image, or is gone; nothing was removed by this call */
  | { readonly kind: 'changed' }
  /** the row has more attributes than one condition can guard; it was left alone */
  | { readonly kind: 'unguardable'; readonly detail: string };

/**
 * Writes rows without ever overwriting a foreign one. Retries what is transient (throttling, internal errors,
 * partial batches) with backoff and jitter; when the budget is spent it throws `StoreError`.
 */
export interface RecordSink {
  /** Whether the row could be stored: size, key sizes, blank index keys, index key types, NaN, empty sets. Pure. */
  check(row: StampedRow): ItemFault | undefined;
  /** Insert-if-absent, each row for itself; results in the order of the rows. Any number of rows. */
  insert(rows: readonly StampedRow[]): Promise<InsertResult[]>;
  /** Replaces a row only if every attribute of it is still that of `image` (which was just read). */
  replace(row: StampedRow, image: StoredItem): Promise<ReplaceResult>;
  /** Removes a row only if every attribute of it is still that of `image` (which was just read; invariant 9). */
  remove(table: string, image: StoredItem): Promise<RemoveResult>;
}
