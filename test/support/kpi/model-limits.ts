import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { textOf } from './model-store.js';

/** Limits of DynamoDB's developer guide ("Quotas", "Item sizes"): 400 KB an item, 2,048 B a partition key, 32 levels. */
const MAX_ITEM = 400 * 1024;
const MAX_KEY = 2048;
const MAX_LEVELS = 32;
/** a run id (23 characters) and a SHA-256 in hex, which a written stamp has beside its source */
const REST_OF_STAMP = 'run'.length + 23 + 'digest'.length + 64 + 2;

/** Whether a stamped row (source only) is more than the store takes, its index keys included. */
export function isTooLarge(row: StoredItem, keys: readonly string[]): boolean {
  if (keys.some((name) => bytes(textOf(row[name]) ?? '') > MAX_KEY)) return true;
  return sizeOfMap(row) + REST_OF_STAMP > MAX_ITEM || levels({ M: row }) - 1 > MAX_LEVELS;
}

function sizeOfMap(item: StoredItem): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + sizeOf(value), 0);
}

function sizeOf(value: StoredValue): number {
  if ('S' in value) return bytes(value.S);
  if ('N' in value) return sizeOfNumber(value.N);
  if ('B' in value) return value.B.length;
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('M' in value) return 3 + Object.keys(value.M).length + sizeOfMap(value.M);
  if ('L' in value) return 3 + value.L.reduce((sum, element) => sum + 1 + sizeOf(element), 0);
  if ('SS' in value) return value.SS.reduce((sum, text) => sum + bytes(text), 0);
  if ('NS' in value) return value.NS.reduce((sum, number) => sum + sizeOfNumber(number), 0);
  return value.BS.reduce((sum, element) => sum + element.length, 0);
}

function sizeOfNumber(text: string): number {
  const significant = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '').length;
  return Math.ceil(significant / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

function levels(value: StoredValue): number {
  if ('M' in value) return 1 + Math.max(0, ...Object.values(value.M).map(levels));
  if ('L' in value) return 1 + Math.max(0, ...value.L.map(levels));
  return 0;
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
