import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { CARGO } from '../../support/store-contract.js';

const item = (id: string, extra: StoredItem = {}): StoredItem => ({ id: { S: id }, ...extra });

describe('the store in memory', () => {
  it('keeps its own copies and freezes what it gives back', async () => {
    const store = new MemoryStore([CARGO]);
    const bytes = Uint8Array.of(1);
    const mine = { id: { S: 'a' }, list: { L: [{ S: 'x' }] }, bytes: { B: bytes } };
    await store.insert([{ table: CARGO.name, item: mine }]);
    mine.list.L.push({ S: 'y' });
    bytes[0] = 9;
    const [found] = await store.get(CARGO.name, [{ id: { S: 'a' } }]);
    expect(found).toEqual({ id: { S: 'a' }, list: { L: [{ S: 'x' }] }, bytes: { B: Uint8Array.of(1) } });
    expect(() => ((found as { list: { L: unknown[] } }).list.L = [])).toThrow(TypeError);
    expect(() => (found as { list: { L: unknown[] } }).list.L.push(1)).toThrow(TypeError);
    expect(() => ((found as Record<string, unknown>)['id'] = 1)).toThrow(TypeError);
  });

  it('gives numbers back as a store does, without superfluous zeros', async () => {
    const store = new MemoryStore([CARGO]);
    await store.insert([{ table: CARGO.name, item: item('a', { n: { N: '01.50' }, s: { NS: ['1e1'] } }) }]);
    expect(store.rows(CARGO.name)).toEqual([item('a', { n: { N: '1.5' }, s: { NS: ['10'] } })]);
  });

  it('lists rows in the order of their keys', () => {
    const store = new MemoryStore([CARGO]);
    store.load(
      CARGO.name,
      ['c', 'a', 'b'].map((id) => item(id)),
    );
    expect(store.rows(CARGO.name)).toEqual([item('a'), item('b'), item('c')]);
  });

  it('removes rows, and goes on behind a cursor whose row is gone', async () => {
    const store = new MemoryStore([CARGO], { pageSize: 2 });
    store.load(
      CARGO.name,
      ['a', 'b', 'c', 'd', 'e'].map((id) => item(id)),
    );
    const scan = store.scan(CARGO.name);
    const first = (await scan.next()).value as { items: StoredItem[]; next: StoredItem };
    expect(store.erase(CARGO.name, first.next)).toBe(true);
    expect(store.erase(CARGO.name, first.next)).toBe(false);
    const rest: StoredItem[] = [];
    for await (const page of store.scan(CARGO.name, { from: first.next })) rest.push(...page.items);
    expect([...first.items, ...rest].map((row) => (row['id'] as { S: string }).S).sort()).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  it('ends with an empty page where the rows fill the last one, as DynamoDB does', async () => {
    const store = new MemoryStore([CARGO], { pageSize: 2 });
    store.load(CARGO.name, [item('a'), item('b')]);
    const sizes: number[] = [];
    for await (const page of store.scan(CARGO.name)) sizes.push(page.items.length);
    expect(sizes).toEqual([2, 0]);
  });

  it('refuses fixtures that no store would take', () => {
    const store = new MemoryStore([CARGO]);
    expect(() => store.load(CARGO.name, [item('')])).toThrow('id: partition key is blank');
  });

  it('creates tables that are missing', async () => {
    const store = new MemoryStore();
    expect(() => store.rows(CARGO.name)).toThrow(expect.objectContaining({ code: 'TABLE_MISSING' }));
    await store.create(CARGO);
    expect(store.rows(CARGO.name)).toEqual([]);
  });
});
