import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../runner/ports/journal.js';

/** Ends a source inside a key; sorts below every character that a source has in a key. */
export const KEY_SEPARATOR = '\u0001';

const LONG_SOURCE_MARK = '\u0003';
/** A DynamoDB sort key has at most 1024 bytes; the rest is for the discriminator and the number of a part. */
const MAX_SOURCE_BYTES = 800;

/** Hex digits of the SHA-256 of length-prefixed parts, so that no two lists of parts read the same. */
export function keyDigest(parts: readonly string[], hexDigits: number): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex').slice(0, hexDigits);
}

/**
 * The source as it stands in keys: at most 833 bytes, without {@link KEY_SEPARATOR}, in the order of the source's
 * UTF-8 bytes. Sources that agree in their first 800 bytes are in the order of a hash instead.
 */
export function sourceKey(source: string): string {
  const escaped = source
    .replaceAll('\u0002', '\u0002\u0004')
    .replaceAll('\u0001', '\u0002\u0003')
    .replaceAll('\u0000', '\u0002\u0002');
  const bytes = Buffer.from(escaped);
  if (bytes.length <= MAX_SOURCE_BYTES) return escaped;
  return wholeCharacters(bytes, MAX_SOURCE_BYTES) + LONG_SOURCE_MARK + keyDigest([source], 32);
}

/** The longest prefix of at most `limit` bytes that does not end inside a character. */
export function wholeCharacters(utf8: Buffer, limit: number): string {
  let end = Math.min(limit, utf8.length);
  while (end > 0 && isContinuation(utf8[end])) end--;
  return utf8.toString('utf8', 0, end);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/**
 * What makes an entry the same one within its run, step and kind. A record has one quarantine entry and one
 * decision; one conflict per row; one warning, finding or kept row per reason, field and row.
 */
export function entryKey(entry: JournalEntry): string {
  return sourceKey(entry.source) + KEY_SEPARATOR + discriminator(entry);
}

function discriminator(entry: JournalEntry): string {
  switch (entry.kind) {
    case 'quarantine':
    case 'decision':
      return '';
    case 'conflict':
      return keyDigest([entry.table ?? '', entry.key ?? ''], 24);
    case 'warning':
    case 'finding':
    case 'kept':
      return keyDigest([entry.reason, entry.field ?? '', entry.table ?? '', entry.key ?? ''], 24);
  }
}

/** The order of DynamoDB's sort keys: by UTF-8 bytes, where `<` goes by UTF-16 units and differs above U+FFFF. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
