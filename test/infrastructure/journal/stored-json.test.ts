import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { fromStoredJson, toStoredJson } from '../../../src/infrastructure/journal/stored-json.js';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u0000', '\u2028', '"', '\\', '😀'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
});
const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'S', 'B', '', '0'), text);
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), minLength: 1, maxLength: 38 }),
    fc.integer({ min: -120, max: 120 }),
  )
  .map(([sign, digits, exponent]) => `${sign}${digits}E${exponent}`);
const bytes = fc.uint8Array({ maxLength: 40 });

const { item } = fc.letrec<{ value: StoredValue; item: StoredItem }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text.map((S): StoredValue => ({ S })),
    number.map((N): StoredValue => ({ N })),
    bytes.map((B): StoredValue => ({ B })),
    fc.boolean().map((BOOL): StoredValue => ({ BOOL })),
    fc.constant<StoredValue>({ NULL: true }),
    fc.uniqueArray(text, { minLength: 1, maxLength: 4 }).map((SS): StoredValue => ({ SS })),
    fc.uniqueArray(number, { minLength: 1, maxLength: 4 }).map((NS): StoredValue => ({ NS })),
    fc.array(bytes, { minLength: 1, maxLength: 4 }).map((BS): StoredValue => ({ BS })),
    tie('item').map((M): StoredValue => ({ M })),
    fc.array(tie('value'), { maxLength: 4 }).map((L): StoredValue => ({ L })),
  ),
  item: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries)),
}));

const throughText = (value: StoredItem): StoredItem =>
  fromStoredJson(JSON.parse(JSON.stringify(toStoredJson(value))));

describe('stored JSON', () => {
  it('gives back any item as it was: types, digits, bytes, sets, attribute names', () => {
    fc.assert(
      fc.property(item, (value) => {
        const back = throughText(value);
        // Jest's own comparisons look at `constructor`, which is an attribute here
        expect(isDeepStrictEqual(back, value)).toBe(true);
        expect(Object.keys(back)).toEqual(Object.keys(value));
      }),
      { numRuns: 500 },
    );
  });

  it('is JSON that other tools can read', () => {
    const value: StoredItem = {
      id: { S: 'a' },
      n: { N: '1.50' },
      b: { B: new Uint8Array([255, 0]) },
      set: { BS: [new Uint8Array([1])] },
      list: { L: [{ NULL: true }, { M: { x: { BOOL: false } } }] },
    };
    expect(JSON.stringify(toStoredJson(value))).toBe(
      '{"id":{"S":"a"},"n":{"N":"1.50"},"b":{"B":"/wA="},"set":{"BS":["AQ=="]},"list":{"L":[{"NULL":true},{"M":{"x":{"BOOL":false}}}]}}',
    );
  });

  it('takes an attribute called __proto__ for one like any other', () => {
    const value: StoredItem = Object.fromEntries([['__proto__', { S: 'own' }]]);
    const back = throughText(value);
    expect(Object.entries(back)).toEqual([['__proto__', { S: 'own' }]]);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  it('takes the bytes of a view, not those of the buffer behind it', () => {
    const view = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
    expect(throughText({ b: { B: view } })).toEqual({ b: { B: new Uint8Array([1, 2]) } });
  });

  it.each<[string, unknown]>([
    ['no object', 'text'],
    ['null', null],
    ['an array', []],
    ['a bare value', { a: 'x' }],
    ['a value without a tag', { a: {} }],
    ['a value with two tags', { a: { S: 'x', N: '1' } }],
    ['an unknown tag', { a: { X: 'x' } }],
    ['a number that is no text', { a: { N: 1 } }],
    ['NULL that is false', { a: { NULL: false } }],
    ['BOOL that is text', { a: { BOOL: 'true' } }],
    ['a set that is text', { a: { SS: 'x' } }],
    ['a set of numbers', { a: { NS: [1] } }],
    ['a map that is an array', { a: { M: [] } }],
  ])('refuses %s', (_, json) => {
    expect(() => fromStoredJson(json)).toThrow(TypeError);
  });
});
