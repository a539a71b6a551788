/**
 * Ids, numbers and dates of the second model, written by hand from the storage contract ("Values"). Nothing here
 * may be shared with `src`: that both sides agree is what the comparison tests show.
 */

const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX_LIST =
  /^\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,4}),0x([0-9a-f]{1,4}),\{((?:0x[0-9a-f]{1,2},){7}0x[0-9a-f]{1,2})\}\}$/;

export const NIL = '00000000-0000-0000-0000-000000000000';

/** Lower-case 8-4-4-4-12 form of any spelling that .NET reads (N, D, B, P, X); undefined for other text. */
export function guidOf(text: string): string | undefined {
  const plain = text.trim().toLowerCase();
  if (HYPHENATED.test(plain)) return plain;
  if (/^[0-9a-f]{32}$/.test(plain)) return hyphenate(plain);
  const inner = plain.slice(1, -1);
  if (plain.startsWith('{') && plain.endsWith('}') && HYPHENATED.test(inner)) return inner;
  if (plain.startsWith('(') && plain.endsWith(')') && HYPHENATED.test(inner)) return inner;
  return fromHexList(plain.replace(/\s/g, ''));
}

/** The canonical form where the text is a GUID, otherwise the text itself. */
export function canonicalOrText(text: string): string {
  return guidOf(text) ?? text;
}

function hyphenate(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function fromHexList(text: string): string | undefined {
  const [, first, second, third, bytes] = HEX_LIST.exec(text) ?? [];
  if (first === undefined || second === undefined || third === undefined || bytes === undefined)
    return undefined;
  const tail = bytes.split(',').map((byte) => byte.slice(2).padStart(2, '0'));
  return hyphenate(first.padStart(8, '0') + second.padStart(4, '0') + third.padStart(4, '0') + tail.join(''));
}

/** Plain notation without superfluous zeros; undefined for text that is no number a store holds exactly. */
export function numberOf(text: string): string | undefined {
  const [matched, sign, whole = '', fraction = '', power = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (matched === undefined || whole + fraction === '') return undefined;
  const withoutLeading = (whole + fraction).replace(/^0+/, '');
  const digits = withoutLeading.replace(/0+$/, '');
  if (digits === '') return '0';
  const lowest = Number(power) - fraction.length + (withoutLeading.length - digits.length);
  const highest = lowest + digits.length - 1;
  if (digits.length > 38 || highest > 125 || highest < -130) return undefined;
  return (sign === '-' ? '-' : '') + plain(digits, lowest);
}

function plain(digits: string, lowest: number): string {
  if (lowest >= 0) return digits + '0'.repeat(lowest);
  const padded = digits.padStart(1 - lowest, '0');
  return `${padded.slice(0, lowest)}.${padded.slice(lowest)}`;
}

/** A date or an instant: how it is written, and where it lies in time. */
interface ModelMoment {
  readonly text: string;
  /** seconds since 0000-03-01T00:00:00Z */
  readonly seconds: number;
  /** nine digits */
  readonly fraction: string;
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))?$/;

/** Reads both forms of a date; undefined for everything else, for days that don't exist and for the year 1. */
export function momentOf(text: string): ModelMoment | undefined {
  const date = DATE.exec(text);
  if (date !== null) {
    const day = existingDay(Number(date[1]), Number(date[2]), Number(date[3]));
    return day === undefined ? undefined : { text, seconds: day * 86400, fraction: '000000000' };
  }
  const found = INSTANT.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as SixNumbers;
  const days = existingDay(year, month, day);
  const [aheadHours, aheadMinutes] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  if (days === undefined || hour > 23 || minute > 59 || second > 59 || aheadHours > 23 || aheadMinutes > 59) {
    return undefined;
  }
  const ahead = (aheadHours * 3600 + aheadMinutes * 60) * (found[8] === '-' ? -1 : 1);
  return utc(days * 86400 + hour * 3600 + minute * 60 + second - ahead, found[7]);
}

type SixNumbers = [number, number, number, number, number, number];

function utc(seconds: number, fraction: string | undefined): ModelMoment | undefined {
  const [year, month, day] = civil(Math.floor(seconds / 86400));
  if (year < 2 || year > 9999) return undefined;
  const rest = ((seconds % 86400) + 86400) % 86400;
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const text = `${date}T${clock}${fraction === undefined ? '' : `.${fraction}`}Z`;
  return { text, seconds, fraction: (fraction ?? '').padEnd(9, '0') };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Days since 0000-03-01; counting years from March puts the leap day at their end. */
function existingDay(year: number, month: number, day: number): number | undefined {
  if (year < 2 || month < 1 || month > 12 || day < 1) return undefined;
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = (month + 9) % 12;
  const days =
    365 * marchYear +
    Math.floor(marchYear / 4) -
    Math.floor(marchYear / 100) +
    Math.floor(marchYear / 400) +
    Math.floor((153 * marchMonth + 2) / 5) +
    (day - 1);
  const [sameYear, sameMonth, sameDay] = civil(days);
  return sameYear === year && sameMonth === month && sameDay === day ? days : undefined;
}

/** The inverse of {@link existingDay}, found by counting down from cycles of 400, 100 and 4 years to one year. */
function civil(days: number): [year: number, month: number, day: number] {
  const cycles = Math.floor(days / 146097);
  let rest = days - cycles * 146097;
  const centuries = Math.min(3, Math.floor(rest / 36524));
  rest -= centuries * 36524;
  const fours = Math.floor(rest / 1461);
  rest -= fours * 1461;
  const years = Math.min(3, Math.floor(rest / 365));
  rest -= years * 365;
  const marchYear = cycles * 400 + centuries * 100 + fours * 4 + years;
  const marchMonth = Math.floor((5 * rest + 2) / 153);
  const day = rest - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return marchMonth < 10 ? [marchYear, marchMonth + 3, day] : [marchYear + 1, marchMonth - 9, day];
}

/** Earlier first. */
export function compareMoments(left: ModelMoment, right: ModelMoment): number {
  return left.seconds - right.seconds || compareText(left.fraction, right.fraction);
}

/** Ordinal order, by code unit. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
