import fc from 'fast-check';
import { KeyTally, Largest, SizeTally } from '../../../src/runner/forecast/tallies.js';
import { isIn, readUnits, scanUnits, writeUnits } from '../../../src/runner/forecast/units.js';

describe('units', () => {
  it.each([
    [0, 1, 1],
    [1, 1, 1],
    [1023, 1, 1],
    [1024, 1, 1],
    [1025, 2, 1],
    [2048, 2, 1],
    [2049, 3, 1],
    [4095, 4, 1],
    [4096, 4, 1],
    [4097, 5, 2],
    [8192, 8, 2],
    [8193, 9, 3],
    [409_600, 400, 100],
  ])('of %d bytes: %d written, %d read', (bytes, written, read) => {
    expect([writeUnits(bytes), readUnits(bytes)]).toEqual([written, read]);
  });

  it('are the least whole number of 1 KB and of 4 KB pieces that a row fits in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 409_600 }), (bytes) => {
        const [written, read] = [writeUnits(bytes), readUnits(bytes)];
        expect([written, read].every(Number.isInteger)).toBe(true);
        expect(written * 1024 >= bytes && (written - 1) * 1024 < bytes).toBe(true);
        expect(read * 4096 >= bytes && (read - 1) * 4096 < bytes).toBe(true);
      }),
    );
  });

  it('of a scan add rows up before they are rounded, page by page', () => {
    // 1,000 rows of 600 bytes: 147 units in one page, and not 1,000
    expect(scanUnits({ items: 1000, bytes: 600_000 }, 1)).toBe(147);
    expect(scanUnits({ items: 1001, bytes: 600_600 }, 1)).toBe(2 * 74);
    expect(scanUnits({ items: 0, bytes: 0 }, 4)).toBe(4);
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 64 }),
        (items, size, segments) => {
          const bytes = items * size;
          const units = scanUnits({ items, bytes }, segments);
          const pages = Math.max(segments, Math.ceil(items / 1000), Math.ceil(bytes / 1_048_576));
          expect(units).toBeGreaterThanOrEqual(bytes / 4096);
          expect(units).toBeLessThanOrEqual(bytes / 4096 + pages);
        },
      ),
    );
  });

  it('count a row in an index only with all of its key attributes', () => {
    const index = { name: 'i', partitionKey: 'a', sortKey: 'b' };
    const [a, b] = [{ S: 'x' }, { S: 'y' }];
    expect([isIn(index, { a, b }), isIn(index, { a }), isIn(index, { b })]).toEqual([true, false, false]);
    expect(isIn({ name: 'i', partitionKey: 'a' }, { a })).toBe(true);
  });
});

describe('tallies', () => {
  it('give the size that 99 of 100 are not above', () => {
    const tally = new SizeTally();
    for (let bytes = 1; bytes <= 200; bytes += 1) tally.add(bytes);
    expect([tally.percentile(0.99), tally.max, tally.average, tally.percentile(0.5)]).toEqual([
      198, 200, 100.5, 100,
    ]);
    expect(new SizeTally().percentile(0.99)).toBe(0);
  });

  it('keep a bounded number of keys, and the busiest one whatever the order', () => {
    const tally = new KeyTally(2);
    for (const [key, units] of [
      ['b', 2],
      ['a', 1],
      ['a', 1],
      ['c', 9],
    ] as const)
      tally.add(key, units);
    expect(tally.top()).toEqual({ value: 'a', rows: 2, units: 2 });
    expect([tally.distinct, tally.overflown, tally.units]).toEqual([2, true, 13]);
  });

  it('keep of equal sizes the lowest ids, whatever the order', () => {
    const largest = new Largest(2);
    for (const id of ['b', 'c', 'a', 'd']) largest.add(id, 7);
    expect(largest.list().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('keep the largest few', () => {
    const largest = new Largest(2);
    for (const bytes of [3, 9, 1, 7, 8]) largest.add(`t#${bytes}`, bytes);
    expect(largest.list()).toEqual([
      { id: 't#9', bytes: 9 },
      { id: 't#8', bytes: 8 },
    ]);
  });
});
