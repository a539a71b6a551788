/** Shares of the reads that the new model gets one after the other: growing whole percents, 100 at the end. */
export type Ramp = readonly [number, ...number[]];

/** E-24 */
export const DEFAULT_RAMP: Ramp = [10, 50, 100];

export function isRamp(shares: unknown): shares is Ramp {
  if (!Array.isArray(shares) || shares.at(-1) !== 100) return false;
  return shares.every((share, at) => Number.isInteger(share) && share > (at === 0 ? 0 : shares[at - 1]));
}
