import fc from 'fast-check';

import { RestoreError } from '../../src/domain/errors.js';
import type { KpiDataRepository } from '../../src/domain/kpi/kpi-data.repository.js';
import type { KpiLinkRepository } from '../../src/domain/kpi/kpi-link.repository.js';
import type { KpiRepository } from '../../src/domain/kpi/kpi.repository.js';
import type { PersonRepository } from '../../src/domain/person/person.repository.js';
import type { AggregateMapper, Stored } from '../../src/domain/storage/stored.js';
import type { StoredItem, StoredValue } from '../../src/domain/storage/stored-value.js';
import { KpiDataMapper } from '../../src/infrastructure/persistence/kpi/kpi-data.mapper.js';
import { KpiLinkMapper } from '../../src/infrastructure/persistence/kpi/kpi-link.mapper.js';
import { KpiMapper } from '../../src/infrastructure/persistence/kpi/kpi.mapper.js';
import { PersonMapper } from '../../src/infrastructure/persistence/kpi/person.mapper.js';
import { without } from './mothers/legacy.mother.js';
import { aKpiDataRow, aKpiLinkRow, aKpiRow, aPersonRow } from './mothers/rows.mother.js';

/** The repositories on one store, whose tables are empty at the start. */
export interface RepositoriesUnderTest {
  readonly links: KpiLinkRepository;
  readonly data: KpiDataRepository;
  readonly kpis: KpiRepository;
  readonly people: PersonRepository;
  /** rows per page; small, so that few rows make several pages */
  readonly pageSize: number;
  /** pages that scans have fetched so far */
  scannedPages(): number;
  /** writes a row as an application would, past the repositories */
  put(table: string, item: StoredItem): Promise<void>;
  /** the row as it is stored, past the repositories */
  row(table: string, id: string): Promise<StoredItem | undefined>;
  /** removes all rows */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** An aggregate, as far as the contract looks at it. */
interface Aggregate {
  readonly id: string;
  state(): object;
}

/** What the four repositories have in common. */
interface Subject {
  readonly table: string;
  readonly mapper: AggregateMapper<Aggregate>;
  readonly row: (changes?: StoredItem) => StoredItem;
  /** a field whose absence makes a row structurally broken; it is no key of the index */
  readonly required: string;
  readonly repository: (all: RepositoriesUnderTest) => {
    findById(id: string): Promise<Stored<Aggregate> | undefined>;
    all(): AsyncIterable<Stored<Aggregate>>;
  };
}

interface WritableSubject extends Subject {
  readonly insert: (all: RepositoriesUnderTest, stored: Stored<never>) => Promise<'inserted' | 'exists'>;
  /** the attribute that the finder finds by */
  readonly key: string;
  readonly find: (all: RepositoriesUnderTest, key: string) => Promise<readonly Stored<Aggregate>[]>;
}

const LINKS: WritableSubject = {
  table: 'purposepath-kpi-links',
  mapper: new KpiLinkMapper(),
  row: aKpiLinkRow,
  required: 'personId',
  repository: (all) => all.links,
  insert: (all, stored) => all.links.insertIfAbsent(stored),
  key: 'kpiId',
  find: (all, key) => all.links.findByKpi(key),
};
const DATA: WritableSubject = {
  table: 'purposepath-kpi-data',
  mapper: new KpiDataMapper(),
  row: aKpiDataRow,
  required: 'postValue',
  repository: (all) => all.data,
  insert: (all, stored) => all.data.insertIfAbsent(stored),
  key: 'kpiLinkId',
  find: (all, key) => all.data.findByLink(key),
};
const PEOPLE: WritableSubject = {
  table: 'purposepath-people',
  mapper: new PersonMapper(),
  row: aPersonRow,
  required: 'tenantId',
  repository: (all) => all.people,
  insert: (all, stored) => all.people.insertIfAbsent(stored),
  key: 'linkedUserId',
  find: (all, key) => all.people.findByLinkedUser(key),
};
const KPIS: Subject = {
  table: 'purposepath-kpis',
  mapper: new KpiMapper(),
  row: aKpiRow,
  required: 'tenantId',
  repository: (all) => all.kpis,
};

const DIGITS = '1234567890.1234567890123456789012345678';

/** Attributes of an application that nobody here knows: every type, and names that mean something to JavaScript. */
const UNKNOWN: StoredItem = Object.fromEntries<StoredValue>([
  ['Size', { N: DIGITS }],
  ['tiny', { N: '-0.00000000000000000000000000000000000001' }],
  ['blank', { S: '' }],
  ['bytes', { B: Uint8Array.from([0, 255, 128, 10]) }],
  ['noBytes', { B: new Uint8Array() }],
  ['flag', { BOOL: false }],
  ['nothing', { NULL: true }],
  ['texts', { SS: ['one', 'two', ''] }],
  ['numbers', { NS: ['1', DIGITS, '-2.5'] }],
  ['blobs', { BS: [Uint8Array.from([1]), Uint8Array.from([2, 3])] }],
  ['emptyList', { L: [] }],
  [
    'list',
    { L: [{ N: DIGITS }, { NULL: true }, { L: [{ SS: ['deep'] }] }, { M: { constructor: { S: 'x' } } }] },
  ],
  ['map', { M: { empty: { M: {} }, value: { N: '1' }, constructor: { M: { name: { S: 'Set' } } } } }],
  ['select', { S: 'a reserved word' }],
  ['constructor', { N: '7' }],
  ['toString', { L: [{ BOOL: true }] }],
]);

/** The one name that objects treat apart, on its own on every level. */
const PROTOTYPES: readonly [string, StoredItem][] = [
  ['of the row', Object.fromEntries<StoredValue>([['__proto__', { M: { a: { N: DIGITS } } }]])],
  ['of a map', { map: { M: Object.fromEntries<StoredValue>([['__proto__', { S: 'x' }]]) } }],
  ['of a map in a list', { list: { L: [{ M: Object.fromEntries([['__proto__', { NULL: true }]]) }] } }],
];

const ENVELOPE: StoredItem = {
  legacyAttributes: { M: UNKNOWN },
  _migration: { M: { source: { S: 'legacy#{D2…}' }, run: { S: 'run-1' }, digest: { S: 'ab12' } } },
};

/** The behaviour that all stores of the new model's repositories share (D-03). */
export function describeRepositoryContract(name: string, open: () => Promise<RepositoriesUnderTest>): void {
  describe(`D-03: repositories ${name}`, () => {
    let all: RepositoriesUnderTest;
    beforeAll(async () => {
      all = await open();
    });
    afterEach(() => all.clear());
    afterAll(() => all.close());

    for (const subject of [LINKS, DATA, PEOPLE, KPIS]) {
      describe(`of ${subject.table}`, () => readContract(subject, () => all));
    }
    for (const subject of [LINKS, DATA, PEOPLE]) {
      describe(`of ${subject.table}, inserting`, () => insertContract(subject, () => all));
      describe(`of ${subject.table}, by ${subject.key}`, () => indexContract(subject, () => all));
    }
    test('K-X10: the persons of a user come from all tenants', async () => {
      await all.put('purposepath-people', aPersonRow({ id: { S: 'a' }, tenantId: { S: 'one' } }));
      await all.put('purposepath-people', aPersonRow({ id: { S: 'b' }, tenantId: { S: 'two' } }));
      const found = await all.people.findByLinkedUser('a5000000-0000-4000-8000-000000000001');
      expect(found.map(({ aggregate }) => aggregate.state().tenantId).sort()).toEqual(['one', 'two']);
    });
    test('data of a link without a date are in no index and are found broken by id', async () => {
      await all.put(DATA.table, without(aKpiDataRow({ id: { S: 'a' } }), 'postDate'));
      await expect(all.data.findByLink('11000000-0000-4000-8000-000000000001')).resolves.toEqual([]);
      await expect(all.data.findById('a')).rejects.toMatchObject({ name: 'RestoreError', field: 'postDate' });
    });
  });
}

function readContract(
  { table, mapper, row, required, repository }: Subject,
  all: () => RepositoriesUnderTest,
): void {
  const found = async (id: string): Promise<StoredItem> => {
    const stored = await repository(all()).findById(id);
    expect(stored?.aggregate.id).toBe(id);
    return mapper.toItem(stored!);
  };

  test('gives a row back with all that is in it', async () => {
    const item = { ...row({ id: { S: 'a' } }), ...UNKNOWN, ...ENVELOPE };
    await all().put(table, item);
    expect(plain(await found('a'))).toEqual(plain(item));
    const { envelope } = (await repository(all()).findById('a'))!;
    expect(plain(envelope.otherAttributes!)).toEqual(plain(UNKNOWN));
    expect(plain(envelope.legacyAttributes!)).toEqual(plain(UNKNOWN));
    expect(envelope.stamp).toEqual({ source: 'legacy#{D2…}', run: 'run-1', digest: 'ab12' });
  });

  test.each(PROTOTYPES)('gives back an attribute __proto__ %s', async (_where, unknown) => {
    const item = { ...row({ id: { S: 'a' } }), ...unknown };
    await all().put(table, item);
    expect(plain(await found('a'))).toEqual(plain(item));
    const streamed = await collect(repository(all()).all());
    expect(streamed.map((one) => plain(mapper.toItem(one)))).toEqual([plain(item)]);
  });

  test('gives undefined for an id that no row has, and for one that none can have', async () => {
    await all().put(table, row({ id: { S: 'a' } }));
    for (const id of ['A', 'a ', '', 'x'.repeat(3000)]) {
      await expect(repository(all()).findById(id)).resolves.toBeUndefined();
    }
  });

  test('throws RestoreError with the field for a row that is structurally broken', async () => {
    await all().put(table, without(row({ id: { S: 'a' } }), required));
    const error = { name: 'RestoreError', field: required };
    await expect(repository(all()).findById('a')).rejects.toBeInstanceOf(RestoreError);
    await expect(repository(all()).findById('a')).rejects.toMatchObject(error);
    await expect(collect(repository(all()).all())).rejects.toMatchObject(error);
  });

  test('streams all rows, each once, page by page as they are asked for', async () => {
    const ids = await putMany(all(), { table, row }, 3 * all().pageSize + 1);
    const before = all().scannedPages();
    for await (const { aggregate } of repository(all()).all()) {
      expect(ids).toContain(aggregate.id);
      break;
    }
    expect(all().scannedPages() - before).toBe(1);
    expect(idsOf(await collect(repository(all()).all()))).toEqual(ids);
    expect(all().scannedPages() - before).toBe(5);
  });

  test('streams nothing from an empty table', async () => {
    await expect(collect(repository(all()).all())).resolves.toEqual([]);
  });
}

function insertContract(
  { table, mapper, row, insert }: WritableSubject,
  all: () => RepositoriesUnderTest,
): void {
  const put = (item: StoredItem): Promise<'inserted' | 'exists'> =>
    insert(all(), mapper.fromItem(item) as never);

  test('stores all that an aggregate and its envelope hold', async () => {
    const item = { ...row({ id: { S: 'a' } }), ...UNKNOWN, ...ENVELOPE };
    await expect(put(item)).resolves.toBe('inserted');
    expect(plain((await all().row(table, 'a'))!)).toEqual(plain(item));
  });

  test.each(PROTOTYPES)('stores an attribute __proto__ %s', async (_where, unknown) => {
    const item = { ...row({ id: { S: 'a' } }), ...unknown };
    await expect(put(item)).resolves.toBe('inserted');
    expect(plain((await all().row(table, 'a'))!)).toEqual(plain(item));
    await expect(put(item)).resolves.toBe('exists');
  });

  test('stores and gives back whatever a store can hold', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(anyAttributes(), async (unknown) => {
        const id = `any-${(count += 1)}`;
        const item = { ...row({ id: { S: id } }), ...unknown };
        await put(item);
        expect(plain((await all().row(table, id))!)).toEqual(plain(item));
      }),
      { numRuns: 40 },
    );
  });

  test('invariant 4: leaves a row alone that it inserted before, and says that it is there', async () => {
    const first = row({ id: { S: 'a' }, note: { S: 'first' } });
    await expect(put(first)).resolves.toBe('inserted');
    await expect(put(row({ id: { S: 'a' }, note: { S: 'second' } }))).resolves.toBe('exists');
    await expect(put(first)).resolves.toBe('exists');
    expect(plain((await all().row(table, 'a'))!)).toEqual(plain(first));
  });

  test('invariant 4: leaves a row of somebody else alone, also one that is no aggregate', async () => {
    const foreign: StoredItem = { id: { S: 'a' }, what: { S: 'no such aggregate' } };
    await all().put(table, foreign);
    await expect(put(row({ id: { S: 'a' } }))).resolves.toBe('exists');
    expect(await all().row(table, 'a')).toEqual(foreign);
  });

  test.each<[string, StoredItem, string]>([
    ['an empty set', { odd: { SS: [] } }, 'odd'],
    ['more than 400 KB', { odd: { S: 'secret '.repeat(60_000) } }, 'row'],
    ['an attribute without a name', { odd: { M: { '': { S: 'secret' } } } }, 'odd'],
  ])('refuses a row with %s and says no value of it', async (_what, odd, field) => {
    const error = (await put({ ...row({ id: { S: 'a' } }), ...odd }).catch(
      (thrown: unknown) => thrown,
    )) as Error;
    expect(error).toMatchObject({ name: 'StoreError', code: 'STORE_FAILED' });
    expect(error.message).toMatch(new RegExp(`${table}.*${field}`));
    expect(error.message).not.toContain('secret');
    await expect(all().row(table, 'a')).resolves.toBeUndefined();
  });
}

