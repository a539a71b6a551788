import { UsageError } from '../ports/errors.js';
import type { UnitLimit } from '../ports/rates.js';
import { RUN_LIMITS } from '../ports/run-limits.js';

/** Parsers of option values. Each refuses what it does not understand with the flag and the valid values. */

/**
 * A value that may be given once. A second one is refused, because either could be the one that is meant.
 * `meaning` says what is valid.
 */
export function once(flag: string, meaning: string): (value: string, previous: unknown) => string {
  return (value, previous) => {
    if (previous !== undefined) throw repeated(flag);
    // commander takes whatever follows as the value; a flag there means that the value was forgotten
    if (value === '' || value.startsWith('-')) throw missing(flag, value, meaning);
    return value;
  };
}

/** Free text that may begin with a dash, given once. */
export function onceText(
  flag: string,
  meaning: string,
): (value: string, previous: string | undefined) => string {
  return (value, previous) => {
    if (previous !== undefined) throw repeated(flag);
    if (value === '' || value.startsWith('--')) throw missing(flag, value, meaning);
    return value;
  };
}

/** Words of a person that are written down: not blank, without the blanks around them, given once. */
export function statement(
  flag: string,
  meaning: string,
): (value: string, previous: string | undefined) => string {
  const text = onceText(flag, meaning);
  return (value, previous) => {
    const said = text(value, previous).trim();
    if (said === '') throw missing(flag, '', meaning);
    if (said.length > RUN_LIMITS.statementCharacters) {
      throw new UsageError(
        'OPTION_INVALID',
        `${flag} has ${said.length} characters.`,
        `Valid values: texts of 1 to ${RUN_LIMITS.statementCharacters} characters.`,
      );
    }
    return said;
  };
}

/** Where a backup is: a folder, or a bucket's name (as S3's rules for it) and a prefix; given once. */
export function place(
  flag: string,
  meaning: string,
): (value: string, previous: string | undefined) => string {
  const word = once(flag, meaning);
  return (value, previous) => {
    const given = word(value, previous);
    const remote = /^[A-Za-z0-9+.-]+:\/\//.test(given);
    if (remote && !/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/|$)/.test(given)) {
      throw new UsageError(
        'OPTION_INVALID',
        `${flag} can't be '${value}'.`,
        'Valid values: a folder, or s3://bucket/prefix.',
      );
    }
    return given;
  };
}

/** What an environment file allows as a suffix of tables, given once. It usually begins with a dash. */
export function tableSuffix(
  flag: string,
  meaning: string,
): (value: string, previous: string | undefined) => string {
  const text = onceText(flag, meaning);
  return (value, previous) => {
    const given = text(value, previous);
    if (/^[A-Za-z0-9_.-]{1,64}$/.test(given)) return given;
    throw new UsageError(
      'OPTION_INVALID',
      `${flag} can't be '${value}'.`,
      'Valid values: 1 to 64 letters, digits, dots, underscores and dashes, e.g. -restored.',
    );
  };
}

/** Values as they are, commas included; the flag is repeated for several. Repeated values count once. */
export function each(
  flag: string,
  meaning: string,
): (value: string, previous: readonly string[] | undefined) => readonly string[] {
  return (value, previous) => {
    if (value === '' || value.startsWith('--')) throw missing(flag, value, meaning);
    return [...new Set([...(previous ?? []), value])];
  };
}

/** The only member of a list: for what is a list elsewhere and one thing here. */
export function only(
  flag: string,
  meaning: string,
): (value: string, previous: readonly string[] | undefined) => readonly string[] {
  const several = names(flag, meaning);
  return (value, previous) => {
    if (previous !== undefined) throw repeated(flag);
    const given = several(value, undefined);
    if (given.length === 1) return given;
    throw new UsageError('OPTION_INVALID', `${flag} can't be '${value}'.`, `${flag}: ${meaning}; one only.`);
  };
}

