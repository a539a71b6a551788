import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import { canonicalNumber } from '../../domain/values/canonical-number.js';
import type { TableDefinition } from '../../migrations/contract/table.js';

/** The names of a table's key attributes, partition key first. */
export function keyNames(table: Pick<TableDefinition, 'partitionKey' | 'sortKey'>): readonly string[] {
  return table.sortKey === undefined ? [table.partitionKey] : [table.partitionKey, table.sortKey];
}

/**
 * A text that is the same for equal keys and different for different ones: typed, numbers in their canonical
 * spelling, each part with its length. Absent parts are told from empty ones.
 */
export function keyIdentity(item: StoredItem, names: readonly string[]): string {
  let identity = '';
  for (const name of names) {
    const part = keyPart(item[name]);
    identity += `${part.length}:${part}`;
  }
  return identity;
}

function keyPart(value: StoredValue | undefined): string {
  if (value === undefined) return '';
  if ('S' in value) return `S${value.S}`;
  if ('N' in value) return `N${canonicalNumber(value.N) ?? value.N}`;
  if ('B' in value) return `B${Buffer.from(value.B).toString('base64')}`;
  return 'invalid';
}
