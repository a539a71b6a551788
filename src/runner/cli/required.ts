import { UsageError } from '../ports/errors.js';

/** The value of an option that the command can't do without. Throws `UsageError` `OPTION_MISSING`. */
export function required<T>(flag: string, value: T | undefined, meaning: string): T {
  if (value !== undefined) return value;
  throw new UsageError('OPTION_MISSING', `${flag} is missing.`, `${flag}: ${meaning}.`);
}
