import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';

/** Shorter values tell nothing of anybody and are found in every sentence. */
const TELLING_LENGTH = 3;

/**
 * The store's own words on why it rejected a row, unless they quote a value of it: details go to logs and lists,
 * where values have no place (invariant 11).
 */
export function rejectionDetail(message: string | undefined, item: StoredItem): string {
  const text = message?.trim() ?? '';
  if (text === '') return 'the store gave no reason';
  const lower = text.toLowerCase();
  const quotes = Object.values(item).some((value) => isQuoted(value, lower));
  return quotes ? 'the store’s reason is withheld because it quotes a value' : text;
}

function isQuoted(value: StoredValue, message: string): boolean {
  if ('S' in value) return contains(message, value.S);
  if ('N' in value) return contains(message, value.N);
  if ('B' in value) return contains(message, Buffer.from(value.B).toString('base64'));
  if ('SS' in value) return value.SS.some((text) => contains(message, text));
  if ('NS' in value) return value.NS.some((text) => contains(message, text));
  if ('BS' in value)
    return value.BS.some((bytes) => contains(message, Buffer.from(bytes).toString('base64')));
  if ('L' in value) return value.L.some((element) => isQuoted(element, message));
  if ('M' in value) return Object.values(value.M).some((element) => isQuoted(element, message));
  return false;
}

function contains(message: string, value: string): boolean {
  const text = value.trim().toLowerCase();
  return text.length >= TELLING_LENGTH && message.includes(text);
}
