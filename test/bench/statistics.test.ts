import { pairedRatios, summaryOf } from '../../bench/measuring/statistics.js';

describe('summaryOf', () => {
  test('of an odd number of values, the median is the one in the middle, whatever their order', () => {
    expect(summaryOf([9, 1, 10])).toEqual({ median: 9, low: 1, high: 10, values: [9, 1, 10] });
  });

  test('of an even number of values, the median is the mean of the two in the middle', () => {
    expect(summaryOf([4, 1, 100, 2]).median).toBe(3);
  });

  test('one value is its own median and range', () => {
    expect(summaryOf([7])).toEqual({ median: 7, low: 7, high: 7, values: [7] });
  });

  test('nothing measured, or something that is no number, is refused rather than summed up', () => {
    expect(() => summaryOf([])).toThrow(RangeError);
    expect(() => summaryOf([1, Number.NaN])).toThrow(RangeError);
  });
});

describe('pairedRatios', () => {
  test('each measurement is divided by its own partner', () => {
    expect(pairedRatios([10, 9], [2, 3])).toEqual([5, 3]);
  });

  test('a measurement without a partner is refused', () => {
    expect(() => pairedRatios([1, 2], [1])).toThrow(RangeError);
  });
});