function indexContract(subject: WritableSubject, all: () => RepositoriesUnderTest): void {
  const { table, mapper, row, key, find, required } = subject;

  test('finds all rows of the key over several pages, whatever their order, and no others', async () => {
    const ids = await putMany(
      all(),
      { table, row: (changes) => row({ ...changes, [key]: { S: 'mine' } }) },
      3 * all().pageSize + 1,
    );
    await all().put(table, row({ id: { S: 'other' }, [key]: { S: 'Mine' } }));
    expect(idsOf(await find(all(), 'mine'))).toEqual(ids);
    expect(idsOf(await find(all(), 'Mine'))).toEqual(['other']);
  });

  test('finds nothing for a key that no row has, or can have', async () => {
    await all().put(table, row({ id: { S: 'a' } }));
    for (const none of ['nobody', '', 'x'.repeat(3000)]) {
      await expect(find(all(), none)).resolves.toEqual([]);
    }
  });

  test("gives the application's own rows back with all that is in them", async () => {
    const items = [UNKNOWN, ...PROTOTYPES.map(([, unknown]) => unknown)].map((unknown, index) => ({
      ...row({ id: { S: `Row ${index}` }, [key]: { S: 'no GUID' } }),
      ...unknown,
    }));
    for (const item of items) await all().put(table, item);
    const found = await find(all(), 'no GUID');
    expect(found.map(mapper.toItem, mapper).map(plain).sort(byText)).toEqual(items.map(plain).sort(byText));
  });

  test('throws RestoreError with the field where one of the rows is structurally broken', async () => {
    await all().put(table, row({ id: { S: 'a' }, [key]: { S: 'mine' } }));
    await all().put(table, without(row({ id: { S: 'b' }, [key]: { S: 'mine' } }), required));
    await expect(find(all(), 'mine')).rejects.toMatchObject({ name: 'RestoreError', field: required });
  });
}

