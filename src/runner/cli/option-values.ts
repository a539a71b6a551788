import { UsageError } from '../ports/errors.js';

/** Parsers of option values. Each refuses what it does not understand with the flag and the valid values. */

/**
 * A value that may be given once. A second one is refused, because either could be the one that is meant.
 * `meaning` says what is valid.
 */
export function once(flag: string, meaning: string): (value: string, previous: string | undefined) => string {
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
