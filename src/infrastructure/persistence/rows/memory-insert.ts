import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { MemoryStore } from '../../memory/memory-store.js';
import { unstorable } from './row-store.js';

/** See `RowStore.insertIfAbsent`. */
export async function insertIfAbsent(
  store: MemoryStore,
  table: string,
  item: StoredItem,
): Promise<'inserted' | 'exists'> {
  const row = { table, item };
  const fault = store.check(row);
  if (fault !== undefined) throw unstorable(table, fault);
  const [result] = await store.insert([row]);
  return result?.kind === 'inserted' ? 'inserted' : 'exists';
}
