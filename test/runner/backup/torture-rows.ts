import type { StoredItem } from '../../../src/domain/storage/stored-value.js';

/** Rows that a careless copy would change: each attribute for a reason. */
export const TORTURE_ROWS: readonly StoredItem[] = [
  {
    id: { S: 'numbers' },
    digits38: { N: '1.2345678901234567890123456789012345678' },
    small: { N: '-0.00000000000000000000000000000000000001' },
    big: { N: '99999999999999999999999999999999999999' },
    beyondDouble: { N: '9007199254740993' },
    set: { NS: ['-1', '0.1', '12345678901234567890123456789012345678'] },
  },
  {
    id: { S: 'bytes' },
    all: { B: Uint8Array.from({ length: 256 }, (_, index) => index) },
    none: { B: new Uint8Array() },
    set: { BS: [Uint8Array.of(0), Uint8Array.of(0, 255), Uint8Array.of(255)] },
  },
  {
    id: { S: 'texts' },
    empty: { S: '' },
    lines: { S: 'a\nb\r\n"c"\\\u2028\u0000\u007f' },
    signs: { S: 'ż 日本 😀' },
    set: { SS: ['', 'a', 'ä'] },
  },
  {
    id: { S: 'names' },
    ['__proto__']: { M: { ['__proto__']: { S: 'inner' }, constructor: { N: '1' } } },
    Item: { M: { Item: { NULL: true } } },
    'with \'quotes\' and "these"': { BOOL: false },
    'näme.with[signs] ': { BOOL: true },
  },
  {
    id: { S: 'shapes' },
    emptyMap: { M: {} },
    emptyList: { L: [] },
    nested: {
      L: [{ M: { l: { L: [{ SS: ['x'] }, { NULL: true }, { B: Uint8Array.of(1, 2) }] } } }, { N: '0' }],
    },
  },
  { id: { S: 'large' }, text: { S: 'é'.repeat(195_000) } },
  { id: { S: 'Ω/#%2F\n' } },
];

/** Rows of a table whose sort key is a number, some in its index. */
export const PAIR_ROWS: readonly StoredItem[] = Array.from({ length: 40 }, (_, index) => ({
  owner: { S: `owner-${index % 7}` },
  rank: { N: String(index) },
  ...(index % 2 === 0 ? { group: { B: Uint8Array.of(index) } } : {}),
  note: { S: `note ${index}` },
}));
