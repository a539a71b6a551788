import type { StoredItem, StoredValue } from '../../src/domain/storage/stored-value.js';
import type { Page, RecordReader, ScanOptions } from '../../src/migrations/contract/record-reader.js';
import type { TableDefinition } from '../../src/migrations/contract/table.js';
import type { RecordSink } from '../../src/runner/ports/record-sink.js';
import type { TableAdmin } from '../../src/runner/ports/table-admin.js';

/** A table with an index and one with a sort key; every store under the contract has both, empty at the start. */
export const CARGO: TableDefinition = {
  name: 'waybill-cargo',
  role: 'target',
  partitionKey: 'id',
  indexes: [{ name: 'portId-index', partitionKey: 'portId', sortKey: 'id' }],
};
export const STOPS: TableDefinition = {
  name: 'waybill-stops',
  role: 'target',
  partitionKey: 'cargoId',
  sortKey: 'number',
  indexes: [],
};

export interface StoreUnderTest {
  readonly reader: RecordReader;
  readonly sink: RecordSink;
  readonly admin: TableAdmin;
  /** rows per page of the reader's scans; small, so that few rows make several pages */
  readonly pageSize: number;
  /** overwrites a row as an application would */
  put(table: string, item: StoredItem): Promise<void>;
  close(): Promise<void>;
}

const stamp = (run: string): StoredItem['_migration'] & object => ({
  M: { source: { S: 'old#1' }, run: { S: run }, digest: { S: 'd' } },
});

const EVERY_TYPE: StoredItem = Object.fromEntries([
  ['id', { S: 'every-type' }],
  ['text', { S: 'a "quoted" \\ line\nwith ünïcode 😀' }],
  ['blank', { S: '' }],
  ['number', { N: '1234567890123456789012345678.0123456789' }],
  ['small', { N: '-0.00000000000000000000000000000000000001' }],
  ['bytes', { B: Uint8Array.from([0, 255, 128, 10]) }],
  ['flag', { BOOL: false }],
  ['nothing', { NULL: true }],
  ['texts', { SS: ['one', 'two'] }],
  ['numbers', { NS: ['1', '2.5'] }],
  ['blobs', { BS: [Uint8Array.from([1]), Uint8Array.from([2, 3])] }],
  ['list', { L: [{ N: '1' }, { M: { deep: { L: [{ S: 'x' }] } } }] }],
  ['map', { M: { "it's": { S: 'odd' }, empty: { M: {} } } }],
  ["o'clock", { S: 'a quote in the name' }],
  ['"double"', { S: 'double quotes in the name' }],
  ['Größe – 大きさ', { S: 'no ASCII in the name' }],
  ['select', { S: 'a reserved word' }],
  ['__proto__', { S: 'no prototype' }],
]);

