/** What repeated measurements of one thing say. */
export interface Summary {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** in the order in which they were measured */
  readonly values: readonly number[];
}

/** Throws RangeError where nothing was measured, or something that is no finite number. */
export function summaryOf(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const [low] = sorted;
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) throw new RangeError('nothing was measured');
  if (!values.every(Number.isFinite)) throw new RangeError('a measurement is no finite number');
  return { median: medianOf(sorted), low, high, values: [...values] };
}

/** Of an even number of values: the mean of the two in the middle. */
function medianOf(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? 0;
  if (!Number.isInteger(half)) return upper;
  return ((sorted[half - 1] ?? 0) + upper) / 2;
}

/**
 * One ratio per pair: what was measured one after the other on the same machine is compared with each other, so that a
 * slow minute of the machine hits both. Throws RangeError where the numbers of values differ.
 */
export function pairedRatios(numerators: readonly number[], denominators: readonly number[]): number[] {
  if (numerators.length !== denominators.length) throw new RangeError('a measurement has no partner');
  return numerators.map((numerator, index) => numerator / (denominators[index] ?? Number.NaN));
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
