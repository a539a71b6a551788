import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { TableDefinition } from './table.js';

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
 * Demo data of a plan: look-up tables and legacy tables, and target tables only where it says so. Same options, same rows
 * in the same order: no clock, no randomness. Streamed, so that memory does not grow with `scale`.
 * Throws `RangeError` for a scale that is no whole number from 1 on.
 */
export interface DemoData {
  /** literal names of target tables that hold rows of the application's own from the start; omitted: none */
  readonly preloaded?: readonly string[];
  /**
   * Tables that are not the plan's and hold demo rows all the same, so that `analyze` and `backup` have something to show:
   * its archived ones. A plan does not know their keys; those of the demo stand here. Omitted: none
   */
  readonly beside?: readonly TableDefinition[];
  rows(options: DemoOptions): Iterable<DemoRow>;
}
