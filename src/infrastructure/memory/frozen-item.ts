import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import { canonicalNumber } from '../../domain/values/canonical-number.js';

/**
 * A deep copy as a store would give it back: frozen, so that who changes a row it was given fails at once, and with
 * numbers in their canonical spelling. Bytes are copied; they can't be frozen.
 */
export function frozenItem(item: StoredItem): StoredItem {
  return Object.freeze(
    Object.fromEntries(Object.keys(item).map((name) => [name, frozenValue(item[name] as StoredValue)])),
  );
}

function frozenValue(value: StoredValue): StoredValue {
  if ('N' in value) return Object.freeze({ N: canonicalNumber(value.N) ?? value.N });
  if ('B' in value) return Object.freeze({ B: value.B.slice() });
  if ('M' in value) return Object.freeze({ M: frozenItem(value.M) });
  if ('L' in value) return Object.freeze({ L: Object.freeze(value.L.map(frozenValue)) });
  if ('SS' in value) return Object.freeze({ SS: Object.freeze([...value.SS]) });
  if ('NS' in value) {
    return Object.freeze({ NS: Object.freeze(value.NS.map((text) => canonicalNumber(text) ?? text)) });
  }
  if ('BS' in value) return Object.freeze({ BS: Object.freeze(value.BS.map((bytes) => bytes.slice())) });
  return Object.freeze({ ...value });
}
