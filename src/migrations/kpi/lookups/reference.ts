import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { textOf } from '../../../domain/storage/stored-value.js';
import { Guid } from '../../../domain/values/guid.js';

/** The text of an attribute in canonical form where it is a GUID, else as stored; undefined for blanks and other types. */
export function reference(row: StoredItem, name: string): string | undefined {
  const text = textOf(row[name]);
  if (text === undefined || text.trim() === '') return undefined;
  return Guid.canonical(text) ?? text;
}
