import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { IndexDefinition } from '../../migrations/contract/table.js';

/**
 * What DynamoDB counts for requests (developer guide, "Read and write operations" and "On-demand capacity mode"):
 * whole units of 1 KB written and of 4 KB read strongly consistently, never less than one.
 */
const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/** A page of a scan ends at 1 MB, and the runner asks for no more than so many rows. */
const PAGE_BYTES = 1024 * 1024;
const PAGE_ROWS = 1000;

/** One partition of a table or index takes no more (developer guide, "Warm throughput"). */
export const PARTITION_WRITE_UNITS = 1000;

/** Units of writing a row of so many bytes, once: to its table, or to one index. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

/** Units of reading a row by its key, strongly consistent. */
export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
}

export interface TableSize {
  readonly items: number;
  readonly bytes: number;
}

/** Units of a strongly consistent scan: rows of a page are added up before they are rounded, and each page is. */
export function scanUnits({ items, bytes }: TableSize, segments: number): number {
  const pages = Math.max(segments, Math.ceil(items / PAGE_ROWS), Math.ceil(bytes / PAGE_BYTES));
  return pages * readUnits(bytes / pages);
}

/** Whether a row appears in an index: only with all of its key attributes. */
export function isIn({ partitionKey, sortKey }: IndexDefinition, row: StoredItem): boolean {
  return Object.hasOwn(row, partitionKey) && (sortKey === undefined || Object.hasOwn(row, sortKey));
}
