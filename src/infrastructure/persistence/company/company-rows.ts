import type { StoredItem } from '../../../domain/storage/stored-value.js';

/** What repositories need of one table with a company and an id, in the document's names. Throws `StoreError`. */
export interface CompanyRows {
  /** The row as it is now (strongly consistent). */
  get(companyId: string, id: string): Promise<StoredItem | undefined>;
  /** The rows of a company, in no promised order; strongly consistent. */
  of(companyId: string): AsyncIterable<StoredItem>;
  /** The rows of an index under a company and this value of its sort key. EVENTUALLY CONSISTENT in DynamoDB. */
  indexed(index: string, companyId: string, value: string): AsyncIterable<StoredItem>;
  /** Never touches a row that is there. */
  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'>;
}
