import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import { canonicalNumber } from '../../domain/values/canonical-number.js';

/** What DynamoDB counts on top of the elements of a list or map (developer guide, item sizes and formats). */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;
/** of one UTF-16 code unit, at most */
const UTF8_BYTES = 3;
/** of a number of 38 digits, at most: sign, exponent and pairs of digits */
const NUMBER_BYTES = 22;

const NON_ASCII = /[\u0080-\uffff]/;

/** Bytes of a text in UTF-8. */
export function textBytes(text: string): number {
  return NON_ASCII.test(text) ? Buffer.byteLength(text) : text.length;
}

/** Names are few and short, and rows many; those of a table that names attributes after its data are counted each time. */
const KNOWN_NAMES = 10_000;
const SHORT_NAME = 64;
const bytesOfName = new Map<string, number>();

/** Bytes of an attribute's name in UTF-8. */
export function nameBytes(name: string): number {
  const known = bytesOfName.get(name);
  if (known !== undefined) return known;
  const bytes = textBytes(name);
  if (name.length <= SHORT_NAME && bytesOfName.size < KNOWN_NAMES) bytesOfName.set(name, bytes);
  return bytes;
}

/** Bytes of a row as DynamoDB counts them towards the 400 KB limit: names and values of all attributes. */
export function itemBytes(item: StoredItem): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += nameBytes(name) + valueBytes(item[name] as StoredValue);
  return bytes;
}

/** At least as much as {@link itemBytes}, without a look into texts and numbers: enough for all but large rows. */
export function itemBytesAtMost(item: StoredItem): number {
  let bytes = 0;
  for (const name of Object.keys(item)) {
    const value = item[name] as StoredValue;
    bytes += name.length * UTF8_BYTES;
    if ('S' in value) bytes += value.S.length * UTF8_BYTES;
    else bytes += 'N' in value ? Math.max(value.N.length, NUMBER_BYTES) : valueBytes(value);
  }
  return bytes;
}

/**
 * Bytes of a value (developer guide, "DynamoDB item sizes and formats"). AWS calls its rule for numbers
 * approximate; this is what Amazon's DynamoDB Local counts, byte for byte.
 */
function valueBytes(value: StoredValue): number {
  if ('S' in value) return textBytes(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('B' in value) return value.B.length;
  if ('SS' in value) return total(value.SS, textBytes);
  if ('NS' in value) return total(value.NS, numberBytes);
  if ('BS' in value) return total(value.BS, (bytes) => bytes.length);
  if ('L' in value) return CONTAINER_BYTES + total(value.L, (element) => ELEMENT_BYTES + valueBytes(element));
  return CONTAINER_BYTES + ELEMENT_BYTES * Object.keys(value.M).length + itemBytes(value.M);
}

/** Pairs of digits counted from the decimal point, without leading and trailing pairs of zeros, and one byte. */
function numberBytes(text: string): number {
  const number = canonicalNumber(text) ?? text;
  const negative = number.startsWith('-');
  const [whole = '', fraction = ''] = (negative ? number.slice(1) : number).split('.');
  const digits =
    (whole.length % 2 === 0 ? '' : '0') + whole + fraction + (fraction.length % 2 === 0 ? '' : '0');
  let [start, end] = [0, digits.length];
  while (start < end && digits.startsWith('00', start)) start += 2;
  while (end > start && digits.endsWith('00', end)) end -= 2;
  return (end - start) / 2 + 1 + (negative ? 1 : 0);
}

function total<T>(elements: readonly T[], bytesOf: (element: T) => number): number {
  let bytes = 0;
  for (const element of elements) bytes += bytesOf(element);
  return bytes;
}
