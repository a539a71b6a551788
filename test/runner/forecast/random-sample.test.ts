import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { Page, RecordReader, ScanOptions } from '../../../src/migrations/contract/record-reader.js';
import { drawSample, type SampleOptions } from '../../../src/runner/forecast/random-sample.js';

const TABLE = 'cargo';
const bytesOf = (): number => 100;

/** A table of rows `0`, `1`, …; row i lies where i / rows of the hash space is. */
class Laid implements Pick<RecordReader, 'scan'> {
  readonly scanned = new Set<string>();
  read = 0;

  constructor(
    private readonly rows: number,
    private readonly pageSize = 1000,
  ) {}

  async *scan(
    _table: string,
    { segment = { index: 0, total: 1 }, signal }: ScanOptions = {},
  ): AsyncGenerator<Page> {
    this.scanned.add(`${segment.index}/${segment.total}`);
    const at = (index: number): number => Math.floor((index * this.rows) / segment.total);
    const [start, end] = [at(segment.index), at(segment.index + 1)];
    for (let from = start; from < end || from === start; from += this.pageSize) {
      await Promise.resolve();
      signal?.throwIfAborted();
      const to = Math.min(end, from + this.pageSize);
      const items = Array.from({ length: to - from }, (_, index): StoredItem => ({
        id: { S: String(from + index) },
      }));
      this.read += items.length;
      yield to < end ? { items, next: { id: { S: String(to) } } } : { items };
    }
  }
}

async function draw(reader: Pick<RecordReader, 'scan'>, options: Partial<SampleOptions> = {}) {
  const usual = { size: 100, seed: '1', estimate: undefined, bytesOf, maxBytes: 1e6 };
  return drawSample(reader as RecordReader, TABLE, { ...usual, ...options });
}

const ids = (records: readonly StoredItem[]): number[] =>
  records.map(({ id }) => Number(id !== undefined && 'S' in id ? id.S : NaN));

describe('drawing a sample', () => {
  it('takes different records from all over the table', async () => {
    const laid = new Laid(100_000);
    const { records, complete } = await draw(laid, { size: 1000, estimate: 100_000 });
    const drawn = ids(records);
    expect([drawn.length, new Set(drawn).size, complete]).toEqual([1000, 1000, false]);
    const tenths = new Set(drawn.map((id) => Math.floor(id / 10_000)));
    expect(tenths.size).toBe(10);
    // 40 segments of 4,000, a page of each at most
    expect(laid.read).toBeLessThan(3000);
  });

  it('is the same for the same seed and another one for another', async () => {
    const of = async (seed: string) =>
      ids((await draw(new Laid(50_000), { estimate: 50_000, seed })).records);
    expect(await of('monday')).toEqual(await of('monday'));
    expect(await of('monday')).not.toEqual(await of('tuesday'));
  });

  it.each([0, 1, 99, 100])('is the whole table where that has no more records: %d', async (rows) => {
    for (const estimate of [undefined, rows === 0 ? undefined : rows, 1]) {
      const { records, complete } = await draw(new Laid(rows, 7), { estimate });
      expect([records.length, complete]).toEqual([rows, true]);
    }
  });

  it.each([101, 150, 5000])('says that it is not the whole table where that has more: %d', async (rows) => {
    for (const estimate of [undefined, rows, 50]) {
      const { records, complete } = await draw(new Laid(rows, 7), { estimate });
      expect([records.length, complete]).toEqual([100, false]);
    }
  });

  it.each([
    [40, false],
    [900, false],
    [30_000, false],
    [3_000_000, false],
    [5_000_000, true],
  ])('reckons how many records there are where the store told none: %d', async (rows, atLeast) => {
    const { reckoned } = await draw(new Laid(rows), {});
    expect(reckoned?.atLeast).toBe(atLeast);
    const ratio = (reckoned?.count ?? 0) / rows;
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.25);
  });

  it('keeps no more bytes than it may, and says that it was cut', async () => {
    const sample = await draw(new Laid(1000), { estimate: 1000, maxBytes: 2000 });
    expect([sample.records.length, sample.complete, sample.cut]).toEqual([20, false, true]);
  });

  it('stops where it is asked to', async () => {
    const stop = new AbortController();
    const laid = new Laid(100_000);
    const scan = laid.scan.bind(laid);
    laid.scan = (table, options) => {
      if (laid.scanned.size === 20) stop.abort();
      return scan(table, options);
    };
    await expect(draw(laid, { size: 5000, estimate: 100_000, signal: stop.signal })).rejects.toThrow('abort');
  });

  it('finds every record of a real store', async () => {
    const store = new MemoryStore([{ name: TABLE, role: 'source', partitionKey: 'id', indexes: [] }]);
    const { records, complete } = await draw(store);
    expect([records.length, complete]).toEqual([0, true]);
  });
});
