import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../migrations/contract/table.js';

/** The primary key of a row as text. */
export function rowKey(definitions: readonly TableDefinition[], table: string, row: StoredItem): string {
  const definition = definitions.find(({ name }) => name === table);
  if (definition === undefined) throw new RangeError(`the plan has no table ${table}`);
  const { partitionKey, sortKey } = definition;
  const names = sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
  return names.map((name) => textOf(row[name]) ?? '').join('/');
}
