export const HASH_BITS = 32;

/** The first bits of a hash as a number. */
export function firstBits(hash: number, bits: number): number {
  return bits === 0 ? 0 : hash >>> (HASH_BITS - bits);
}
