import type { StoredItem } from '../../domain/storage/stored-value.js';

/** A row of the demo, under the literal name of its table; attributes in the document's names, without a stamp. */
export interface DemoRow {
  readonly table: string;
  readonly item: StoredItem;
}

export interface DemoOptions {
  /** add the rows of every defect case, on top of the others */
  readonly defects: boolean;
  /** legacy records in all, at least 1, look-up rows beside them not counted; omitted: a small set */
  readonly scale?: number;
}

/**
 * Demo data of a plan: look-up tables and legacy tables, never target tables. Same options, same rows in the same
 * order: no clock, no randomness. Streamed, so that memory does not grow with `scale`.
 * Throws `RangeError` for a scale that is no whole number from 1 on.
 */
export interface DemoData {
  rows(options: DemoOptions): Iterable<DemoRow>;
}
