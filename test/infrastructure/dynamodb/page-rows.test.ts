import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { PageRows } from '../../../src/infrastructure/dynamodb/page-rows.js';

const WHOLE = { table: 'cargo' };
const PART = { table: 'cargo', attributes: ['id'] };
const ofLength = (length: number): StoredItem => ({ id: { S: 'x'.repeat(length) } });
const rows = (count: number, item: StoredItem): StoredItem[] => Array.from({ length: count }, () => item);

/** Rows of a page once such a row was seen. */
function after(item: StoredItem, of: Parameters<PageRows['of']>[0] = WHOLE): number {
  const page = new PageRows(10_000);
  page.learn(of, [item]);
  return page.of(of);
}

describe('rows of a page', () => {
  it('are a cautious number before anything is known, more of rows in part', () => {
    const page = new PageRows(10_000);
    expect([page.of(WHOLE), page.of(PART)]).toEqual([500, 2_000]);
  });

  it('are fewer the larger rows are, down to one', () => {
    expect([1_000, 10_000, 100_000, 1_000_000].map((length) => after(ofLength(length)))).toEqual([
      1394, 155, 16, 2,
    ]);
  });

  it('are never more than the most', () => {
    const page = new PageRows(7);
    page.learn(WHOLE, [ofLength(1)]);
    expect(page.of(WHOLE)).toBe(7);
  });

  it('are fewer where many scans go on at once, as those of rows in part do', () => {
    expect(after(ofLength(1_000))).toBe(1394);
    expect(after(ofLength(1_000), { ...WHOLE, amongMany: true })).toBe(349);
    expect(after(ofLength(1_000), PART)).toBe(349);
  });

  it('are learnt for each table and each choice of attributes', () => {
    const page = new PageRows(10_000);
    page.learn(WHOLE, [ofLength(10_000)]);
    expect(page.of({ table: 'other' })).toBe(500);
    expect(page.of(PART)).toBe(2_000);
  });

  it('are fewer at once when rows get larger, and more bit by bit', () => {
    const page = new PageRows(10_000);
    page.learn(WHOLE, rows(10, ofLength(1_000)));
    page.learn(WHOLE, rows(10, ofLength(10_000)));
    expect(page.of(WHOLE)).toBe(155);
    page.learn(WHOLE, rows(10, ofLength(1_000)));
    expect(page.of(WHOLE)).toBe(212);
  });

  it('stay as they are after a page without rows', () => {
    const page = new PageRows(10_000);
    page.learn(WHOLE, [ofLength(10_000)]);
    page.learn(WHOLE, []);
    expect(page.of(WHOLE)).toBe(155);
  });

  it('are learnt from all parts of a page', () => {
    const page = new PageRows(10_000);
    page.learn(WHOLE, [...rows(40, ofLength(10)), ...rows(40, ofLength(10_000))]);
    // half of what is looked at is large
    expect(page.of(WHOLE)).toBe(306);
  });

  const many = Array.from({ length: 10 }, () => 'x'.repeat(1_000));
  it.each<[string, StoredItem]>([
    ['a text', { v: { S: many.join('') } }],
    ['a number', { v: { N: '1'.repeat(10_000) } }],
    ['bytes', { v: { B: new Uint8Array(10_000) } }],
    ['a set of texts', { v: { SS: many } }],
    ['a set of numbers', { v: { NS: many } }],
    ['a set of bytes', { v: { BS: many.map((text) => new Uint8Array(text.length)) } }],
    ['a list', { v: { L: many.map((S) => ({ S })) } }],
    ['a map', { v: { M: Object.fromEntries(many.map((S, index) => [`n${index}`, { S }])) } }],
  ])('count %s', (_what, item) => {
    const found = after(item);
    expect(found).toBeGreaterThanOrEqual(144);
    expect(found).toBeLessThanOrEqual(156);
  });

  it('count values of a fixed size by what an object takes', () => {
    expect(after({ v: { BOOL: true }, w: { NULL: true } })).toBe(Math.round((1536 * 1024) / (3 * 64)));
  });
});
