import { firstBits } from './hash-bits.js';

/**
 * Bits that tell most keys that are not in the file: of a hundred such keys one is read for with 400,000 entries in the
 * file, fifteen with a million, all of them with ten million.
 */
const FILTER_BITS = 22;
/** Each makes another number of a hash, whose first bits are the place of one of its bits. */
const FACTORS = [1, 0x9e3779b1, 0x85ebca6b] as const;
const WORD_BITS = 32;

/** A Bloom filter of half a megabyte over hashes of 32 bits. */
export class HashFilter {
  private readonly words = new Uint32Array(2 ** FILTER_BITS / WORD_BITS);

  add(hash: number): void {
    for (const factor of FACTORS) {
      const place = placeOf(hash, factor);
      const word = Math.floor(place / WORD_BITS);
      this.words[word] = (this.words[word] as number) | bitOf(place);
    }
  }

  /** False for certain where this hash was not added. */
  mayHold(hash: number): boolean {
    for (const factor of FACTORS) {
      const place = placeOf(hash, factor);
      if (((this.words[Math.floor(place / WORD_BITS)] as number) & bitOf(place)) === 0) return false;
    }
    return true;
  }
}

function placeOf(hash: number, factor: number): number {
  return firstBits(Math.imul(hash, factor), FILTER_BITS);
}

function bitOf(place: number): number {
  return 1 << (place % WORD_BITS);
}
