import type { SeededRandom } from './seeded-random.js';

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** The last day of a month; `month` counts from 1 and may run over into later years. */
export function monthEnd(year: number, month: number): string {
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** The day `offset` days after the first of a month. */
export function dayAfter(year: number, month: number, offset: number): string {
  return new Date(Date.UTC(year, month - 1, 1 + offset)).toISOString().slice(0, 10);
}

/**
 * A time of day on the given day, or up to two days later, as .NET writes it: seven fraction digits, mostly in UTC,
 * sometimes with an offset or (of unspecified kind) without a zone.
 */
export function demoTimestamp(random: SeededRandom, year: number, month: number, day: number): string {
  const date = dayAfter(year, month, day - 1 + random.between(0, 2));
  const clock = `${two(random.between(6, 20))}:${two(random.between(0, 59))}:${two(random.between(0, 59))}`;
  const zone = random.pick(['Z', 'Z', 'Z', 'Z', 'Z', '+01:00', '-05:00', '']);
  return `${date}T${clock}.${random.digits(7)}${zone}`;
}
