import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';

/**
 * A stored item as plain JSON data that loses nothing (design, invariant 5): every value keeps its type tag,
 * numbers are text, sets are arrays under their tag, binary is base64. Object keys are attribute names, any text.
 */
type StoredJson = Readonly<Record<string, unknown>>;

/** The item as data for `JSON.stringify`. */
export function toStoredJson(item: StoredItem): StoredJson {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, encode(value)]));
}

/** The item that {@link toStoredJson} was given. Throws TypeError for anything that it does not make. */
export function fromStoredJson(json: unknown): StoredItem {
  if (!isObject(json)) throw new TypeError('stored JSON: an item is an object');
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, decode(value)]));
}

function encode(value: StoredValue): unknown {
  if ('B' in value) return { B: base64(value.B) };
  if ('BS' in value) return { BS: value.BS.map(base64) };
  if ('M' in value) return { M: toStoredJson(value.M) };
  if ('L' in value) return { L: value.L.map(encode) };
  return value;
}

function decode(json: unknown): StoredValue {
  const [tagged, ...others] = isObject(json) ? Object.entries(json) : [];
  if (tagged === undefined || others.length > 0) throw new TypeError('stored JSON: a value has one type tag');
  const [tag, content] = tagged;
  switch (tag) {
    case 'S':
      return { S: text(content) };
    case 'N':
      return { N: text(content) };
    case 'B':
      return { B: bytes(content) };
    case 'BOOL':
      if (typeof content !== 'boolean') throw new TypeError('stored JSON: BOOL is true or false');
      return { BOOL: content };
    case 'NULL':
      if (content !== true) throw new TypeError('stored JSON: NULL is true');
      return { NULL: true };
    case 'M':
      return { M: fromStoredJson(content) };
    case 'L':
      return { L: array(content).map(decode) };
    case 'SS':
      return { SS: array(content).map(text) };
    case 'NS':
      return { NS: array(content).map(text) };
    case 'BS':
      return { BS: array(content).map(bytes) };
    default:
      throw new TypeError('stored JSON: an unknown type tag');
  }
}

function base64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}

function bytes(content: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(text(content), 'base64'));
}

function text(content: unknown): string {
  if (typeof content !== 'string') throw new TypeError('stored JSON: text was expected');
  return content;
}

function array(content: unknown): unknown[] {
  if (!Array.isArray(content)) throw new TypeError('stored JSON: an array was expected');
  return content;
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
