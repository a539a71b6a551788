import { itemBytes, writeUnits, type TableShape } from '../../bench/meter/write-units.js';

const SHAPE: TableShape = {
  name: 'rows',
  indexes: [
    { name: 'by-owner', keys: ['owner'] },
    { name: 'by-day', keys: ['owner', 'day'] },
  ],
};

/** `id` and its text take 2 + 22 bytes, `x` the rest. */
function itemOf(bytes: number) {
  return { id: { S: '0123456789012345678901' }, x: { S: 'x'.repeat(bytes - 25) } };
}

describe('itemBytes', () => {
  test.each([
    ['text counts in UTF-8, names included', { näme: { S: 'ü' } }, 7],
    ['a number takes a byte for two digits and one more', { n: { N: '1234' } }, 4],
    ['an odd digit takes a whole byte', { n: { N: '123.45' } }, 5],
    ['zeros at either end are no digits', { n: { N: '001200' } }, 3],
    ['a minus sign takes a byte', { n: { N: '-12' } }, 4],
    ['an exponent is no digit', { n: { N: '12E+100' } }, 3],
    ['binary counts as what its base64 stands for', { b: { B: 'AAECAw==' } }, 5],
    ['a flag and NULL take a byte', { f: { BOOL: true }, g: { NULL: true } }, 4],
    ['a map takes three bytes and one for each member', { m: { M: { a: { S: 'bc' } } } }, 8],
    ['a list takes three bytes and one for each element', { l: { L: [{ S: 'ab' }, { S: 'c' }] } }, 9],
    ['sets take what their members take', { s: { SS: ['ab', 'c'] }, t: { NS: ['1', '22'] } }, 9],
  ])('%s', (_name, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });
});

describe('writeUnits', () => {
  test.each([
    [1, 1024],
    [2, 1025],
    [2, 2048],
    [3, 2049],
  ])('%i for a row of %i bytes', (units, bytes) => {
    const item = itemOf(bytes);
    expect(itemBytes(item)).toBe(bytes);
    expect(writeUnits(item, SHAPE)).toEqual(new Map([['rows', units]]));
  });

  test('an index takes as much as the table, if the row has all of its key attributes', () => {
    const item = { ...itemOf(1500), owner: { S: 'ann' } };
    expect(writeUnits(item, SHAPE)).toEqual(
      new Map([
        ['rows', 2],
        ['rows/by-owner', 2],
      ]),
    );
    expect([...writeUnits({ ...item, day: { S: '1' } }, SHAPE).keys()]).toEqual([
      'rows',
      'rows/by-owner',
      'rows/by-day',
    ]);
  });

  test('a transaction takes everything twice', () => {
    expect(writeUnits({ ...itemOf(100), owner: { S: 'ann' } }, SHAPE, 2)).toEqual(
      new Map([
        ['rows', 2],
        ['rows/by-owner', 2],
      ]),
    );
  });
});
