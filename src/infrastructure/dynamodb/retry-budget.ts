import { setTimeout as sleep } from 'node:timers/promises';

/** Exponential backoff with full jitter; all times in milliseconds. */
export interface RetryPolicy {
  /** the longest first pause */
  readonly base: number;
  /** the longest pause at all */
  readonly cap: number;
  /** how long to go on, from the first failure */
  readonly total: number;
  /** monotonic clock */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** uniform in 0 … 1 */
  readonly random: () => number;
}

export const DEFAULT_RETRIES: RetryPolicy = {
  base: 50,
  cap: 5_000,
  total: 60_000,
  now: () => performance.now(),
  sleep: (milliseconds) => sleep(milliseconds),
  random: Math.random,
};

/**
 * How often and how long one piece of work may still be tried. Progress (`renew`) starts it anew, so that a batch
 * that shrinks slowly is not given up.
 */
export class RetryBudget {
  private failures = 0;
  private since: number | undefined;

  constructor(private readonly policy: RetryPolicy) {}

  /** Waits before the next attempt. False, without waiting, if the budget is spent. */
  async pause(): Promise<boolean> {
    const { base, cap, total, now, random } = this.policy;
    this.since ??= now();
    if (now() - this.since >= total) return false;
    const longest = Math.min(cap, base * 2 ** this.failures);
    this.failures += 1;
    await this.policy.sleep(random() * longest);
    return true;
  }

  renew(): void {
    this.failures = 0;
    this.since = undefined;
  }
}
