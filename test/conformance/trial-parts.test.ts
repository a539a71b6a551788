import { rowDifference } from '../../src/conformance/trial/differences.js';
import { pointsOfWrites, spread } from '../../src/conformance/trial/interruption.js';
import { ReorderedReader } from '../../src/conformance/trial/reordered-reader.js';
import { withStamp } from '../../src/domain/storage/stored.js';
import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import { MemoryStore } from '../../src/infrastructure/memory/memory-store.js';
import type { Cursor, RecordReader } from '../../src/migrations/contract/record-reader.js';
import { rowKeys } from '../../src/migrations/contract/row-key.js';
import { CRATES_TABLES, idOf } from './crates-plan.js';

describe('tables in another order', () => {
  const store = new MemoryStore(CRATES_TABLES, { pageSize: 3 });
  const ids = Array.from({ length: 25 }, (_, n) => `crate-${n}`);
  store.load(
    'crates',
    ids.map((id) => ({ id: { S: id }, weight: { N: '1' } })),
  );
  const reader = new ReorderedReader(store, rowKeys(CRATES_TABLES), 'some order');

  async function scanned(
    from: RecordReader,
    total: number,
    cursors: (Cursor | undefined)[] = [],
  ): Promise<string[]> {
    const found: string[] = [];
    for (let index = 0; index < total; index += 1)
      for await (const { items, next } of from.scan('crates', { segment: { index, total } })) {
        found.push(...items.map(idOf));
        cursors.push(next);
      }
    return found;
  }

  it('have every row once, whatever the number of segments, and not where the store has it', async () => {
    for (const total of [1, 2, 5]) expect((await scanned(reader, total)).sort()).toEqual([...ids].sort());
    expect(await scanned(reader, 1)).not.toEqual(await scanned(store, 1));
    expect(await scanned(reader, 1)).not.toEqual(
      await scanned(new ReorderedReader(store, rowKeys(CRATES_TABLES), 'some other order'), 1),
    );
  });

  it('go on behind every row, also one that is gone by then', async () => {
    const cursors: (Cursor | undefined)[] = [];
    const all = await scanned(reader, 1, cursors);
    for (const [index, from] of cursors.entries()) {
      if (from === undefined) continue;
      const rest: string[] = [];
      for await (const { items } of reader.scan('crates', { from })) rest.push(...items.map(idOf));
      expect(rest).toEqual(all.slice(index + 1));
    }
    const gone = new MemoryStore(CRATES_TABLES);
    gone.load(
      'crates',
      store.rows('crates').filter((row) => idOf(row) !== all[9]),
    );
    const rest: string[] = [];
    const again = new ReorderedReader(gone, rowKeys(CRATES_TABLES), 'some order');
    for await (const { items } of again.scan('crates', { from: { id: { S: all[9] ?? '' } } }))
      rest.push(...items.map(idOf));
    expect(rest).toEqual(all.slice(10));
  });
});

describe('kill points', () => {
  const points = Array.from({ length: 90 }, (_, n) =>
    n % 3 === 0 ? 'at reader.get lots' : `before sink.insert ${n}`,
  );
  points[89] = 'after lease.release';

  it('are writes only', () => {
    expect(pointsOfWrites(points)).toHaveLength(60);
    expect(pointsOfWrites(points).every((position) => !(points[position] ?? '').startsWith('at '))).toBe(
      true,
    );
  });

  it('are spread over the run where there are too many, with one of every kind', () => {
    const chosen = spread(points, pointsOfWrites(points), 10);
    expect(chosen).toHaveLength(10);
    expect(chosen).toContain(89);
    expect(chosen.filter((position) => position < 45).length).toBeGreaterThan(3);
    expect(chosen.filter((position) => position >= 45).length).toBeGreaterThan(3);
    expect(spread(points, [4, 5], 10)).toEqual([4, 5]);
  });
});

describe('differences in words', () => {
  const stamp = { source: 'crates#1', run: 'this', digest: '0' };
  const row = (changes: StoredItem): StoredItem =>
    withStamp({ id: { S: '1' }, weight: { N: '4711' }, ...changes }, stamp);

  it('name attributes and the record, and no value', () => {
    expect(rowDifference(row({}), row({ weight: { N: '4712' }, note: { S: 'secret' } }))).toBe(
      'differs in note, weight (of crates#1)',
    );
    expect(rowDifference(row({}), undefined)).toBe('is missing (of crates#1)');
    expect(rowDifference(undefined, row({}))).toBe('is there, but should not be (of crates#1)');
    expect(rowDifference(row({}), withStamp(row({}), { ...stamp, run: 'other' }))).toBe(
      'differs in _migration.run (of crates#1)',
    );
  });

  it('are none where stores see none', () => {
    expect(rowDifference(row({}), row({ weight: { N: '4711.0' } }))).toBeUndefined();
  });
});
