import { sameRow } from '../../../domain/storage/canonical-digest.js';
import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';

/** By own attributes only: a row may well have one that is called __proto__. */
export function own(item: StoredItem, name: string): StoredValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** Equal as a store sees it: the order of a set and the spelling of a number do not count. */
export function sameValue(one: StoredValue | undefined, other: StoredValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if ('S' in one && 'S' in other) return one.S === other.S;
  return sameRow({ value: one }, { value: other });
}

export function without(item: StoredItem, names: Iterable<string>): StoredItem {
  const left = new Set(names);
  return Object.fromEntries(Object.entries(item).filter(([name]) => !left.has(name)));
}
