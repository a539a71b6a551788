import fc from 'fast-check';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { checkItem, isStorableKey } from '../../../src/infrastructure/dynamodb/item-guard.js';
import { itemBytes, itemBytesAtMost } from '../../../src/infrastructure/dynamodb/item-size.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import { exactNumber } from '../../support/kpi/arbitrary-values.js';

const TABLE: TableDefinition = {
  name: 'stops',
  role: 'target',
  partitionKey: 'id',
  sortKey: 'number',
  indexes: [{ name: 'port-index', partitionKey: 'portId', sortKey: 'day' }],
};
const KEY: StoredItem = { id: { S: 'a' }, number: { S: '1' } };
const faultOf = (extra: StoredItem): ReturnType<typeof checkItem> => checkItem(TABLE, { ...KEY, ...extra });
const nested = (levels: number): StoredValue =>
  levels === 0
    ? { S: 'x' }
    : levels % 2 === 0
      ? { L: [nested(levels - 1)] }
      : { M: { a: nested(levels - 1) } };
const x = (bytes: number): StoredValue => ({ S: 'x'.repeat(bytes) });

describe('the item guard', () => {
  it('passes a row with every type', () => {
    expect(
      faultOf({
        s: { S: '' },
        n: { N: '-12.5e3' },
        b: { B: Uint8Array.of() },
        t: { BOOL: true },
        z: { NULL: true },
        m: { M: { deep: { L: [] } } },
        ss: { SS: ['', 'a'] },
        ns: { NS: ['1', '2'] },
        bs: { BS: [Uint8Array.of(1)] },
        portId: { S: 'hh' },
      }),
    ).toBeUndefined();
  });

  // Every pair is one byte or one level this and that side of the limit, as Amazon's DynamoDB Local draws it.
  it.each<[string, StoredItem, string]>([
    ['partition key', { id: x(2049) }, 'id'],
    ['sort key', { number: x(1025) }, 'number'],
    ['partition key of an index', { portId: x(2049) }, 'portId'],
    ['sort key of an index', { portId: { S: 'p' }, day: x(1025) }, 'day'],
    ['nesting', { deep: nested(32) }, 'deep'],
    ['attribute name', { ['n'.repeat(65_536)]: { S: 'x' } }, 'n'.repeat(65_536)],
  ])('finds a %s beyond its limit too large', (_, extra, field) => {
    expect(faultOf(extra)).toMatchObject({ reason: 'ITEM_TOO_LARGE', field });
  });

  it.each<[string, StoredItem]>([
    ['partition key', { id: x(2048) }],
    ['sort key', { number: x(1024) }],
    ['partition key of an index', { portId: x(2048) }],
    ['sort key of an index', { portId: { S: 'p' }, day: x(1024) }],
    ['nesting', { deep: nested(31) }],
    ['attribute name', { ['n'.repeat(65_535)]: { S: 'x' } }],
  ])('passes a %s at its limit', (_, extra) => {
    expect(faultOf(extra)).toBeUndefined();
  });

  it('counts bytes of UTF-8, not characters', () => {
    expect(faultOf({ number: { S: 'ü'.repeat(512) } })).toBeUndefined();
    expect(faultOf({ number: { S: 'ü'.repeat(513) } })).toMatchObject({ reason: 'ITEM_TOO_LARGE' });
  });

  it('passes a row of exactly 400 KB with names and stamp, and not one byte more', () => {
    const stamp: StoredValue = { M: { source: { S: 's' }, run: { S: 'r' }, digest: { S: 'd' } } };
    // id 2+1, number 6+1, _migration 10 + 3 + 3 elements + names 15 + values 3, text 4
    const text = 409_600 - (3 + 7 + 10 + 3 + 3 + 15 + 3 + 4);
    expect(faultOf({ _migration: stamp, text: x(text) })).toBeUndefined();
    expect(faultOf({ _migration: stamp, text: x(text + 1) })).toEqual({
      reason: 'ITEM_TOO_LARGE',
      detail: 'the row has 409601 bytes with its attribute names, the limit is 409600',
    });
  });

  it.each<[string, StoredItem, string]>([
    ['an absent sort key', { number: undefined as unknown as StoredValue }, 'number'],
    ['a blank partition key', { id: { S: '' } }, 'id'],
    ['a partition key of another type', { id: { N: '1' } }, 'id'],
    ['a blank index key', { portId: { S: '' } }, 'portId'],
    ['an index key of another type', { day: { N: '1' } }, 'day'],
    ['an index key that is NULL', { portId: { NULL: true } }, 'portId'],
    ['NaN', { n: { N: 'NaN' } }, 'n'],
    ['infinity', { n: { N: 'Infinity' } }, 'n'],
    ['39 digits', { n: { N: '1'.repeat(39) } }, 'n'],
    ['a number out of range', { n: { N: '1e126' } }, 'n'],
    ['a blank number', { n: { N: '' } }, 'n'],
    ['an invalid number in a list', { n: { L: [{ M: { n: { N: 'x' } } }] } }, 'n'],
    ['an invalid number in a set', { n: { NS: ['x'] } }, 'n'],
    ['an empty string set', { s: { SS: [] } }, 's'],
    ['an empty number set', { s: { NS: [] } }, 's'],
    ['an empty binary set in a map', { s: { M: { a: { BS: [] } } } }, 's'],
    ['a string set that repeats', { s: { SS: ['a', 'a'] } }, 's'],
    ['a number set that repeats in another spelling', { s: { NS: ['1', '1.0'] } }, 's'],
    ['a binary set that repeats', { s: { BS: [Uint8Array.of(1), Uint8Array.of(1)] } }, 's'],
    ['an empty name', { '': { S: 'x' } }, ''],
    ['an empty name in a map', { m: { M: { '': { S: 'x' } } } }, 'm'],
    ['half a surrogate pair', { t: { S: 'a\ud800' } }, 't'],
  ])('finds %s invalid', (_, extra, field) => {
    const item = Object.fromEntries(
      Object.entries({ ...KEY, ...extra }).filter(([, value]) => (value as unknown) !== undefined),
    );
    expect(checkItem(TABLE, item)).toMatchObject({ reason: 'ITEM_INVALID', field });
  });

  it('says nothing of the values (invariant 11)', () => {
    const details = [{ n: { N: 'secret' } }, { portId: { N: '4711' } }, { t: { S: 'secret\udfff' } }].map(
      (extra) => faultOf(extra)?.detail,
    );
    expect(details.join()).not.toMatch(/secret|4711/);
    expect(details).not.toContain(undefined);
  });

  // sizes as Amazon's DynamoDB Local 3.1 counts them, found by filling rows up to its limit
  it.each([
    ['0', 1],
    ['7', 2],
    ['1000001', 5],
    ['1000010', 5],
    ['1000100', 4],
    ['-1000001', 6],
    ['0.001000001', 5],
    ['100', 2],
  ])('counts the number %s as %i bytes', (number, expected) => {
    expect(itemBytes({ n: { N: number } }) - 1).toBe(expected);
  });

  it('never takes a row for smaller than it is where it only estimates', () => {
    const value: fc.Arbitrary<StoredValue> = fc.oneof(
      fc.record({ S: fc.string({ unit: 'binary' }) }),
      fc.record({ N: exactNumber() }),
      fc.record({ N: fc.constantFrom('-0.00100000000000000000000000000000000001', '1e125', '9'.repeat(38)) }),
      fc.record({ SS: fc.array(fc.string(), { minLength: 1 }) }),
      fc.record({ M: fc.dictionary(fc.string(), fc.record({ N: exactNumber() })) }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), value), (item) => {
        expect(itemBytesAtMost(item)).toBeGreaterThanOrEqual(itemBytes(item));
      }),
    );
  });

  it('knows the keys that no row can have', () => {
    expect(isStorableKey({ id: { S: 'a' }, number: { N: '1' } })).toBe(true);
    expect(isStorableKey({ id: { S: '' } })).toBe(false);
    expect(isStorableKey({ id: x(2049) })).toBe(false);
    expect(isStorableKey({ id: { N: 'x' } })).toBe(false);
    expect(isStorableKey({ id: { B: Uint8Array.of() } })).toBe(false);
  });
});
