import type { StoredItem } from '../../../domain/storage/stored-value.js';

/** What the repository needs of CoreTable, in the document's attribute names. Throws `StoreError`. */
export interface CoreTableRows {
  /** The row as it is now (strongly consistent). */
  get(partition: string, sort: string): Promise<StoredItem | undefined>;
  /** The rows of a partition whose sort key begins like this, in no promised order; strongly consistent. */
  under(partition: string, sortPrefix: string): AsyncIterable<StoredItem>;
  /** Never touches a row that is there. */
  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'>;
}
