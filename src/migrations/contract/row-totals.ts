import type { StoredItem } from '../../domain/storage/stored-value.js';

/** Adds up rows; one value for each column when it is asked. */
export interface RowTotals {
  add(row: StoredItem): void;
  values(): readonly string[];
}

/**
 * What rows of a target table amount to in the terms of those whose rows they are, such as money and days. A
 * verification adds up the rows that records ask for and those that it finds, and has a check for each column. The
 * comparison of every field says the same; this says it in words that the owners of the data sign.
 */
export interface TotalsOfRows {
  readonly table: string;
  readonly columns: readonly string[];
  begin(): RowTotals;
}
