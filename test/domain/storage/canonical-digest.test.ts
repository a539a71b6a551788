import {
  contentDigest,
  rowDigest,
  sameContent,
  sameRow,
} from '../../../src/domain/storage/canonical-digest.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';

const stamp = (run: string): StoredItem[string] => ({ M: { run: { S: run } } });
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('canonical digests', () => {
  // The digests below come from a second implementation of the documented format, in another language. Rows in
  // production carry such digests: if one of these changes, every stored row would look edited.
  it.each<[string, StoredItem, string]>([
    ['an empty row', {}, '957b88b12730e646e0f33d3618b77dfa579e8231e3c59c7104be7165611c8027'],
    ['one attribute', { id: { S: 'a' } }, 'e710e3cb8806fa101bc09e83f233778f4c9a9090cf388a341aa87157803ba2a9'],
    [
      'every type and an odd name',
      Object.fromEntries([
        ['ss', { SS: ['b', 'a'] }],
        ['ns', { NS: ['2.0', '1E1'] }],
        ['bs', { BS: [bytes(1, 0), bytes(1)] }],
        ['id', { S: 'ü😀' }],
        ['n', { N: '-1.50' }],
        ['b', { B: bytes(0, 255) }],
        ['t', { BOOL: true }],
        ['f', { BOOL: false }],
        ['z', { NULL: true }],
        ['m', { M: { b: { N: '1e1' }, a: { S: '' } } }],
        ['l', { L: [{ S: 'x' }, { L: [] }] }],
        ['__proto__', { S: 'p' }],
      ]),
      '81aa1b7581d2fec32ca68dc7218b96be475a6ecca188b0bf3021989321b3b46b',
    ],
    [
      'names sorted by UTF-16 code units, not by code points',
      { '\ufb33': { S: '1' }, '😀': { S: '2' } },
      '630658171979709c28027ed3ba9100ebf02a29170d505dbb4c69a90bb0d0995f',
    ],
    [
      'a number that no store can hold',
      { n: { N: 'NaN' } },
      'abc952debb11742dd1c4950ce277dd572ca320615fd2ae70542442f389512c4f',
    ],
    [
      'a text longer than the buffer',
      { t: { S: 'x'.repeat(50_000) } },
      '87675583e4ab8b3957b27b9ab282b128def182c7e603a9e9a4eac7dcfdd5406d',
    ],
  ])('keep their known answer for %s', (_, item, digest) => {
    expect(contentDigest(item)).toBe(digest);
  });

  it.each<[string, StoredItem, StoredItem]>([
    ['the order of attributes', { a: { S: '1' }, b: { S: '2' } }, { b: { S: '2' }, a: { S: '1' } }],
    ['the spelling of a number', { n: { N: '100' } }, { n: { N: '1.00E+2' } }],
    ['the sign of zero', { n: { N: '0' } }, { n: { N: '-0.0' } }],
    ['the order of a set', { s: { SS: ['x', 'y'] } }, { s: { SS: ['y', 'x'] } }],
    ['the order and spelling of a number set', { s: { NS: ['2', '10'] } }, { s: { NS: ['1e1', '2.0'] } }],
    ['the order of a binary set', { s: { BS: [bytes(2), bytes(1)] } }, { s: { BS: [bytes(1), bytes(2)] } }],
    ['the stamp', { a: { S: '1' }, _migration: stamp('one') }, { a: { S: '1' } }],
    ['the class of the bytes', { b: { B: bytes(1, 2) } }, { b: { B: Buffer.from([1, 2]) } }],
  ])('do not depend on %s', (_, left, right) => {
    expect(contentDigest(left)).toBe(contentDigest(right));
    expect(sameContent(left, right)).toBe(true);
  });

  it.each<[string, StoredItem, StoredItem]>([
    ['a value', { a: { S: '1' } }, { a: { S: '2' } }],
    ['a type', { a: { S: '1' } }, { a: { N: '1' } }],
    ['absent and NULL', {}, { a: { NULL: true } }],
    ['NULL and false', { a: { NULL: true } }, { a: { BOOL: false } }],
    ['the 38th digit of a number', { n: { N: `0.${'1'.repeat(38)}` } }, { n: { N: `0.${'1'.repeat(37)}2` } }],
    [
      'the border between two texts',
      { a: { L: [{ S: 'x' }, { S: 'yz' }] } },
      { a: { L: [{ S: 'xy' }, { S: 'z' }] } },
    ],
    ['the border between name and value', { ab: { S: 'c' } }, { a: { S: 'bc' } }],
    ['a list and a set', { a: { L: [{ S: 'x' }] } }, { a: { SS: ['x'] } }],
    ['the order of a list', { a: { L: [{ S: 'x' }, { S: 'y' }] } }, { a: { L: [{ S: 'y' }, { S: 'x' }] } }],
    ['the depth of an attribute', { a: { M: { b: { M: {} } } } }, { a: { M: {} }, b: { M: {} } }],
    ['empty map and empty list', { a: { M: {} } }, { a: { L: [] } }],
    ['a stamp inside a map', { a: { M: { _migration: stamp('1') } } }, { a: { M: {} } }],
  ])('tell %s apart', (_, left, right) => {
    expect(contentDigest(left)).not.toBe(contentDigest(right));
    expect(sameContent(left, right)).toBe(false);
  });

  it('of whole rows leave out exactly the attributes named', () => {
    const row: StoredItem = { a: { S: '1' }, b: { S: '2' }, _migration: stamp('one') };
    expect(rowDigest(row, ['b'])).toBe(rowDigest({ a: { S: '1' }, _migration: stamp('one') }));
    expect(rowDigest(row, new Set(['b', '_migration']))).toBe(contentDigest({ a: { S: '1' } }));
    expect(rowDigest(row)).not.toBe(contentDigest(row));
  });

  it('of whole rows include the stamp', () => {
    expect(sameRow({ _migration: stamp('one') }, { _migration: stamp('two') })).toBe(false);
    expect(sameRow({ _migration: stamp('one') }, { _migration: stamp('one') })).toBe(true);
  });

  it('are not disturbed by a row that could not be encoded before', () => {
    const broken = { a: { S: '1' }, b: undefined } as unknown as StoredItem;
    expect(() => contentDigest(broken)).toThrow(TypeError);
    expect(contentDigest({ id: { S: 'a' } })).toBe(
      'e710e3cb8806fa101bc09e83f233778f4c9a9090cf388a341aa87157803ba2a9',
    );
  });
});
