import type { StoredItem } from '../../domain/storage/stored-value.js';

/** Where a scan stands; plain data, so that it can be journalled. Its content is the store's own affair. */
export type Cursor = StoredItem;

export interface Page {
  readonly items: readonly StoredItem[];
  /** where the next page starts; absent on the last page only. An empty page is not the end. */
  readonly next?: Cursor;
}

export interface ScanOptions {
  /** one of `total` disjoint parts of the table; omitted: the whole table */
  readonly segment?: { readonly index: number; readonly total: number };
  /** continue behind this position; omitted: from the start */
  readonly from?: Cursor;
  /** only these attributes; omitted: whole rows */
  readonly attributes?: readonly string[];
  /** only rows that stand in the table, not those that others mention (`TableDefinition.mentionedIn`); omitted: both */
  readonly storedOnly?: boolean;
  /**
   * Rows that nobody misses: those whose stamp names a record of one of these tables (literal names). A reader saves what
   * it can by leaving them out, and may give them all the same.
   */
  readonly exceptStampsOf?: readonly string[];
  /** one of many scans at the same time: a reader holds less of each, and reads a page when the one before is done with */
  readonly amongMany?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads tables by their literal names, strongly consistent, attributes in the document's names.
 * Throws `StoreError` (runner/ports) when the store does not answer.
 */
export interface RecordReader {
  scan(table: string, options?: ScanOptions): AsyncIterable<Page>;
  /** The position just behind a row that a scan gave, where another scan of the same segment can go on. */
  positionBehind(table: string, row: StoredItem): Cursor;
  /** Rows by primary key, in the order of the keys; undefined where there is none. Any number of keys. */
  get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]>;
}
