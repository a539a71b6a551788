import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { DiscrepancyReason } from './discrepancies.js';

/**
 * What a write came to, with the record and its row as they stand now; absent where there is none, or where the model is
 * not written in this phase (P-11). `partial`: the model that is right was written, the other one not yet; the discrepancy
 * is noted and `reconcile` works it off.
 */
export type DualWriteResult = { readonly record?: StoredItem; readonly row?: StoredItem } & (
  | { readonly written: 'legacy' | 'both' | 'new' }
  | { readonly written: 'partial'; readonly reason: DiscrepancyReason }
);

/** Parts without those that are undefined. */
export function withImages(
  result: { readonly written: 'legacy' | 'both' | 'new' } | { written: 'partial'; reason: DiscrepancyReason },
  record: StoredItem | undefined,
  row: StoredItem | undefined,
): DualWriteResult {
  return { ...result, ...(record !== undefined && { record }), ...(row !== undefined && { row }) };
}
