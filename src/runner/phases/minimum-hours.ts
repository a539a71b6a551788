import type { Phase } from '../../cutover/phases/phase.js';
import type { PhaseRecord } from '../../cutover/phases/phase-store.js';
import type { PhaseGate } from '../phase-requests.js';
import type { Environment } from '../ports/environment.js';

const HOUR_MS = 3_600_000;
const DAY = 24;

/** P-36: a week of watching before dual writes end. P-37: two weeks of single writes before the old table is archived. */
const IN_PRODUCTION = { readingHours: 7 * DAY, singleWriteHours: 14 * DAY } as const;

/**
 * The least time in the present phase before that one. It counts from the beginning of the present phase and from nothing
 * else: whoever falls back and comes again waits again. undefined: there is none.
 */
export function timeGate(
  to: Phase,
  { last }: PhaseRecord,
  { cutover, production }: Pick<Environment, 'cutover' | 'production'>,
  now: Date,
): PhaseGate | undefined {
  const usual = production ? IN_PRODUCTION : { readingHours: 0, singleWriteHours: 0 };
  const { readingHours, singleWriteHours } = { ...usual, ...cutover };
  const hours = to.name === 'new-only' ? readingHours : to.name === 'archived' ? singleWriteHours : 0;
  if (hours === 0 || last === undefined) return undefined;
  const end = new Date(Date.parse(last.at) + hours * HOUR_MS);
  const met = now.getTime() >= end.getTime();
  const evidence = `${hours} h since ${last.at} ${met ? 'were over' : 'are over'} at ${end.toISOString()}`;
  return { gate: 'time', met, evidence, ...(met ? {} : { next: 'Wait, and watch.' }) };
}
