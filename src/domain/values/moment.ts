const DATE = /^\d{4}-\d\d-\d\d$/;
const UTC_TIME = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z?$/;
const ZONED_TIME =
  /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)([+-])([01]\d|2[0-3]):([0-5]\d)$/;
/** length of `2024-03-01T09:00:00` */
const WHOLE_SECONDS = 19;
const MINUTES_PER_DAY = 1440;
/** .NET's default date lies in year 1: it stands for "never set" and not for a day (K-X13). */
const FIRST_YEAR = 2;
const LAST_YEAR = 9999;
/** behind every digit */
const UNREADABLE = '~';

/**
 * A day or an instant as a record tells it. Which one it is the form of the text decides, never the attribute.
 * `text` is what is written to rows.
 */
export abstract class Moment {
  protected constructor(
    readonly text: string,
    /** `YYYY-MM-DDTHH:MM:SS[.f]Z` in UTC; greater than every such text where the moment is unreadable */
    private readonly utc: string,
  ) {}

  /**
   * Reads `YYYY-MM-DD` (kept as it is, K-X15) and `YYYY-MM-DDTHH:MM:SS[.f][Z|±HH:MM]` with one to nine fraction digits
   * (written in UTC with all of them and `Z`, K-X14; without a zone it is UTC, K-X13). Undefined for anything else:
   * days and times that do not exist, year 1 and whatever UTC conversion moves out of the years 2 to 9999.
   */
  static read(text: string): Instant | LocalDate | undefined {
    return text.length === 10 ? LocalDate.read(text) : Instant.read(text);
  }

  /**
   * Takes a moment from a row of the new model, whose text is kept to the letter, readable or not. Zones and
   * fractions count in comparisons all the same.
   */
  static restore(text: string): Moment {
    const moment = Moment.read(text);
    if (moment === undefined) return new UnreadableMoment(text);
    return moment instanceof Instant ? moment.spelt(text) : moment;
  }

  get isReadable(): boolean {
    return true;
  }

  /** Order in time; a date counts as its midnight in UTC, fractions are compared exactly, unreadable ones come last. */
  compare(other: Moment): number {
    if (this.utc === other.utc) return 0;
    const seconds = order(this.utc.slice(0, WHOLE_SECONDS), other.utc.slice(0, WHOLE_SECONDS));
    return seconds === 0 ? order(fractionOf(this.utc), fractionOf(other.utc)) : seconds;
  }

  toString(): string {
    return this.text;
  }
}

/** A point in time. */
export class Instant extends Moment {
  private constructor(text: string, utc: string) {
    super(text, utc);
  }

  /** See {@link Moment.read}; undefined for dates without a time, too. */
  static override read(text: string): Instant | undefined {
    const utc = UTC_TIME.test(text) ? utcOf(text) : fromZone(text);
    return utc === undefined ? undefined : new Instant(utc, utc);
  }

  /** The same instant, written as in a row of the new model. */
  spelt(text: string): Instant {
    return text === this.text ? this : new Instant(text, this.text);
  }
}

/** A day without a time. */
export class LocalDate extends Moment {
  private constructor(text: string) {
    super(text, `${text}T00:00:00Z`);
  }

  /** See {@link Moment.read}; undefined for texts with a time, too. */
  static override read(text: string): LocalDate | undefined {
    return DATE.test(text) && startsWithDay(text) ? new LocalDate(text) : undefined;
  }
}

/** What a row of the application holds where a moment should be: kept, and last in every order. */
class UnreadableMoment extends Moment {
  constructor(text: string) {
    super(text, UNREADABLE);
  }

  override get isReadable(): boolean {
    return false;
  }
}

function utcOf(text: string): string | undefined {
  if (!startsWithDay(text)) return undefined;
  return text.endsWith('Z') ? text : `${text}Z`;
}

function fromZone(text: string): string | undefined {
  const match = ZONED_TIME.exec(text);
  if (match === null || !startsWithDay(text)) return undefined;
  const [, hour, minute, seconds, sign, offsetHours, offsetMinutes] = match;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  const minutes = Number(hour) * 60 + Number(minute) - offset;
  const date = shifted(text, Math.floor(minutes / MINUTES_PER_DAY));
  const rest = (minutes + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  const time = `${padded(Math.floor(rest / 60), 2)}:${padded(rest % 60, 2)}:${String(seconds)}`;
  return date === undefined ? undefined : `${date}T${time}Z`;
}

function order(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function fractionOf(utc: string): string {
  return utc.length > WHOLE_SECONDS + 1 ? utc.slice(WHOLE_SECONDS + 1, -1).replace(/0+$/, '') : '';
}

/** Whether the text, which has the form of a date, begins with a day that exists and means one. */
function startsWithDay(text: string): boolean {
  const month = numberAt(text, 5, 7);
  const day = numberAt(text, 8, 10);
  if (month < 1 || month > 12 || day < 1) return false;
  const year = numberAt(text, 0, 4);
  return year >= FIRST_YEAR && (day <= 28 || day <= daysIn(year, month));
}

function numberAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + text.charCodeAt(at) - 48;
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The day before (-1), itself (0) or after (1): an offset is never longer than a day. */
function shifted(text: string, days: number): string | undefined {
  if (days === 0) return text.slice(0, 10);
  const [year, month, day] = [numberAt(text, 0, 4), numberAt(text, 5, 7), numberAt(text, 8, 10)];
  let [y, m, d] = [year, month, day + days];
  if (d < 1) {
    [y, m] = month === 1 ? [year - 1, 12] : [year, month - 1];
    d = daysIn(y, m);
  } else if (d > daysIn(year, month)) {
    [y, m, d] = month === 12 ? [year + 1, 1, 1] : [year, month + 1, 1];
  }
  if (y < FIRST_YEAR || y > LAST_YEAR) return undefined;
  return `${padded(y, 4)}-${padded(m, 2)}-${padded(d, 2)}`;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
