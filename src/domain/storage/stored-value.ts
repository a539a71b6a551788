/**
 * A value as a store holds it, tagged with its type and with numbers as text, so that nothing is rounded.
 *
 * The shape is the widest of the stores we know, DynamoDB's `AttributeValue`, so that copying from there costs
 * nothing; other stores map their columns onto it. Binary is bytes, sets are sets, numbers keep 38 digits.
 */
export type StoredValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: StoredItem }
  | { readonly L: readonly StoredValue[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly Uint8Array[] };

/** The names of the types a {@link StoredValue} can have. */
export type StoredType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'M' | 'L' | 'SS' | 'NS' | 'BS';

/** A row: attribute name → value. Names are the document's names; aliases are applied by the adapter. */
export type StoredItem = Readonly<Record<string, StoredValue>>;

/** The one type tag of a value. */
export function typeOf(value: StoredValue): StoredType {
  for (const tag in value) return tag as StoredType;
  throw new TypeError('a stored value without a type');
}

/** An attribute by own attributes only: a row may well have one that is called __proto__. */
export function own(item: StoredItem, name: string): StoredValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The text of an `S` attribute, or undefined if it is absent or of another type. */
export function textOf(value: StoredValue | undefined): string | undefined {
  return value !== undefined && 'S' in value ? value.S : undefined;
}
