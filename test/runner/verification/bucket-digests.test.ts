import { BucketDigests, bucketOf } from '../../../src/runner/verification/bucket-digests.js';

type Row = readonly [table: string, key: string, owner: string, digest: string];

const ZERO = '0'.repeat(64);
const ONE = `${'0'.repeat(63)}1`;
const FULL = 'f'.repeat(64);
const hex = (n: number): string => n.toString(16).padStart(8, '0').repeat(8);
const rows: readonly Row[] = Array.from({ length: 200 }, (_, n): Row => [
  't',
  `key ${n % 150}`,
  `s#${n}`,
  hex(n * 7_654_321),
]);

function side(all: readonly Row[]): BucketDigests {
  const digests = new BucketDigests();
  for (const row of all) digests.add(...row);
  return digests;
}

const differ = (a: readonly Row[], b: readonly Row[]): boolean => side(a).differences(side(b)).length > 0;

/** Two keys of one bucket: only what is in it can tell them apart. */
function sharing(): [string, string] {
  const seen = new Map<number, string>();
  for (let n = 0; ; n += 1) {
    const key = `crate ${n}`;
    const other = seen.get(bucketOf('t', key));
    if (other !== undefined) return [other, key];
    seen.set(bucketOf('t', key), key);
  }
}

describe('digests of a side', () => {
  it('are equal for equal rows in any order', () => {
    expect(differ(rows, rows.toReversed())).toBe(false);
    expect(
      differ(
        rows,
        rows.toSorted((a, b) => (a[3] < b[3] ? -1 : 1)),
      ),
    ).toBe(false);
    expect(differ([], [])).toBe(false);
  });

  it('see a row that is there twice, which an exclusive or would not', () => {
    const row: Row = ['t', 'k', 's', FULL];
    expect(differ([], [row, row])).toBe(true);
    expect(differ([row], [row, row, row])).toBe(true);
  });

  it('see a row more, a row less, and one in the place of another', () => {
    expect(differ(rows, rows.slice(1))).toBe(true);
    expect(differ(rows, [...rows, ['t', 'more', 's', ZERO]])).toBe(true);
    expect(differ([['t', 'a', 's', ONE]], [['t', 'b', 's', ONE]])).toBe(true);
    expect(differ([['t', 'a', 's', ONE]], [['u', 'a', 's', ONE]])).toBe(true);
  });

  it('see every single bit of a digest, its first and its last too', () => {
    const bits = Array.from({ length: 256 }, (_, bit) => (1n << BigInt(bit)).toString(16).padStart(64, '0'));
    for (const base of [ZERO, FULL, hex(123_456_789)]) {
      const flipped = bits.map((bit) =>
        (BigInt(`0x${base}`) ^ BigInt(`0x${bit}`)).toString(16).padStart(64, '0'),
      );
      expect(flipped.filter((digest) => !differ([['t', 'k', 's', base]], [['t', 'k', 's', digest]]))).toEqual(
        [],
      );
    }
  });

  it('see owners that are exchanged, and digests that are exchanged, within one bucket', () => {
    const [a, b] = sharing();
    const stored: Row[] = [
      ['t', a, 's#1', hex(1)],
      ['t', b, 's#2', hex(2)],
    ];
    expect(differ(stored, [['t', a, 's#3', hex(1)], stored[1]!])).toBe(true);
    // a row's digest covers its key, so that rows which exchange their keys have other digests altogether
    expect(
      differ(stored, [
        ['t', b, 's#1', hex(3)],
        ['t', a, 's#2', hex(4)],
      ]),
    ).toBe(true);
  });

  it('name the buckets that differ and no others, and count their rows', () => {
    const [one, other] = [side(rows), side([...rows, ['t', 'more', 's', ONE]])];
    expect(one.differences(other)).toEqual([bucketOf('t', 'more')]);
    expect(other.count(bucketOf('t', 'more')) - one.count(bucketOf('t', 'more'))).toBe(1);
  });
});