async function putMany(
  all: RepositoriesUnderTest,
  { table, row }: Pick<Subject, 'table' | 'row'>,
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `row-${String(index).padStart(3, '0')}`);
  // neither rising nor falling, so that no order of insertion passes for an order of keys
  for (const id of [...ids.slice(count / 2), ...ids.slice(0, count / 2)])
    await all.put(table, row({ id: { S: id } }));
  return ids;
}

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function idsOf(found: readonly Stored<Aggregate>[]): string[] {
  return found.map(({ aggregate }) => aggregate.id).sort();
}

/** A row as nested lists in one order, so that names like `__proto__` are compared, too, and the order of sets is not. */
function plain(item: StoredItem): unknown[] {
  const names = Object.keys(item).sort();
  return names.map((name) => [name, plainValue(item[name] as StoredValue)]);
}

function plainValue(value: StoredValue): unknown[] {
  if ('M' in value) return ['M', plain(value.M)];
  if ('L' in value) return ['L', value.L.map(plainValue)];
  if ('B' in value) return ['B', Buffer.from(value.B).toString('hex')];
  if ('SS' in value) return ['SS', [...value.SS].sort()];
  if ('NS' in value) return ['NS', [...value.NS].sort()];
  if ('BS' in value) return ['BS', value.BS.map((bytes) => Buffer.from(bytes).toString('hex')).sort()];
  return Object.entries(value);
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

/** Attributes of any type under any name that no aggregate and no alias of the tests uses. */
function anyAttributes(): fc.Arbitrary<StoredItem> {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 });
  const nested = fc.oneof(
    text.filter((name) => name !== ''),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'N', 'S'),
  );
  const number = fc
    .tuple(fc.bigInt({ min: -(10n ** 37n - 1n), max: 10n ** 37n - 1n }), fc.constantFrom('', '.5', '.1'))
    .map(([whole, fraction]) => `${whole}${fraction}`);
  const bytes = fc.uint8Array({ maxLength: 6 });
  const { value } = fc.letrec<{ value: StoredValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text.map((S) => ({ S })),
      number.map((N) => ({ N })),
      bytes.map((B) => ({ B })),
      fc.boolean().map((BOOL) => ({ BOOL })),
      fc.constant({ NULL: true as const }),
      fc.uniqueArray(text, { minLength: 1, maxLength: 3 }).map((SS) => ({ SS })),
      fc.uniqueArray(number, { minLength: 1, maxLength: 3 }).map((NS) => ({ NS })),
      fc
        .uniqueArray(bytes, { minLength: 1, maxLength: 3, selector: (one) => one.join() })
        .map((BS) => ({ BS })),
      fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
      fc
        .array(fc.tuple(nested, tie('value')), { maxLength: 3 })
        .map((entries) => ({ M: Object.fromEntries(entries) })),
    ),
  }));
  const name = nested
    .map((one) => (one.startsWith('_') ? one : `x-${one}`))
    .filter((one) => one !== '_migration');
  return fc.array(fc.tuple(name, value), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
}
