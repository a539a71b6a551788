import { hash } from 'node:crypto';
import { trimmed } from '../values/white-space.js';

/** Suffixes have so many digits as long as any of them is free for the initials. */
export const SHORTEST_SUFFIX = 3;

const PREFIX = 'EMP';
const LETTER = /\p{L}/u;
const NO_INITIALS = 'X';
const NUMBER = new RegExp(`^${PREFIX}(\\D+)(\\d{${SHORTEST_SUFFIX},9})$`);
/** 48 bits: whole numbers of JavaScript hold them exactly */
const HASH_DIGITS = 12;

/** All numbers of some initials with as many digits. */
export interface NumberSpace {
  readonly initials: string;
  readonly digits: number;
}

/** Two numbers are one where only case and surrounding white space differ (P-X05). */
export function comparableNumber(number: string): string {
  return trimmed(number).toUpperCase();
}

/** The first letter of every word that has one, as capitals; `X` for a name without letters (P-X02). */
export function initialsOf(fullName: string): string {
  const words = fullName.normalize('NFC').split(/\s+/u);
  const letters = words.map((word) => LETTER.exec(word)?.[0] ?? '').join('');
  return letters === '' ? NO_INITIALS : letters.toUpperCase();
}

/** Where the search for a free suffix begins: the first 48 bits of SHA-256 of the employee's id, modulo the space. */
export function firstSuffix(employeeId: string, digits: number): number {
  return Number.parseInt(hash('sha256', employeeId, 'hex').slice(0, HASH_DIGITS), 16) % capacityOf(digits);
}

export function capacityOf(digits: number): number {
  return 10 ** digits;
}

export function numberIn({ initials, digits }: NumberSpace, suffix: number): string {
  return PREFIX + initials + String(suffix).padStart(digits, '0');
}

/** The space and suffix of a number in its comparable form; undefined for numbers of another form. */
export function partsOf(
  number: string,
): { readonly space: NumberSpace; readonly suffix: number } | undefined {
  const [, initials, suffix] = NUMBER.exec(number) ?? [];
  if (initials === undefined || suffix === undefined) return undefined;
  return { space: { initials, digits: suffix.length }, suffix: Number(suffix) };
}