/** The behaviour that every store of the engine shares. Rows are told apart by id: the tests share the tables. */
export function describeStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the store contract`, () => {
    let store: StoreUnderTest;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    describe('insert', () => insertContract(() => store));
    describe('replace', () => replaceContract(() => store));
    describe('remove', () => removeContract(() => store));
    describe('get', () => getContract(() => store));
    describe('scan', () => scanContract(() => store));
    describe('check', () => checkContract(() => store));
    describe('tables', () => tablesContract(() => store));
  });
}

async function read(store: StoreUnderTest, id: string): Promise<StoredItem | undefined> {
  return (await store.reader.get(CARGO.name, [{ id: { S: id } }]))[0];
}

function insertContract(store: () => StoreUnderTest): void {
  it('gives back every type and odd names exactly as they were written (invariant 5)', async () => {
    const results = await store().sink.insert([{ table: CARGO.name, item: EVERY_TYPE }]);
    expect(results).toEqual([{ kind: 'inserted' }]);
    const found = await read(store(), 'every-type');
    expect(Object.keys(found ?? {}).sort()).toEqual(Object.keys(EVERY_TYPE).sort());
    expect(sorted(found)).toEqual(sorted(EVERY_TYPE));
  });

  it('K-X18: leaves a row that is there as it is and says so', async () => {
    await store().put(CARGO.name, { id: { S: 'taken' }, owner: { S: 'application' } });
    const results = await store().sink.insert([
      { table: CARGO.name, item: { id: { S: 'taken' }, owner: { S: 'engine' } } },
      { table: CARGO.name, item: { id: { S: 'free' }, owner: { S: 'engine' } } },
    ]);
    expect(results).toEqual([{ kind: 'exists' }, { kind: 'inserted' }]);
    expect(await read(store(), 'taken')).toEqual({ id: { S: 'taken' }, owner: { S: 'application' } });
    expect(await read(store(), 'free')).toEqual({ id: { S: 'free' }, owner: { S: 'engine' } });
  });

  it('lets the first of several rows with one key win', async () => {
    const rows = ['first', 'second', 'third'].map((owner) => ({
      table: CARGO.name,
      item: { id: { S: 'contested' }, owner: { S: owner } },
    }));
    expect(await store().sink.insert(rows)).toEqual([
      { kind: 'inserted' },
      { kind: 'exists' },
      { kind: 'exists' },
    ]);
    expect(await read(store(), 'contested')).toEqual({ id: { S: 'contested' }, owner: { S: 'first' } });
  });

  it('tells keys apart whose parts only join to the same text', async () => {
    const rows = [
      { cargoId: { S: 'a' }, number: { S: 'bc' } },
      { cargoId: { S: 'ab' }, number: { S: 'c' } },
    ].map((item) => ({ table: STOPS.name, item }));
    expect(await store().sink.insert(rows)).toEqual([{ kind: 'inserted' }, { kind: 'inserted' }]);
  });

  it('gives results in the order of the rows, over tables and many batches', async () => {
    await store().put(CARGO.name, { id: { S: 'order-70' } });
    const rows = Array.from({ length: 120 }, (_, index) =>
      index % 3 === 0
        ? { table: STOPS.name, item: { cargoId: { S: 'order' }, number: { S: String(index) } } }
        : { table: CARGO.name, item: { id: { S: `order-${index}` } } },
    );
    const results = await store().sink.insert(rows);
    expect(results).toHaveLength(120);
    expect(results.flatMap(({ kind }, index) => (kind === 'inserted' ? [] : [[index, kind]]))).toEqual([
      [70, 'exists'],
    ]);
    expect(await read(store(), 'order-119')).toEqual({ id: { S: 'order-119' } });
  });

  it('rejects a row that no store would take and writes the others', async () => {
    const results = await store().sink.insert([
      { table: CARGO.name, item: { id: { S: 'good-1' } } },
      { table: CARGO.name, item: { id: { S: 'bad' }, portId: { S: '' } } },
      { table: CARGO.name, item: { id: { S: 'good-2' } } },
    ]);
    expect(results.map(({ kind }) => kind)).toEqual(['inserted', 'rejected', 'inserted']);
    expect(results[1]).toMatchObject({ code: 'ITEM_INVALID' });
    expect(await read(store(), 'bad')).toBeUndefined();
    expect(await read(store(), 'good-2')).toBeDefined();
  });

  it('takes no rows as nothing to do', async () => {
    expect(await store().sink.insert([])).toEqual([]);
  });

  it('stores a row whose attribute names are too long for one statement', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `${'n'.repeat(200)}-${index}`);
    const item = { id: { S: 'long-names' }, ...Object.fromEntries(names.map((name) => [name, { N: '1' }])) };
    expect(await store().sink.insert([{ table: CARGO.name, item }])).toEqual([{ kind: 'inserted' }]);
    expect(await store().sink.insert([{ table: CARGO.name, item }])).toEqual([{ kind: 'exists' }]);
    expect(Object.keys((await read(store(), 'long-names')) ?? {})).toHaveLength(61);
  });
}

function replaceContract(store: () => StoreUnderTest): void {
  const image: StoredItem = {
    id: { S: 'replaced' },
    kept: { SS: ['x', 'y'] },
    changed: { N: '1.5' },
    dropped: { S: 'old' },
    _migration: stamp('run-1'),
  };
  const row: StoredItem = {
    id: { S: 'replaced' },
    kept: { SS: ['y', 'x'] },
    changed: { N: '2' },
    added: { BOOL: true },
    _migration: stamp('run-2'),
  };
  const replace = (from: StoredItem = image): Promise<unknown> =>
    store().sink.replace({ table: CARGO.name, item: row }, from);

  it('turns the image into the row: changes, additions and removals', async () => {
    await store().put(CARGO.name, image);
    expect(await replace()).toEqual({ kind: 'replaced' });
    expect(sorted(await read(store(), 'replaced'))).toEqual(sorted(row));
  });

  it('counts its own work as done when it is asked again, as after a lost acknowledgement', async () => {
    await store().put(CARGO.name, image);
    await replace();
    expect(await replace()).toEqual({ kind: 'replaced' });
  });

  it('compares numbers by value and sets without order', async () => {
    await store().put(CARGO.name, image);
    const spelled = { ...image, changed: { N: '15e-1' }, kept: { SS: ['y', 'x'] } };
    expect(await replace(spelled)).toEqual({ kind: 'replaced' });
  });

  it.each([
    ['an attribute that the row changes', { changed: { N: '3' } }],
    ['an attribute that the row keeps', { kept: { SS: ['x', 'y', 'z'] } }],
    ['an attribute that the row drops', { dropped: { S: 'new' } }],
    ['the stamp only', { _migration: stamp('run-other') }],
    ['an attribute’s type only', { dropped: { B: Uint8Array.from([111, 108, 100]) } }],
    ['an attribute that the row would add', { added: { BOOL: true } }],
  ])('invariant 9: writes nothing where somebody changed %s', async (_, difference) => {
    const touched: StoredItem = { ...image, ...difference };
    await store().put(CARGO.name, touched);
    expect(await replace()).toEqual({ kind: 'changed' });
    expect(sorted(await read(store(), 'replaced'))).toEqual(sorted(touched));
  });

  it('writes nothing where somebody removed an attribute', async () => {
    const touched = Object.fromEntries(Object.entries(image).filter(([name]) => name !== 'kept'));
    await store().put(CARGO.name, touched);
    expect(await replace()).toEqual({ kind: 'changed' });
    expect(sorted(await read(store(), 'replaced'))).toEqual(sorted(touched));
  });

  it('creates no row where the row is gone', async () => {
    const gone = { ...row, id: { S: 'gone' } };
    const result = await store().sink.replace(
      { table: CARGO.name, item: gone },
      { ...image, id: { S: 'gone' } },
    );
    expect(result).toEqual({ kind: 'changed' });
    const bare = { table: CARGO.name, item: { id: { S: 'gone' }, added: { S: 'x' } } };
    expect(await store().sink.replace(bare, { id: { S: 'gone' } })).toEqual({ kind: 'changed' });
    expect(await read(store(), 'gone')).toBeUndefined();
  });

  it('invariant 4: keeps an attribute that somebody added under a name that neither has', async () => {
    await store().put(CARGO.name, { ...image, foreign: { S: 'kept' } });
    expect(await replace()).toEqual({ kind: 'replaced' });
    expect(sorted(await read(store(), 'replaced'))).toEqual(sorted({ ...row, foreign: { S: 'kept' } }));
  });

  it('compares attributes with odd names and nested values', async () => {
    const odd: StoredItem = { ...EVERY_TYPE, id: { S: 'odd-image' } };
    await store().put(CARGO.name, odd);
    const changed: StoredItem = { ...odd, text: { S: 'new' } };
    expect(await store().sink.replace({ table: CARGO.name, item: changed }, odd)).toEqual({
      kind: 'replaced',
    });
    expect(sorted(await read(store(), 'odd-image'))).toEqual(sorted(changed));
  });

  it('rejects a row that no store would take', async () => {
    await store().put(CARGO.name, image);
    const result = await store().sink.replace(
      { table: CARGO.name, item: { ...row, changed: { N: 'NaN' } } },
      image,
    );
    expect(result).toMatchObject({ kind: 'rejected', code: 'ITEM_INVALID' });
    expect(sorted(await read(store(), 'replaced'))).toEqual(sorted(image));
  });

  it('refuses to replace the image of another key', async () => {
    await expect(replace({ ...image, id: { S: 'another' } })).rejects.toThrow(TypeError);
  });
}

function removeContract(store: () => StoreUnderTest): void {
  const image: StoredItem = {
    id: { S: 'removed' },
    size: { N: '1.5' },
    ports: { SS: ['x', 'y'] },
    note: { S: 'old' },
    _migration: stamp('run-1'),
  };
  const remove = (row: StoredItem = image): Promise<unknown> => store().sink.remove(CARGO.name, row);

  it('removes the row that is the image, and no other', async () => {
    await store().put(CARGO.name, image);
    await store().put(CARGO.name, { ...image, id: { S: 'neighbour' } });
    expect(await remove()).toEqual({ kind: 'removed' });
    expect(await read(store(), 'removed')).toBeUndefined();
    expect(sorted(await read(store(), 'neighbour'))).toEqual(sorted({ ...image, id: { S: 'neighbour' } }));
  });

  it('removes the row with this partition and sort key', async () => {
    const keys = ['1', '2'].map((number) => ({ cargoId: { S: 'both' }, number: { S: number } }));
    const [first, second] = keys.map((key): StoredItem => ({ ...key, port: { S: 'Bergen' } }));
    for (const row of [first, second]) await store().put(STOPS.name, row as StoredItem);
    expect(await store().sink.remove(STOPS.name, first as StoredItem)).toEqual({ kind: 'removed' });
    expect(await store().reader.get(STOPS.name, keys)).toEqual([undefined, second]);
  });

  it('compares numbers by value and sets without order', async () => {
    await store().put(CARGO.name, image);
    expect(await remove({ ...image, size: { N: '15e-1' }, ports: { SS: ['y', 'x'] } })).toEqual({
      kind: 'removed',
    });
  });

  it.each([
    ['changed an attribute', { size: { N: '3' } }],
    ['changed a set', { ports: { SS: ['x', 'y', 'z'] } }],
    ['changed the stamp only', { _migration: stamp('run-other') }],
    ['changed the type of an attribute only', { note: { B: Uint8Array.from([111, 108, 100]) } }],
    ['added an attribute under another name', { added: { BOOL: true } }],
  ])('invariant 9: leaves the row whole where somebody %s', async (_, difference) => {
    const touched: StoredItem = { ...image, ...difference };
    await store().put(CARGO.name, touched);
    expect(await remove()).toEqual({ kind: 'changed' });
    expect(sorted(await read(store(), 'removed'))).toEqual(sorted(touched));
  });

  it('invariant 9: leaves the row whole where somebody took an attribute away', async () => {
    const touched = Object.fromEntries(Object.entries(image).filter(([name]) => name !== 'note'));
    await store().put(CARGO.name, touched);
    expect(await remove()).toEqual({ kind: 'changed' });
    expect(sorted(await read(store(), 'removed'))).toEqual(sorted(touched));
  });

  it('says that nothing was removed where the row is gone, also a second time', async () => {
    await store().put(CARGO.name, image);
    await remove();
    expect(await remove()).toEqual({ kind: 'changed' });
    expect(await remove({ ...image, id: { S: 'never-there' } })).toEqual({ kind: 'changed' });
    expect(await read(store(), 'removed')).toBeUndefined();
  });

  it('removes rows of every type and with odd names', async () => {
    const odd: StoredItem = { ...EVERY_TYPE, id: { S: 'odd-removed' } };
    await store().put(CARGO.name, odd);
    expect(await remove(odd)).toEqual({ kind: 'removed' });
    expect(await read(store(), 'odd-removed')).toBeUndefined();
  });

  it('invariant 9: leaves a row alone that has more attributes than a condition can guard', async () => {
    const wide = (count: number): StoredItem => ({
      id: { S: `wide-${count}` },
      ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`attribute-${index}`, { N: '1' }])),
    });
    await store().put(CARGO.name, wide(149));
    await store().put(CARGO.name, wide(150));
    expect(await remove(wide(149))).toEqual({ kind: 'removed' });
    expect(await remove(wide(150))).toEqual({
      kind: 'unguardable',
      detail: expect.stringContaining('more attributes'),
    });
    expect(Object.keys((await read(store(), 'wide-150')) ?? {})).toHaveLength(151);
  });
}

function getContract(store: () => StoreUnderTest): void {
  it('gives rows in the order of the keys, repeated and absent ones included, beyond a hundred', async () => {
    const rows = Array.from({ length: 130 }, (_, index) => ({
      table: CARGO.name,
      item: { id: { S: `get-${index}` }, number: { N: String(index) } },
    }));
    await store().sink.insert(rows);
    const numbers = [129, 3, 500, 3, ...Array.from({ length: 120 }, (_, index) => index)];
    const found = await store().reader.get(
      CARGO.name,
      numbers.map((number) => ({ id: { S: `get-${number}` } })),
    );
    expect(found.map((item) => item?.['number'])).toEqual(
      numbers.map((number) => (number === 500 ? undefined : { N: String(number) })),
    );
  });

  it('finds rows by partition and sort key', async () => {
    const item = { cargoId: { S: 'get' }, number: { S: '2' }, port: { S: 'Hamburg' } };
    await store().sink.insert([{ table: STOPS.name, item }]);
    const keys = ['1', '2'].map((number) => ({ cargoId: { S: 'get' }, number: { S: number } }));
    expect(await store().reader.get(STOPS.name, keys)).toEqual([undefined, item]);
  });

  it('takes a key that no row can have as absent and still finds the others', async () => {
    await store().sink.insert([{ table: CARGO.name, item: { id: { S: 'beside' } } }]);
    const keys = ['', 'beside', 'k'.repeat(2049)].map((id) => ({ id: { S: id } }));
    expect(await store().reader.get(CARGO.name, keys)).toEqual([
      undefined,
      { id: { S: 'beside' } },
      undefined,
    ]);
  });

  it('gives nothing for no keys', async () => {
    expect(await store().reader.get(CARGO.name, [])).toEqual([]);
  });

  it('names the table that is missing', async () => {
    await expect(store().reader.get('no-such-table', [{ id: { S: 'x' } }])).rejects.toMatchObject({
      code: 'TABLE_MISSING',
      exit: 3,
      message: expect.stringContaining('no-such-table'),
    });
  });
}

function scanContract(store: () => StoreUnderTest): void {
  const IDS = Array.from({ length: 47 }, (_, index) => `scan-${String(index).padStart(2, '0')}`);
  const pages = async (options?: ScanOptions): Promise<Page[]> => {
    const all: Page[] = [];
    for await (const page of store().reader.scan(STOPS.name, options)) all.push(page);
    return all;
  };
  const idsOf = (found: readonly Page[]): string[] =>
    found
      .flatMap((page) => page.items.map((item) => (item['cargoId'] as { S: string }).S))
      .filter((id) => id.startsWith('scan-'))
      .sort();

  beforeAll(async () => {
    await store().sink.insert(
      IDS.map((id) => ({
        table: STOPS.name,
        item: { cargoId: { S: id }, number: { S: '1' }, size: { N: '7' }, name: { S: 'n' } },
      })),
    );
  });

  it('K-X20: finds every row once, in pages of limited size', async () => {
    const found = await pages();
    expect(idsOf(found)).toEqual(IDS);
    expect(found.length).toBeGreaterThan(47 / store().pageSize);
    expect(Math.max(...found.map((page) => page.items.length))).toBeLessThanOrEqual(store().pageSize);
    expect(found.map((page) => page.next !== undefined)).toEqual(
      found.map((_, index) => index < found.length - 1),
    );
  });

  it('goes on behind every cursor with exactly the rows that are left', async () => {
    const found = await pages();
    for (let cut = 1; cut < found.length; cut += 1) {
      const cursor = JSON.parse(JSON.stringify(found[cut - 1]?.next)) as StoredItem;
      expect(idsOf(await pages({ from: cursor }))).toEqual(idsOf(found.slice(cut)));
    }
  });

  it('goes on behind any row with exactly the rows that are left, also once that row is gone', async () => {
    const rows = (await pages()).flatMap((page) => page.items);
    for (const id of ['scan-00', 'scan-20', 'scan-46']) {
      const cut = rows.findIndex((row) => (row['cargoId'] as { S: string }).S === id);
      const row = rows[cut] as StoredItem;
      const position = store().reader.positionBehind(STOPS.name, row);
      const cursor = JSON.parse(JSON.stringify(position)) as StoredItem;
      const left = idsOf([{ items: rows.slice(cut + 1) }]);
      expect(idsOf(await pages({ from: cursor }))).toEqual(left);
      await store().sink.remove(STOPS.name, row);
      expect(idsOf(await pages({ from: cursor }))).toEqual(left);
      await store().put(STOPS.name, row);
    }
  });

  it('goes on behind a row within its segment', async () => {
    const segment = { index: 1, total: 3 };
    const rows = (await pages({ segment })).flatMap((page) => page.items);
    const from = store().reader.positionBehind(STOPS.name, rows[2] as StoredItem);
    expect(idsOf(await pages({ segment, from }))).toEqual(idsOf([{ items: rows.slice(3) }]));
  });

  it('parts the table into disjoint segments that hold all of it', async () => {
    const parts = await Promise.all([0, 1, 2, 3].map((index) => pages({ segment: { index, total: 4 } })));
    expect(idsOf(parts.flat())).toEqual(IDS);
    expect(parts.filter((part) => idsOf(part).length > 0).length).toBeGreaterThan(1);
  });

  it('gives only the attributes asked for, reserved words included', async () => {
    const found = await pages({ attributes: ['cargoId', 'size', 'name', 'size', 'absent'] });
    const item = found
      .flatMap((page) => page.items)
      .find((row) => (row['cargoId'] as { S: string }).S === 'scan-01');
    expect(item).toEqual({ cargoId: { S: 'scan-01' }, size: { N: '7' }, name: { S: 'n' } });
  });

  it('leaves out rows whose complete stamp names a record of a table that is not asked for, and no others', async () => {
    const stamp = (source: string): StoredItem => ({
      source: { S: source },
      run: { S: 'r' },
      digest: { S: 'd' },
    });
    const undated = { source: { S: 'legacy-b#5' }, digest: { S: 'd' } };
    const rows = Object.entries<StoredValue>({
      'scan-other-1': { M: stamp('legacy-b#1') },
      'scan-other-2': { M: stamp('legacy-d#2') },
      'scan-own': { M: stamp('legacy-a#1') },
      'scan-likeness': { M: stamp('legacy-bb#1') },
      'scan-no-run': { M: undated },
      'scan-odd-digest': { M: { ...stamp('legacy-b#6'), digest: { N: '1' } } },
      'scan-odd-source': { M: { ...stamp('x'), source: { L: [{ S: 'legacy-b#7' }] } } },
      'scan-text': { S: 'legacy-b#8' },
    }).map(([id, mark]) => ({ cargoId: { S: id }, number: { S: '1' }, _migration: mark }));
    for (const row of rows) await store().put(STOPS.name, row);
    const exceptStampsOf = ['legacy-b', 'legacy-d'];

    const whole = await pages({ exceptStampsOf });
    const parts = await Promise.all(
      [0, 1, 2].map((index) =>
        pages({ exceptStampsOf, segment: { index, total: 3 }, attributes: ['cargoId'] }),
      ),
    );
    for (const row of rows) await store().sink.remove(STOPS.name, row);

    const kept = rows.slice(2).map((row) => row.cargoId.S);
    expect(idsOf(whole)).toEqual([...IDS, ...kept].sort());
    expect(idsOf(parts.flat())).toEqual(idsOf(whole));
    expect(idsOf(await pages())).toEqual(IDS);
  });

  it('ends with the signal’s reason when it is aborted', async () => {
    const abort = new AbortController();
    const scan = store().reader.scan(STOPS.name, { signal: abort.signal })[Symbol.asyncIterator]();
    await scan.next();
    abort.abort(new Error('stopped by the operator'));
    await expect(scan.next()).rejects.toThrow('stopped by the operator');
  });

  it('names the table that is missing', async () => {
    const scan = store().reader.scan('no-such-table')[Symbol.asyncIterator]();
    await expect(scan.next()).rejects.toMatchObject({ code: 'TABLE_MISSING' });
  });
}

function checkContract(store: () => StoreUnderTest): void {
  it('finds no fault in a good row and names the field of a bad one', () => {
    expect(store().sink.check({ table: CARGO.name, item: EVERY_TYPE })).toBeUndefined();
    const bad = { id: { S: 'x' }, portId: { N: '1' } };
    expect(store().sink.check({ table: CARGO.name, item: bad })).toMatchObject({
      reason: 'ITEM_INVALID',
      field: 'portId',
    });
  });
}

function tablesContract(store: () => StoreUnderTest): void {
  it('K-10: describes a table with its keys and indexes, all ACTIVE', async () => {
    const found = { ...(await store().admin.describe(CARGO.name)) };
    // an estimate, which some stores don't give
    delete found.itemCount;
    expect(found).toEqual({
      name: 'waybill-cargo',
      physicalName: store().admin.physicalName(CARGO.name),
      status: 'ACTIVE',
      keyTypes: new Map([
        ['id', 'S'],
        ['portId', 'S'],
      ]),
      partitionKey: 'id',
      indexes: [
        { name: 'portId-index', partitionKey: 'portId', sortKey: 'id', status: 'ACTIVE', projection: 'ALL' },
      ],
    });
  });

  it('knows a missing table from an empty one', async () => {
    expect(await store().admin.describe('no-such-table')).toBeUndefined();
    expect((await store().admin.describe(STOPS.name))?.sortKey).toBe('number');
  });

  it('leaves a table that is there as it is when it is to be created', async () => {
    await store().sink.insert([{ table: CARGO.name, item: { id: { S: 'survives' } } }]);
    await store().admin.create(CARGO);
    expect(await read(store(), 'survives')).toEqual({ id: { S: 'survives' } });
  });
}

/** Sets have no order: sorted for comparison. Entries as pairs, so that no name is special. */
function sorted(item: StoredItem | undefined): unknown {
  return Object.entries(item ?? {})
    .map(([name, value]) => [
      name,
      'SS' in value
        ? { SS: value.SS.toSorted() }
        : 'NS' in value
          ? { NS: value.NS.toSorted() }
          : plainBytes(value),
    ])
    .sort(([left], [right]) => ((left as string) < (right as string) ? -1 : 1));
}

/** A Buffer and a Uint8Array with the same bytes are the same value. */
function plainBytes(value: StoredItem[string]): unknown {
  if ('B' in value) return { B: [...value.B] };
  if ('BS' in value)
    return { BS: value.BS.map((bytes) => [...bytes]).sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)) };
  return value;
}
