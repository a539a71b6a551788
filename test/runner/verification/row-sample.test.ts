import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { AccessReader } from '../../../src/migrations/contract/access-pattern.js';
import { indexAccess } from '../../../src/migrations/contract/index-access.js';
import { rowKey } from '../../../src/migrations/contract/row-key.js';
import { RowSample } from '../../../src/runner/verification/row-sample.js';

const KEY = rowKey({ name: 't', partitionKey: 'id' });
const ROWS = Array.from({ length: 1_000 }, (_, n): StoredItem => ({
  id: { S: `row-${n}` },
  n: { N: String(n) },
}));

function sampleOf(rows: readonly StoredItem[], seed = '1', size = 50): string[] {
  const sample = new RowSample(KEY, size, seed, () => true);
  for (const row of rows) sample.seen(row);
  return sample.keys().map((key) => KEY.text(key));
}

describe('rows that access patterns are tried with (P-X21)', () => {
  it('are the same in whatever order and how often they are seen', () => {
    const once = sampleOf(ROWS);
    expect(once).toHaveLength(50);
    expect(sampleOf([...ROWS.toReversed(), ...ROWS])).toEqual(once);
  });

  it('are others with another seed, and spread over the whole table', () => {
    const [one, other] = [sampleOf(ROWS), sampleOf(ROWS, '2')];
    expect(one.filter((row) => other.includes(row)).length).toBeLessThan(15);
    const tenths = new Set(one.map((row) => Math.floor(Number(row.slice(4)) / 100)));
    expect(tenths.size).toBeGreaterThan(7);
  });

  it('are all rows of a small table; rows read without their keys, or of others, are none', () => {
    const sample = new RowSample(KEY, 50, '1', (row) => Object.hasOwn(row, 'n'));
    for (const row of [...ROWS.slice(0, 3), { n: { N: '1' } }, { id: { S: 'other' } }]) sample.seen(row);
    expect(sample.keys()).toHaveLength(3);
  });
});

describe('an index in which very many rows have the same key', () => {
  it('is read only so far, and rows further behind are not judged', async () => {
    let read = 0;
    const endless: AccessReader = {
      get: () => Promise.resolve([]),
      async *query() {
        for (;;) {
          await Promise.resolve();
          read += 1;
          yield { id: { S: `other-${read}` }, role: { S: 'user' } };
        }
      },
    };
    const table = { name: 't', role: 'target', partitionKey: 'id', indexes: [] } as const;
    const pattern = indexAccess(table, { name: 'i', partitionKey: 'role' }, 'by role');
    const rows = [{ id: { S: 'a' }, role: { S: 'user' } }];
    expect(await pattern.tried(rows, endless)).toEqual({ tried: 0, faults: [] });
    expect(read).toBe(20_000);
  });
});
