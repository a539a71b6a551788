import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { IndexDefinition, TableDefinition } from '../../../migrations/contract/table.js';
import type { ItemFault } from '../../../runner/ports/record-sink.js';
import { StoreError } from '../../../runner/ports/errors.js';

/**
 * What a repository needs of one table, in the document's attribute names. Values are exact: sets stay sets, numbers
 * keep 38 digits, attributes may have any name (design, invariant 5). Throws `StoreError` when the store does not do
 * what was asked.
 */
export interface RowStore {
  /** The row as it is now (strongly consistent); undefined where there is none, or where there can be none. */
  get(key: string): Promise<StoredItem | undefined>;
  /**
   * Never touches a row that is there. A row that no store could take is an error. A request whose answer was lost is
   * repeated, so `exists` may speak of the very row that it wrote.
   */
  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'>;
  /**
   * The rows under this partition key of a secondary index, in no promised order. EVENTUALLY CONSISTENT in DynamoDB: it
   * may miss what was just written and show what was just changed. Rows without one of the index's keys are not in it.
   */
  query(index: string, key: string): AsyncIterable<StoredItem>;
  /** All rows, page by page as they are asked for, strongly consistent, in no promised order. */
  scan(): AsyncIterable<StoredItem>;
}

/** Gives the rows of a table by its literal name. */
export type RowStores = (table: string) => RowStore;

/** Throws `TypeError` for a table that none of the definitions is for: a mistake in the composition. */
export function definitionOf(definitions: readonly TableDefinition[], table: string): TableDefinition {
  const found = definitions.find(({ name }) => name === table);
  if (found === undefined) throw new TypeError(`no definition of table ${table}`);
  return found;
}

/** Throws `TypeError` for an index that the table does not have: a mistake in a repository. */
export function indexOf(definition: TableDefinition, index: string): IndexDefinition {
  const found = definition.indexes.find(({ name }) => name === index);
  if (found === undefined) throw new TypeError(`table ${definition.name} has no index ${index}`);
  return found;
}

/** The error for a row that no store could take, the same for all stores. Names fields and lengths, never values. */
export function unstorable(table: string, fault: ItemFault): StoreError {
  return new StoreError(
    'STORE_FAILED',
    `A row of table ${table} can't be stored: ${fault.field ?? 'row'}: ${fault.detail}.`,
    'Correct the row; nothing was written.',
  );
}
