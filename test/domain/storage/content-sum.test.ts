import fc from 'fast-check';

import { addDigest, ContentSum } from '../../../src/domain/storage/content-sum.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';

const digests = fc.array(
  fc
    .oneof(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.constantFrom(0n, 2n ** 32n - 1n, 2n ** 256n - 1n))
    .map((number) => number.toString(16).padStart(64, '0')),
  { maxLength: 50 },
);

const row = (id: string, text: string): StoredItem => ({ id: { S: id }, text: { S: text } });

function sumOf(...rows: readonly StoredItem[]): string {
  const sum = new ContentSum();
  sum.add(rows);
  return `${sum.count} ${sum.digest}`;
}

describe('the content of a set of rows', () => {
  it('adds digests as numbers modulo 2^256, carries included', () => {
    fc.assert(
      fc.property(digests, fc.nat(), (all, carry) => {
        const sums = new Uint32Array(24);
        for (const digest of all) addDigest(sums, 8, digest);
        addDigest(sums, 8, '0'.repeat(64), carry);
        const expected = all.reduce((sum, digest) => sum + BigInt(`0x${digest}`), BigInt(carry)) % 2n ** 256n;
        const words = Array.from(sums.subarray(8, 16), (word) => word.toString(16).padStart(8, '0'));
        expect(words.join('')).toBe(expected.toString(16).padStart(64, '0'));
        expect([...sums.subarray(0, 8), ...sums.subarray(16)].every((word) => word === 0)).toBe(true);
      }),
    );
  });

  it('is the same in any order, and another one for a row that is changed, lost or there twice', () => {
    const [a, b, c] = [row('a', 'x'), row('b', 'y'), row('c', 'z')];
    expect(sumOf(c, a, b)).toBe(sumOf(a, b, c));
    const others = [sumOf(a, b), sumOf(a, b, c, c), sumOf(a, b, b), sumOf(a, b, row('c', 'z '))];
    expect(new Set([sumOf(a, b, c), ...others]).size).toBe(5);
  });

  it('sees the same change in two rows, which an exclusive or would not', () => {
    expect(sumOf(row('a', 'x'), row('a', 'x'))).not.toBe(sumOf(row('b', 'x'), row('b', 'x')));
  });

  it('counts the stamp', () => {
    const stamped = { ...row('a', 'x'), _migration: { M: { run: { S: '1' } } } };
    expect(sumOf(stamped)).not.toBe(sumOf(row('a', 'x')));
  });
});
