import fc from 'fast-check';
import { Instant, LocalDate, Moment } from '../../../src/domain/values/moment.js';

describe('Moment.read', () => {
  test.each([['2024-02-29'], ['0002-01-01'], ['9999-12-31'], ['2000-02-29'], ['0099-03-01']])(
    'K-X15: the date %s stays as it is',
    (text) => {
      const date = Moment.read(text);
      expect(date).toBeInstanceOf(LocalDate);
      expect(date?.text).toBe(text);
      expect(String(date)).toBe(text);
    },
  );

  test.each([
    ['2024-03-01T09:00:00Z', '2024-03-01T09:00:00Z'],
    ['2024-03-01T09:00:00', '2024-03-01T09:00:00Z'],
    ['2024-03-01T09:00:00.5', '2024-03-01T09:00:00.5Z'],
    ['2024-03-01T09:00:00.1234567', '2024-03-01T09:00:00.1234567Z'],
    ['2024-03-01T09:00:00.000Z', '2024-03-01T09:00:00.000Z'],
    ['2024-03-01T09:00:00.123456789Z', '2024-03-01T09:00:00.123456789Z'],
    ['2024-03-01T09:00:00.1234567+09:00', '2024-03-01T00:00:00.1234567Z'],
    ['2024-03-01T08:59:59.9+09:00', '2024-02-29T23:59:59.9Z'],
    ['2023-03-01T00:00:00+00:01', '2023-02-28T23:59:00Z'],
    ['2024-01-01T00:00:00+05:30', '2023-12-31T18:30:00Z'],
    ['2023-12-31T20:00:00-05:00', '2024-01-01T01:00:00Z'],
    ['2024-06-30T23:30:00-00:45', '2024-07-01T00:15:00Z'],
    ['2024-03-01T09:00:00+00:00', '2024-03-01T09:00:00Z'],
    ['2024-03-01T09:00:00-00:00', '2024-03-01T09:00:00Z'],
    ['0050-01-01T00:00:00+01:00', '0049-12-31T23:00:00Z'],
    ['0099-12-31T23:00:00-01:00', '0100-01-01T00:00:00Z'],
    ['1600-12-31T23:59:59Z', '1600-12-31T23:59:59Z'],
  ])('K-X13, K-X14: %s is written as %s', (text, written) => {
    const instant = Moment.read(text);
    expect(instant).toBeInstanceOf(Instant);
    expect(instant?.text).toBe(written);
  });

  test.each([
    ['nothing', ''],
    ['a day that does not exist', '2024-02-30'],
    ['29 February of a common year', '2023-02-29T00:00:00Z'],
    ['29 February of a common century', '1900-02-29'],
    ['31 April', '2024-04-31'],
    ['day 0', '2024-01-00'],
    ['month 13', '2024-13-01'],
    ['month 0', '2024-00-10'],
    ['the default date', '0001-01-01T00:00:00Z'],
    ['the default date without a time', '0001-01-01'],
    ['any other day of year 1', '0001-12-31T23:00:00-05:00'],
    ['what UTC conversion moves into year 1', '0002-01-01T00:00:00+09:00'],
    ['year 0', '0000-06-01'],
    ['what UTC conversion moves out of year 9999', '9999-12-31T23:00:00-02:00'],
    ['hour 24', '2024-01-01T24:00:00Z'],
    ['minute 60', '2024-01-01T00:60:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['ten fraction digits', '2024-01-01T00:00:00.1234567890Z'],
    ['a point without digits', '2024-01-01T00:00:00.Z'],
    ['a comma', '2024-01-01T00:00:00,5Z'],
    ['no seconds', '2024-01-01T00:00Z'],
    ['a space instead of T', '2024-01-01 00:00:00'],
    ['a lower-case zone', '2024-01-01T00:00:00z'],
    ['an offset without a colon', '2024-01-01T00:00:00+0900'],
    ['an offset of a whole day', '2024-01-01T00:00:00+24:00'],
    ['an offset of sixty minutes', '2024-01-01T00:00:00+01:60'],
    ['a non-existent day with an offset', '2024-02-30T00:00:00+01:00'],
    ['surrounding white space', ' 2024-01-01'],
    ['a line break behind', '2024-01-01T00:00:00Z\n'],
    ['a five-digit year', '12024-01-01'],
    ['a week date', '2024-W01-1'],
    ['another order', '01/02/2024'],
    ['seconds since 1970', '1709251200'],
    ['foreign digits', '२०२४-०१-०१'],
  ])('%s is not readable', (_what, text) => {
    expect(Moment.read(text)).toBeUndefined();
    expect(Instant.read(text)).toBeUndefined();
    expect(LocalDate.read(text)).toBeUndefined();
  });

  test('the form decides: a class reads its own form only', () => {
    expect(Instant.read('2024-03-01')).toBeUndefined();
    expect(LocalDate.read('2024-03-01T00:00:00Z')).toBeUndefined();
  });
});

describe('Moment.restore', () => {
  test('keeps the text of a row to the letter and still knows the instant', () => {
    const kept = Moment.restore('2024-03-01T09:00:00.10+09:00');
    expect(kept.text).toBe('2024-03-01T09:00:00.10+09:00');
    expect(kept.isReadable).toBe(true);
    expect(kept.compare(Moment.read('2024-03-01T00:00:00.1Z')!)).toBe(0);
    expect(Moment.restore('2024-03-01').text).toBe('2024-03-01');
  });

  test('keeps what is unreadable and puts it last in every order', () => {
    const kept = Moment.restore('last summer');
    const end = Moment.read('9999-12-31T23:59:59.999999999Z')!;
    expect([kept.text, kept.isReadable]).toEqual(['last summer', false]);
    expect(kept.compare(end)).toBeGreaterThan(0);
    expect(end.compare(kept)).toBeLessThan(0);
    expect(kept.compare(Moment.restore('never'))).toBe(0);
  });
});

/** Days since 0000-03-01 of the proleptic Gregorian calendar, counted with BigInt. */
function days(year: bigint, month: bigint, day: bigint): bigint {
  const y = month <= 2n ? year - 1n : year;
  const m = (month + 9n) % 12n;
  return 365n * y + y / 4n - y / 100n + y / 400n + (m * 306n + 5n) / 10n + day - 1n;
}

interface Written {
  readonly text: string;
  readonly nanoseconds: bigint;
}

function written(utc: string): Written {
  const [y, mo, d, h, mi, s] = utc
    .slice(0, 19)
    .split(/[-T:]/)
    .map((part) => BigInt(part)) as [bigint, bigint, bigint, bigint, bigint, bigint];
  const fraction = BigInt(utc.slice(20).replace('Z', '').padEnd(9, '0'));
  return {
    text: utc,
    nanoseconds: (((days(y, mo, d) * 24n + h) * 60n + mi) * 60n + s) * 10n ** 9n + fraction,
  };
}

const two = (value: number) => String(value).padStart(2, '0');
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const zoned = fc
  .record({
    year: fc.oneof(fc.integer({ min: 3, max: 9998 }), fc.integer({ min: 90, max: 110 }), fc.constant(2000)),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant(1)),
    seconds: fc.integer({ min: 0, max: 86399 }),
    fraction: fc.array(fc.constantFrom('0', '0', '1', '9'), { maxLength: 9 }),
    offset: fc.integer({ min: -1439, max: 1439 }),
  })
  .map(({ year, month, day, seconds, fraction, offset }) => {
    const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(Math.min(day, LENGTHS[month - 1]!))}`;
    const minutes = Math.floor(seconds / 60);
    const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
    const digits = fraction.length === 0 ? '' : `.${fraction.join('')}`;
    const away = Math.abs(offset);
    const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
    const local = written(`${date}T${time}${digits}Z`);
    return {
      text: `${date}T${time}${digits}${zone}`,
      digits,
      nanoseconds: local.nanoseconds - BigInt(offset) * 60n * 10n ** 9n,
    };
  });

describe('instants against arithmetic with BigInt', () => {
  test('K-X14: conversion to UTC keeps the instant and every fraction digit', () => {
    fc.assert(
      fc.property(zoned, ({ text, digits, nanoseconds }) => {
        const utc = Moment.read(text)!.text;
        expect(utc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/);
        expect(utc.slice(19)).toBe(`${digits}Z`);
        expect(written(utc).nanoseconds).toBe(nanoseconds);
        expect(Moment.read(utc)?.text).toBe(utc);
      }),
      { numRuns: 500 },
    );
  });

  test('order is that of the instants, whatever the zones and the number of fraction digits', () => {
    const near = fc
      .tuple(zoned, fc.constantFrom('', '.0', '.5', '.50', '.500000001', '.49'))
      .map(([{ text }, end]) => `${text.slice(0, 19)}${end}Z`);
    const same = near.chain((one) => near.map((other) => [one, one.slice(0, 19) + other.slice(19)] as const));
    fc.assert(
      fc.property(fc.oneof(same, fc.tuple(near, near)), ([one, other]) => {
        const difference = written(one).nanoseconds - written(other).nanoseconds;
        const sign = difference < 0n ? -1 : difference > 0n ? 1 : 0;
        expect(Moment.read(one)!.compare(Moment.read(other)!)).toBe(sign);
        expect(Moment.restore(one).compare(Moment.restore(other))).toBe(sign);
      }),
      { numRuns: 500 },
    );
  });

  test('a date counts as its midnight in UTC', () => {
    const date = Moment.read('2024-03-01')!;
    expect(date.compare(Moment.read('2024-03-01T00:00:00.000Z')!)).toBe(0);
    expect(date.compare(Moment.read('2024-03-01T00:00:00.000000001Z')!)).toBe(-1);
    expect(date.compare(Moment.read('2024-03-01T01:00:00+02:00')!)).toBe(1);
  });
});
