import { textOf, type StoredValue } from '../../domain/storage/stored-value.js';

/** The texts of a list or set, undefined for anything else. A set has no order of its own, so it gets that of UTF-16 code units. */
export function textsOf(value: StoredValue): readonly string[] | undefined {
  if ('SS' in value) return value.SS.toSorted();
  if (!('L' in value)) return undefined;
  const texts = value.L.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
