import { formatCount, formatQuantity } from '../../../src/runner/reports/quantities.js';

describe('quantities', () => {
  it.each([
    [0, '0'],
    [7, '7'],
    [999, '999'],
    [1_000, '1,000'],
    [12_345, '12,345'],
    [1_234_567, '1,234,567'],
    [-1_000, '-1,000'],
    [-999, '-999'],
    [9_007_199_254_740_991, '9,007,199,254,740,991'],
    [1_234.5, '1,235'],
    [1e21, '1,000,000,000,000,000,000,000'],
  ])('%d reads %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it('have their noun in the singular for one only', () => {
    expect([0, 1, 2_000].map((count) => formatQuantity(count, 'record'))).toEqual([
      '0 records',
      '1 record',
      '2,000 records',
    ]);
  });
});
