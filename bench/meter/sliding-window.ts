/** Units that were taken at a moment. */
export interface Taken {
  /** ms */
  readonly at: number;
  readonly units: number;
}

export interface WorstWindow {
  readonly units: number;
  /** ms at which it begins */
  readonly from: number;
}

/**
 * The most units in any window of this length, wherever it begins: a window holds what was taken at its first moment
 * and not what was taken at its end. `taken` in any order; nothing taken: 0 units.
 */
export function worstWindow(taken: readonly Taken[], milliseconds = 1000): WorstWindow {
  const sorted = [...taken].sort((a, b) => a.at - b.at);
  let worst: WorstWindow = { units: 0, from: sorted[0]?.at ?? 0 };
  let units = 0;
  let first = 0;
  for (const { at, units: more } of sorted) {
    units += more;
    for (let oldest = sorted[first]; oldest !== undefined && at - oldest.at >= milliseconds;) {
      units -= oldest.units;
      first += 1;
      oldest = sorted[first];
    }
    if (units > worst.units) worst = { units, from: sorted[first]?.at ?? at };
  }
  return worst;
}

/** Units in each whole second from the first moment on, for a plot. */
export function perSecond(taken: readonly Taken[]): number[] {
  const from = Math.min(...taken.map(({ at }) => at));
  const seconds: number[] = [];
  for (const { at, units } of taken) {
    const second = Math.floor((at - from) / 1000);
    seconds[second] = (seconds[second] ?? 0) + units;
  }
  return Array.from(seconds, (units: number | undefined) => units ?? 0);
}
