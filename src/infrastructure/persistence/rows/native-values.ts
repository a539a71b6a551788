import { NumberValue } from '@aws-sdk/lib-dynamodb';
import type { NativeAttributeValue } from '@aws-sdk/lib-dynamodb';

import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';

/** The one attribute name that the document client (3.1162) loses, at any level, in both directions. */
const UNSAFE_NAME = '__proto__';

/** A row as the document client takes it. Exact for every row but those that {@link isUnsafe} tells. */
export function toNative(item: StoredItem): Record<string, NativeAttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, nativeOf(value)]));
}

/** A row as the document client gives it with `wrapNumbers`. */
export function fromNative(item: Readonly<Record<string, NativeAttributeValue>>): StoredItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, storedOf(value)]));
}

/** Whether the row has an attribute named `__proto__` at any level. */
export function isUnsafe(item: StoredItem): boolean {
  return Object.keys(item).some((name) => name === UNSAFE_NAME || holdsUnsafe(item[name] as StoredValue));
}

function holdsUnsafe(value: StoredValue): boolean {
  if ('M' in value) return isUnsafe(value.M);
  return 'L' in value && value.L.some(holdsUnsafe);
}

function nativeOf(value: StoredValue): NativeAttributeValue {
  if ('S' in value) return value.S;
  if ('N' in value) return NumberValue.from(value.N);
  if ('B' in value) return value.B;
  if ('BOOL' in value) return value.BOOL;
  if ('NULL' in value) return null;
  if ('L' in value) return value.L.map(nativeOf);
  if ('SS' in value) return new Set(value.SS);
  if ('NS' in value) return new Set(value.NS.map((text) => NumberValue.from(text)));
  if ('BS' in value) return new Set(value.BS);
  // no plain object: the document client takes one that has an attribute `constructor` for an instance of a class
  return new Map(Object.entries(value.M).map(([name, element]) => [name, nativeOf(element)]));
}

function storedOf(value: unknown): StoredValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof NumberValue) return { N: value.toString() };
  if (value instanceof Uint8Array) return { B: value };
  if (Array.isArray(value)) return { L: value.map(storedOf) };
  if (value instanceof Set) return setOf([...(value as ReadonlySet<unknown>)]);
  if (typeof value === 'object') return { M: fromNative(value as Record<string, NativeAttributeValue>) };
  throw new TypeError(`the document client gave a ${typeof value}`);
}

/** DynamoDB has no empty sets and none of mixed types. */
function setOf(elements: readonly unknown[]): StoredValue {
  if (elements[0] instanceof NumberValue) return { NS: elements.map(String) };
  if (typeof elements[0] === 'string') return { SS: elements as readonly string[] };
  return { BS: elements as readonly Uint8Array[] };
}
