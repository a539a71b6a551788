import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { bucketOf, readsNew } from '../../../src/cutover/phases/read-switch.js';

const ids = (kind: (number: number) => string): string[] =>
  Array.from({ length: 10_000 }, (_, at) => kind(at));
const SPELLINGS: readonly [string, (number: number) => string][] = [
  ['counted up', (at) => `COMPANY#${at}`],
  ['padded', (at) => String(at).padStart(12, '0')],
  ['hashes', (at) => createHash('md5').update(String(at)).digest('hex')],
];

describe('which reads come from the new model', () => {
  // worked out with another program: the first four bytes of `printf %s ID | sha256sum`, modulo 100
  it.each([
    ['COMPANY#acme', 73],
    ['EMP#1001', 16],
    ['tenant-42', 41],
    ['Ærøskøbing', 2],
  ])('E-X20: %s is in the same bucket in every process', (id, bucket) => {
    expect(bucketOf(id)).toBe(bucket);
  });

  it('E-24: none at 0 %, all at 100 %', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(readsNew({ share: 0 }, id)).toBe(false);
        expect(readsNew({ share: 100 }, id)).toBe(true);
      }),
      { seed: 7 },
    );
  });

  it('E-X20: a growing share only adds ids, and asking again answers the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100), fc.nat(100), (id, one, other) => {
        const [small, large] = [Math.min(one, other), Math.max(one, other)];
        const before = readsNew({ share: small }, id);
        expect(readsNew({ share: small }, id)).toBe(before);
        expect(before && !readsNew({ share: large }, id)).toBe(false);
      }),
      { seed: 11, numRuns: 1_000 },
    );
  });

  it.each(SPELLINGS)('E-24: of 10,000 ids (%s) about the share that is asked for', (_kind, spelling) => {
    for (const share of [1, 10, 50, 90]) {
      const found = ids(spelling).filter((id) => readsNew({ share }, id)).length;
      // four standard deviations of 10,000 fair draws
      const tolerance = 4 * Math.sqrt(100 * share * (1 - share / 100));
      expect(Math.abs(found - 100 * share)).toBeLessThan(tolerance);
    }
  });
});
