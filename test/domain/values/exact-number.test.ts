import fc from 'fast-check';
import { canonicalNumber } from '../../../src/domain/values/canonical-number.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';

const NINES = '9'.repeat(38);

describe('ExactNumber', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['0e999999999999999999999', '0'],
    ['+5', '5'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-1.25e2', '-125'],
    ['1E-3', '0.001'],
    ['9007199254740993', '9007199254740993'],
    ['0.12345678901234567890123456789', '0.12345678901234567890123456789'],
    ['100.00000000000000000001', '100.00000000000000000001'],
    [NINES, NINES],
    [`-0.${NINES}`, `-0.${NINES}`],
    [`${NINES}000`, `${NINES}000`],
    [`000${NINES}.000`, NINES],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    ['9e125', `9${'0'.repeat(125)}`],
  ])('%s is written as %s, with every digit kept', (text, canonical) => {
    expect(canonicalNumber(text)).toBe(canonical);
    expect(ExactNumber.parse(text)?.text).toBe(canonical);
  });

  test.each([
    [''],
    [' 1'],
    ['1 '],
    ['abc'],
    ['1,5'],
    ['1_000'],
    ['0x10'],
    ['NaN'],
    ['Infinity'],
    ['-'],
    ['.'],
    ['1e'],
    ['1e1.5'],
    ['--1'],
    ['١'],
    [`1${NINES}`],
    [`0.1${NINES}`],
    ['1e126'],
    ['1e-131'],
    ['1e99999999999999999999'],
    ['1e-99999999999999999999'],
  ])('%s is no number that a store holds exactly', (text) => {
    expect(ExactNumber.parse(text)).toBeUndefined();
  });

  test('a literal that is no number is an error of the programmer', () => {
    expect(() => ExactNumber.of('ten')).toThrow(RangeError);
    expect(ExactNumber.of('10.0').text).toBe('10');
  });

  test('whole numbers are told from others', () => {
    expect(ExactNumber.of('10.00').isInteger).toBe(true);
    expect(ExactNumber.of('1e3').isInteger).toBe(true);
    expect(ExactNumber.of('10.01').isInteger).toBe(false);
  });

  test('differences in the 38th digit count', () => {
    const [less, more] = [ExactNumber.of(`${'9'.repeat(37)}8`), ExactNumber.of(NINES)];
    expect(less.compare(more)).toBeLessThan(0);
    expect(more.compare(less)).toBeGreaterThan(0);
    expect(more.compare(ExactNumber.of(NINES))).toBe(0);
    expect(less.equals(more)).toBe(false);
    expect(String(more)).toBe(NINES);
  });

  const digits = fc.bigInt({ min: -(10n ** 38n - 1n), max: 10n ** 38n - 1n });
  const scale = fc.integer({ min: -60, max: 60 });

  test('any coefficient of up to 38 digits survives every spelling exactly', () => {
    fc.assert(
      fc.property(digits, scale, (coefficient, exponent) => {
        const canonical = canonicalNumber(`${coefficient}e${exponent}`)!;
        const [whole = '', fraction = ''] = canonical.split('.');
        const shift = BigInt(Math.max(0, fraction.length - exponent, -exponent));
        const power = shift + BigInt(exponent);
        expect(BigInt(whole + fraction) * 10n ** (shift - BigInt(fraction.length))).toBe(
          coefficient * 10n ** power,
        );
        expect(canonical).toMatch(/^(?:0|-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?)$/);
        expect(canonicalNumber(canonical)).toBe(canonical);
      }),
    );
  });

  test('order is that of the exact values', () => {
    fc.assert(
      fc.property(digits, scale, digits, scale, (a, x, b, y) => {
        const order = a * 10n ** BigInt(x + 60) - b * 10n ** BigInt(y + 60);
        const sign = order < 0n ? -1 : order > 0n ? 1 : 0;
        expect(Math.sign(ExactNumber.of(`${a}e${x}`).compare(ExactNumber.of(`${b}e${y}`)))).toBe(sign);
      }),
    );
  });
});
