import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';

/** A value in DynamoDB's JSON notation: binary as base64, sets as lists, numbers as text. */
export type StoredValueJson =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: StoredItemJson }
  | { readonly L: readonly StoredValueJson[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };

export type StoredItemJson = Readonly<Record<string, StoredValueJson>>;

/**
 * A row as DynamoDB JSON, for showing and exporting it. Attributes and members of sets are sorted, so that equal
 * rows have equal texts. Any attribute name is kept, `__proto__` included.
 */
export function storedItemJson(item: StoredItem): StoredItemJson {
  const names = Object.keys(item).sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = item[name];
      return value === undefined ? [] : [[name, storedValueJson(value)] as const];
    }),
  );
}

function storedValueJson(value: StoredValue): StoredValueJson {
  if ('B' in value) return { B: base64(value.B) };
  if ('BS' in value) return { BS: value.BS.map(base64).sort() };
  if ('SS' in value) return { SS: [...value.SS].sort() };
  if ('NS' in value) return { NS: [...value.NS].sort() };
  if ('M' in value) return { M: storedItemJson(value.M) };
  if ('L' in value) return { L: value.L.map(storedValueJson) };
  return value;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
