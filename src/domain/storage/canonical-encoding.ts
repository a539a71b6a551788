import { canonicalNumber } from '../values/canonical-number.js';
import type { StoredItem, StoredValue } from './stored-value.js';

/** First byte of every encoding. Another format gets another number; stored digests depend on it. */
const ENCODING_VERSION = 1;

const TAG = {
  string: 0x53, // S
  number: 0x4e, // N
  invalidNumber: 0x6e, // n
  binary: 0x42, // B
  true: 0x54, // T
  false: 0x46, // F
  null: 0x30, // 0
  map: 0x4d, // M
  list: 0x4c, // L
  stringSet: 0x73, // s
  numberSet: 0x75, // u
  binarySet: 0x62, // b
} as const;

/** Below this length a loop over the characters is faster than the call into Node's native writer. */
const SHORT_TEXT = 40;
const LENGTH_BYTES = 4;
/** Names up to which an insertion sort is the quickest. */
const FEW = 32;

/**
 * Writes rows in the canonical, typed, length-prefixed encoding that digests are taken over. The buffer is reused,
 * so a result is good until the next call.
 *
 * Format (all counts and lengths are unsigned 32-bit big-endian, all text is UTF-8):
 *
 * ```
 * row     := 0x01 map
 * map     := count { text value }      entries sorted by the names' UTF-16 code units
 * text    := length bytes
 * value   := 'S' text                  string
 *          | 'N' text                  number, in the spelling of canonicalNumber
 *          | 'n' text                  number that no store can hold, as it came
 *          | 'B' length bytes          binary
 *          | 'T' | 'F' | '0'           true, false, null
 *          | 'M' map                   map
 *          | 'L' count { value }       list, in its order
 *          | 's' count { text }        string set, sorted by UTF-16 code units
 *          | 'u' count { text }        number set, canonical spellings sorted by UTF-16 code units
 *          | 'b' count { length bytes }  binary set, sorted by bytes
 * ```
 *
 * An absent attribute is not written, a NULL is, so the two differ. Lone surrogates, which no store accepts, all
 * become U+FFFD.
 */
export class CanonicalEncoder {
  private buffer = Buffer.allocUnsafe(16 * 1024);
  private end = 0;

  /** The encoding of the row without the attributes named; valid until the next call. */
  encode(item: StoredItem, without: ReadonlySet<string>): Buffer {
    this.end = 0;
    this.byte(ENCODING_VERSION);
    this.entries(item, without);
    return this.buffer.subarray(0, this.end);
  }

  private entries(item: StoredItem, without?: ReadonlySet<string>): void {
    let names = Object.keys(item);
    if (without !== undefined && without.size > 0) names = names.filter((name) => !without.has(name));
    sortInPlace(names);
    this.length(names.length);
    for (const name of names) {
      this.text(name);
      this.value(item[name] as StoredValue);
    }
  }

  private value(value: StoredValue): void {
    if ('S' in value) {
      this.byte(TAG.string);
      this.text(value.S);
    } else if ('N' in value) {
      const number = canonicalNumber(value.N);
      this.byte(number === undefined ? TAG.invalidNumber : TAG.number);
      this.text(number ?? value.N);
    } else if ('BOOL' in value) {
      this.byte(value.BOOL ? TAG.true : TAG.false);
    } else if ('NULL' in value) {
      this.byte(TAG.null);
    } else if ('M' in value) {
      this.byte(TAG.map);
      this.entries(value.M);
    } else if ('L' in value) {
      this.byte(TAG.list);
      this.length(value.L.length);
      for (const element of value.L) this.value(element);
    } else if ('B' in value) {
      this.byte(TAG.binary);
      this.bytes(value.B);
    } else {
      this.set(value);
    }
  }

  private set(value: Extract<StoredValue, { SS: unknown } | { NS: unknown } | { BS: unknown }>): void {
    if ('BS' in value) {
      this.byte(TAG.binarySet);
      this.length(value.BS.length);
      for (const element of value.BS.toSorted(compareBytes)) this.bytes(element);
      return;
    }
    const isText = 'SS' in value;
    const texts = isText ? value.SS.toSorted() : value.NS.map((text) => canonicalNumber(text) ?? text).sort();
    this.byte(isText ? TAG.stringSet : TAG.numberSet);
    this.length(texts.length);
    for (const text of texts) this.text(text);
  }

  private text(text: string): void {
    const characters = text.length;
    this.reserve(LENGTH_BYTES + characters * 3);
    const start = this.end + LENGTH_BYTES;
    const written = characters <= SHORT_TEXT ? this.ascii(text, start) : -1;
    const bytes = written >= 0 ? written : this.buffer.write(text, start);
    this.length(bytes);
    this.end += bytes;
  }

  /** Writes the text if all of it is ASCII; otherwise -1. */
  private ascii(text: string, start: number): number {
    const buffer = this.buffer;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return -1;
      buffer[start + index] = code;
    }
    return text.length;
  }

  private bytes(bytes: Uint8Array): void {
    this.length(bytes.length);
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.end);
    this.end += bytes.length;
  }

  private length(count: number): void {
    this.reserve(LENGTH_BYTES);
    this.buffer[this.end] = count >>> 24;
    this.buffer[this.end + 1] = count >>> 16;
    this.buffer[this.end + 2] = count >>> 8;
    this.buffer[this.end + 3] = count;
    this.end += LENGTH_BYTES;
  }

  private byte(byte: number): void {
    this.reserve(1);
    this.buffer[this.end] = byte;
    this.end += 1;
  }

  private reserve(bytes: number): void {
    const needed = this.end + bytes;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.end);
    this.buffer = grown;
  }
}

/** Rows have few names, and `sort` makes a copy each time: a tenth of what a validation allocates. */
function sortInPlace(names: string[]): void {
  if (names.length > FEW) {
    names.sort();
    return;
  }
  for (let end = 1; end < names.length; end += 1) {
    const name = names[end] as string;
    let at = end;
    for (; at > 0 && (names[at - 1] as string) > name; at -= 1) names[at] = names[at - 1] as string;
    names[at] = name;
  }
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}
