import { perSecond, worstWindow } from '../../bench/meter/sliding-window.js';

describe('worstWindow', () => {
  test('a burst across the border of two whole seconds is found', () => {
    const taken = [
      { at: 100, units: 10 },
      { at: 900, units: 300 },
      { at: 1100, units: 250 },
      { at: 1900, units: 20 },
    ];
    expect(worstWindow(taken)).toEqual({ units: 550, from: 900 });
  });

  test('what was taken exactly one second later belongs to the next window', () => {
    expect(
      worstWindow([
        { at: 0, units: 400 },
        { at: 1000, units: 300 },
      ]),
    ).toEqual({ units: 400, from: 0 });
    expect(
      worstWindow([
        { at: 0, units: 400 },
        { at: 999, units: 300 },
      ]),
    ).toEqual({ units: 700, from: 0 });
  });

  test('the order in which it was written down does not matter', () => {
    const taken = [
      { at: 5000, units: 3 },
      { at: 0, units: 1 },
      { at: 5400, units: 4 },
    ];
    expect(worstWindow(taken)).toEqual({ units: 7, from: 5000 });
  });

  test('nothing taken is nothing', () => {
    expect(worstWindow([]).units).toBe(0);
  });
});

describe('perSecond', () => {
  test('whole seconds from the first moment on, the quiet ones too', () => {
    const taken = [
      { at: 10_500, units: 1 },
      { at: 11_499, units: 2 },
      { at: 13_600, units: 5 },
    ];
    expect(perSecond(taken)).toEqual([3, 0, 0, 5]);
  });
});
