import { rowDigest } from './canonical-digest.js';
import type { StoredItem } from './stored-value.js';

/** 32-bit words of a 256-bit sum. */
export const SUM_WORDS = 8;

const WORD_DIGITS = 8;
const WORD = 2 ** 32;

/**
 * Adds a digest (64 hex digits, taken as one big-endian number) to the sum modulo 2^256 that stands in `sums` at
 * `position`, most significant word first. `carry` is added as well.
 */
export function addDigest(sums: Uint32Array, position: number, digest: string, carry = 0): void {
  let over = carry;
  for (let index = SUM_WORDS - 1; index >= 0; index -= 1) {
    const word = Number.parseInt(digest.slice(index * WORD_DIGITS, (index + 1) * WORD_DIGITS), 16);
    const sum = (sums[position + index] ?? 0) + word + over;
    sums[position + index] = sum >>> 0;
    over = sum >= WORD ? Math.floor(sum / WORD) : 0;
  }
}

/**
 * What a set of rows holds, whatever the order in which they come: their number, and the sum modulo 2^256 of their
 * SHA-256 digests (stamps included). A sum, unlike an exclusive or, also sees a row that is there twice.
 */
export class ContentSum {
  private readonly words = new Uint32Array(SUM_WORDS);
  private rows = 0;

  add(items: readonly StoredItem[]): void {
    for (const item of items) addDigest(this.words, 0, rowDigest(item));
    this.rows += items.length;
  }

  get count(): number {
    return this.rows;
  }

  /** 64 lower-case hex digits */
  get digest(): string {
    return Array.from(this.words, (word) => word.toString(16).padStart(WORD_DIGITS, '0')).join('');
  }
}
