import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';

export function text(value: string): StoredValue {
  return { S: value };
}

export function number(value: string | number): StoredValue {
  return { N: String(value) };
}

export function flag(value: boolean): StoredValue {
  return { BOOL: value };
}

/** The attributes that are there. */
export function item(attributes: Readonly<Record<string, StoredValue | undefined>>): StoredItem {
  const present: [string, StoredValue][] = [];
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) present.push([name, value]);
  }
  return Object.fromEntries(present);
}
