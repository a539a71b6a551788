/** What is left of a rate after throttling. */
const DECREASE = 0.7;
/** Answers to requests that were under way together count as one. */
const TOGETHER_MS = 500;
/** What comes back each second, as a part of the rate at which throttling began. */
const RECOVERY_A_SECOND = 0.05;
/** Where there is no other limit, the ceiling goes when so many times that rate passed without throttling. */
const OVER = 2;

/**
 * How fast a table or index may be used after it throttled: multiplicative decrease, slow additive increase (AIMD).
 * Units a second; times in ms by the caller's clock.
 */
export class AimdCeiling {
  /** the rate at which throttling began, and what is left of it as of `since`; undefined: it did not throttle */
  #state: { readonly base: number; readonly left: number; readonly since: number } | undefined;

  /** Infinite where nothing throttled, and once it has recovered up to `limit`. */
  at(now: number, limit: number): number {
    if (this.#state === undefined) return Number.POSITIVE_INFINITY;
    const { base, left, since } = this.#state;
    const rate = left + (base * RECOVERY_A_SECOND * (now - since)) / 1_000;
    if (rate < Math.min(limit, base * OVER)) return rate;
    this.#state = undefined;
    return Number.POSITIVE_INFINITY;
  }

  /** `rate`: what was used when it throttled. */
  throttled(now: number, rate: number): void {
    const found = this.#state;
    if (found !== undefined && now - found.since < TOGETHER_MS) return;
    const base = Math.max(found?.base ?? 0, rate);
    this.#state = { base, left: Math.max(1, base / 100, rate * DECREASE), since: now };
  }
}
