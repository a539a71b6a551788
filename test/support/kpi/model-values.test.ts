import fc from 'fast-check';
import { compareMoments, guidOf, momentOf, numberOf } from './model-values.js';

describe('second model: values', () => {
  it.each([
    ['0F8FAD5B-D9CB-469F-A165-70867728950E'],
    ['0f8fad5bd9cb469fa16570867728950e'],
    ['{0f8fad5b-d9cb-469f-a165-70867728950e}'],
    [' (0f8fad5b-d9cb-469f-a165-70867728950e) '],
    ['{0xf8fad5b, 0xd9cb, 0x469f, {0xa1, 0x65, 0x70, 0x86, 0x77, 0x28, 0x95, 0xe}}'],
  ])('reads %s as a GUID', (text) => {
    expect(guidOf(text)).toBe('0f8fad5b-d9cb-469f-a165-70867728950e');
  });

  it.each([
    ['0f8fad5b-d9cb-469f-a165-70867728950'],
    ['0f8fad5b-d9cb469f-a165-70867728950e'],
    ['{0f8fad5b-d9cb-469f-a165-70867728950e)'],
    ['{0f8fad5bd9cb469fa16570867728950e}'],
    ['urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['gf8fad5b-d9cb-469f-a165-70867728950e'],
  ])('does not read %s as a GUID', (text) => {
    expect(guidOf(text)).toBeUndefined();
  });

  it.each([
    ['12.50', '12.5'],
    ['+007', '7'],
    ['-0.0', '0'],
    ['1.5E3', '1500'],
    ['25e-4', '0.0025'],
    ['-120e-1', '-12'],
    ['1e125', `1${'0'.repeat(125)}`],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['100000000000000000000000000000000000000000', '100000000000000000000000000000000000000000'],
  ])('writes the number %s as %s', (text, plain) => {
    expect(numberOf(text)).toBe(plain);
  });

  it.each(['', '.', 'e5', '1,5', 'NaN', '0x1', '1e126', '1e-131', '1'.repeat(39), '1 2'])(
    'refuses the number "%s"',
    (text) => {
      expect(numberOf(text)).toBeUndefined();
    },
  );

  it.each([
    ['2024-02-29', '2024-02-29'],
    ['2024-03-01T09:00:00.1234567+09:00', '2024-03-01T00:00:00.1234567Z'],
    ['2024-02-28T23:30:00-01:00', '2024-02-29T00:30:00Z'],
    ['2023-12-31T23:59:59.999999999-00:30', '2024-01-01T00:29:59.999999999Z'],
    ['2000-03-01T00:00:00.10', '2000-03-01T00:00:00.10Z'],
    ['0099-01-01T00:00:00+00:01', '0098-12-31T23:59:00Z'],
  ])('writes the date %s as %s', (text, written) => {
    expect(momentOf(text)?.text).toBe(written);
  });

  it.each([
    '0001-01-01T00:00:00',
    '0001-12-31',
    '0002-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '1900-02-29',
    '2024-04-31',
    '2024-00-10',
    '2024-13-01',
    '2024-01-00',
    '2024-01-01T24:00:00',
    '2024-01-01T00:00',
    '2024-01-01T00:00:00.',
    '2024-01-01T00:00:00.1234567890',
    '2024-01-01t00:00:00',
    ' 2024-01-01',
  ])('refuses the date %s', (text) => {
    expect(momentOf(text)).toBeUndefined();
  });

  it('agrees with the platform on every instant since the calendar of today', () => {
    const epoch = momentOf('1970-01-01')!.seconds;
    const instant = fc.integer({ min: Date.UTC(1583, 0, 1) / 1000, max: Date.UTC(9999, 11, 30) / 1000 });
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (seconds, ahead) => {
        const local = new Date((seconds + ahead * 60) * 1000).toISOString().slice(0, 19);
        const size = Math.abs(ahead);
        const clock = [Math.floor(size / 60), size % 60].map((n) => String(n).padStart(2, '0')).join(':');
        const found = momentOf(`${local}${ahead < 0 ? '-' : '+'}${clock}`);
        expect(found?.text).toBe(new Date(seconds * 1000).toISOString().replace('.000', ''));
        expect(found!.seconds - epoch).toBe(seconds);
      }),
    );
  });

  it('compares fractions of different lengths by their value', () => {
    const compare = (left: string, right: string): number =>
      compareMoments(momentOf(left)!, momentOf(right)!);
    expect(compare('2024-01-01T00:00:00.1Z', '2024-01-01T00:00:00.100000000Z')).toBe(0);
    expect(compare('2024-01-01T00:00:00.09Z', '2024-01-01T00:00:00.1Z')).toBeLessThan(0);
    expect(compare('2024-01-01', '2024-01-01T01:00:00.5+01:00')).toBeLessThan(0);
  });
});
