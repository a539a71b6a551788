/**
 * How long a phase that was read counts, in ms. A process acts on a reading for `fresh` without asking again, and for
 * `kept` where asking fails, both from the instant at which the read began. So `kept` after a change nobody begins
 * anything under the phase before it, and `settled` leaves as long again for what was begun until then and for clocks
 * that differ (E-X18).
 */
export const PHASE_TIMES = { fresh: 5_000, kept: 30_000, settled: 60_000 } as const;
