import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { Cursor, RecordReader, ScanOptions } from '../../../src/migrations/contract/record-reader.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import { withMentionedRows } from '../../../src/runner/sources/mentioned-rows.js';

const SAILORS: TableDefinition = {
  name: 'sailors',
  role: 'source',
  partitionKey: 'sailor',
  indexes: [],
  mentionedIn: ['voyages', 'debts'],
};
const VOYAGES: TableDefinition = {
  name: 'voyages',
  role: 'source',
  partitionKey: 'sailor',
  sortKey: 'ship',
  indexes: [],
};
const DEBTS: TableDefinition = { ...VOYAGES, name: 'debts', sortKey: 'bar' };
const TABLES = [SAILORS, VOYAGES, DEBTS];

function storeWith(): MemoryStore {
  const store = new MemoryStore(TABLES, { pageSize: 2 });
  store.load('sailors', [{ sailor: { S: 'ahab' }, leg: { S: 'ivory' } }]);
  store.load('voyages', [
    { sailor: { S: 'ahab' }, ship: { S: 'pequod' } },
    { sailor: { S: 'ishmael' }, ship: { S: 'pequod' } },
    { sailor: { S: 'ishmael' }, ship: { S: 'rachel' } },
  ]);
  store.load('debts', [
    { sailor: { S: 'stubb' }, bar: { S: 'spouter' } },
    { sailor: { S: 'ishmael' }, bar: { S: 'spouter' } },
  ]);
  return store;
}

async function scanned(reader: RecordReader, options?: ScanOptions): Promise<StoredItem[]> {
  const rows: StoredItem[] = [];
  for await (const { items } of reader.scan('sailors', options)) rows.push(...items);
  return rows;
}

const named = (rows: readonly StoredItem[]): unknown[] =>
  rows.map(({ sailor }) => sailor && Object.values(sailor)[0]);

describe('a table that is read together with what others mention of it (E-15)', () => {
  it('has its own rows as they stand, and of every other key the key alone, once', async () => {
    expect(await scanned(withMentionedRows(storeWith(), TABLES))).toEqual([
      { sailor: { S: 'ahab' }, leg: { S: 'ivory' } },
      { sailor: { S: 'ishmael' } },
      { sailor: { S: 'stubb' } },
    ]);
  });

  it('falls into segments that have nothing in common and leave nothing out', async () => {
    const store = storeWith();
    const more = Array.from({ length: 40 }, (_, n) => ({
      sailor: { S: `hand-${n}` },
      ship: { S: 'pequod' },
    }));
    store.load('voyages', more);
    const reader = withMentionedRows(store, TABLES);
    const parts = await Promise.all(
      [0, 1, 2].map((index) => scanned(reader, { segment: { index, total: 3 } })),
    );
    expect(parts.every((part) => part.length > 3)).toBe(true);
    expect(named(parts.flat()).sort()).toEqual(named(await scanned(reader)));
    expect(parts.flat()).toHaveLength(43);
  });

  it('goes on behind a row, in another process and although the tables have changed', async () => {
    const store = storeWith();
    const position: Cursor = withMentionedRows(store, TABLES).positionBehind('sailors', {
      sailor: { S: 'ahab' },
    });
    store.load('debts', [{ sailor: { S: 'queequeg' }, bar: { S: 'spouter' } }]);
    const later = withMentionedRows(store, TABLES);
    expect(named(await scanned(later, { from: position }))).toEqual(['ishmael', 'queequeg', 'stubb']);
  });

  it('goes through more keys than a page holds, each page with where the next one starts', async () => {
    const store = storeWith();
    const many = Array.from({ length: 2_100 }, (_, n) => ({
      sailor: { S: `hand-${String(n).padStart(4, '0')}` },
      ship: { S: 'pequod' },
    }));
    store.load('voyages', many);
    const reader = withMentionedRows(store, TABLES);
    const cursors: (Cursor | undefined)[] = [];
    const rows: StoredItem[] = [];
    for await (const { items, next } of reader.scan('sailors')) {
      cursors.push(next);
      rows.push(...items);
    }
    expect(rows).toHaveLength(2_103);
    expect(cursors.map((cursor) => cursor !== undefined)).toEqual([true, true, false]);
    expect(await scanned(reader, { from: cursors[1] ?? {} })).toEqual(rows.slice(2_000));
  });

  it('a scan sees what has changed since the last one', async () => {
    const store = storeWith();
    const reader = withMentionedRows(store, TABLES);
    await scanned(reader);
    store.load('debts', [{ sailor: { S: 'queequeg' }, bar: { S: 'spouter' } }]);
    expect(named(await scanned(reader))).toContain('queequeg');
  });

  it('reads by key what it would give in a scan, and asks for attributes as a table does', async () => {
    const reader = withMentionedRows(storeWith(), TABLES);
    const keys = ['stubb', 'ahab', 'nobody'].map((name) => ({ sailor: { S: name } }));
    expect(await reader.get('sailors', keys)).toEqual([
      { sailor: { S: 'stubb' } },
      { sailor: { S: 'ahab' }, leg: { S: 'ivory' } },
      undefined,
    ]);
    expect(await scanned(reader, { attributes: ['sailor'] })).toContainEqual({ sailor: { S: 'ahab' } });
  });

  it('leaves other tables, and plans without such a table, alone', async () => {
    const store = storeWith();
    const reader = withMentionedRows(store, TABLES);
    const pages: number[] = [];
    for await (const { items } of reader.scan('voyages')) pages.push(items.length);
    expect(pages).toEqual([2, 1]);
    expect(await reader.get('voyages', [{ sailor: { S: 'stubb' }, ship: { S: 'pequod' } }])).toEqual([
      undefined,
    ]);
    expect(withMentionedRows(store, [VOYAGES, DEBTS])).toBe(store);
  });

  it('a failure to read is told, and the next scan tries again', async () => {
    const store = storeWith();
    let broken = true;
    const reader = withMentionedRows(
      {
        get: (table, keys) => store.get(table, keys),
        positionBehind: (table, row) => store.positionBehind(table, row),
        scan: (table, options) => {
          if (broken) throw new Error('the store is down');
          return store.scan(table, options);
        },
      },
      TABLES,
    );
    await expect(scanned(reader)).rejects.toThrow('the store is down');
    broken = false;
    expect(await reader.get('sailors', [{ sailor: { S: 'stubb' } }])).toEqual([{ sailor: { S: 'stubb' } }]);
    expect(await scanned(reader)).toHaveLength(3);
  });
});
