import { UsageError } from '../ports/errors.js';

/** Who takes it upon himself, without blanks around the name. Throws UsageError `NAME_MISSING` for a blank one. */
export function requireName(by: string, what: string): string {
  const name = by.trim();
  if (name !== '') return name;
  throw new UsageError('NAME_MISSING', `nobody is named who ${what}`, 'Say who: --by NAME');
}
