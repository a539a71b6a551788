import { successPercent } from '../../../src/cutover/dual-writes/write-figures.js';

describe('the success of dual writes', () => {
  it.each([
    [1000, 999, '99.9000'],
    [1001, 1000, '99.9000'],
    [1012, 1011, '99.9011'],
    [3, 2, '66.6666'],
    [7, 0, '0.0000'],
    [5, 5, '100.0000'],
    [2_000_000_000, 1_999_999_999, '99.9999'],
  ])(
    'E-45: of %i writes with %i consistent is %s per cent, never rounded up',
    (writes, consistent, percent) => {
      expect(successPercent({ writes, consistent })).toBe(percent);
    },
  );

  it('E-45: is nothing that anybody could judge where nothing was written', () => {
    expect(successPercent({ writes: 0, consistent: 0 })).toBeUndefined();
  });
});
