import type { StoredItem } from '../../../domain/storage/stored-value.js';

export function without(item: StoredItem, names: Iterable<string>): StoredItem {
  const left = new Set(names);
  return Object.fromEntries(Object.entries(item).filter(([name]) => !left.has(name)));
}