/** One of a few words, given once. */
export function oneOf<T extends string>(
  flag: string,
  words: readonly T[],
): (value: string, previous: T | undefined) => T {
  return (value, previous) => {
    if (previous !== undefined) throw repeated(flag);
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) {
      throw new UsageError(
        'OPTION_INVALID',
        `${flag} can't be '${value}'.`,
        `Valid values: ${words.join(', ')}.`,
      );
    }
    return word;
  };
}

/** A whole number from `min` to `max`, given once. */
export function wholeNumber(
  flag: string,
  min: number,
  max: number,
): (value: string, previous: number | undefined) => number {
  return (value, previous) => {
    if (previous !== undefined) throw repeated(flag);
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) {
      throw new UsageError(
        'OPTION_INVALID',
        `${flag} can't be '${value}'.`,
        `Valid values: whole numbers from ${min} to ${max}.`,
      );
    }
    return number;
  };
}

/** Units a second as a whole number, or `none` for no limit; given once. */
export function unitLimit(
  flag: string,
  max: number,
): (value: string, previous: UnitLimit | undefined) => UnitLimit {
  return (value, previous) => {
    if (previous !== undefined) throw repeated(flag);
    if (value === 'none') return value;
    const units = /^\d{1,15}$/.test(value) ? Number(value) : 0;
    if (units >= 1 && units <= max) return units;
    throw new UsageError(
      'OPTION_INVALID',
      `${flag} can't be '${value}'.`,
      `Valid values: whole numbers from 1 to ${max}, and none.`,
    );
  };
}

/** Ten years: whatever counts for longer, counts until it is taken back. */
const MAX_HOURS = 87_600;

/** `36h` or `7d` → hours, given once. */
export function hours(
  flag: string,
  meaning: string,
): (value: string, previous: number | undefined) => number {
  const word = once(flag, meaning);
  return (value, previous) => {
    const given = word(value, previous);
    const [, digits = '', unit = ''] = /^(\d{1,6})([hd])$/.exec(given) ?? [];
    const found = Number(digits) * (unit === 'd' ? 24 : 1);
    if (found >= 1 && found <= MAX_HOURS) return found;
    throw new UsageError(
      'OPTION_INVALID',
      `${flag} can't be '${value}'.`,
      `Valid values: hours as 36h or days as 7d, up to ${MAX_HOURS / 24}d.`,
    );
  };
}

/** A time with its zone, as an ISO instant in UTC; given once. */
export function instant(
  flag: string,
  meaning: string,
): (value: string, previous: string | undefined) => string {
  const word = once(flag, meaning);
  return (value, previous) => {
    const given = word(value, previous);
    const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
    const time = form.test(given) ? Date.parse(given) : Number.NaN;
    if (!Number.isNaN(time)) return new Date(time).toISOString();
    throw new UsageError(
      'OPTION_INVALID',
      `${flag} can't be '${value}'.`,
      'Valid values: times with their zone, e.g. 2026-12-01T00:00:00Z.',
    );
  };
}

/** Names separated by commas; the flag may be repeated. Repeated names count once, empty ones are refused. */
export function names(
  flag: string,
  meaning: string,
): (value: string, previous: readonly string[] | undefined) => readonly string[] {
  return (value, previous) => {
    const given = value.split(',').map((name) => name.trim());
    // An empty list would mean "all": the opposite of what a half-typed one asks for.
    if (given.some((name) => name === '' || name.startsWith('-'))) throw missing(flag, value, meaning);
    return [...new Set([...(previous ?? []), ...given])];
  };
}

function repeated(flag: string): UsageError {
  return new UsageError('OPTION_REPEATED', `${flag} is given twice.`, `Give ${flag} once.`);
}

function missing(flag: string, value: string, meaning: string): UsageError {
  const found = value === '' ? 'nothing' : `'${value}'`;
  return new UsageError(
    'OPTION_VALUE_MISSING',
    `${flag} needs a value; found ${found}.`,
    `${flag}: ${meaning}.`,
  );
}
