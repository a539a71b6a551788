import { setTimeout as sleep } from 'node:timers/promises';

/** Exponential backoff with full jitter; all times in milliseconds. */
export interface RetryPolicy {
  /** the longest first pause */
  readonly base: number;
  /** the longest pause at all */
  readonly cap: number;
  /** how long to go on, from the first failure */
  readonly total: number;
  /**
   * How long to go on, at most `total`, where connections break and nothing at the endpoint ever gave an answer of
   * DynamoDB's: it may be the wrong one. Undefined: 2,000.
   */
  readonly unanswered?: number;
  /** monotonic clock */
  readonly now: () => number;
  /** rejects when the signal is aborted */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  /** uniform in 0 … 1 */
  readonly random: () => number;
}

export const DEFAULT_RETRIES: RetryPolicy = {
  base: 50,
  cap: 5_000,
  total: 60_000,
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal === undefined ? {} : { signal }),
  random: Math.random,
};

interface PauseOptions {
  /** milliseconds from the first failure on; undefined: the policy's total */
  readonly within?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How often and how long one piece of work may still be tried. Progress (`renew`) starts it anew, so that a batch
 * that shrinks slowly is not given up.
 */
export class RetryBudget {
  private failures = 0;
  private since: number | undefined;

  constructor(private readonly policy: RetryPolicy) {}

  /** Waits before the next attempt. False, without waiting, if the budget is spent. An abort is thrown as its reason. */
  async pause(options: PauseOptions = {}): Promise<boolean> {
    const { base, cap, total, now, random } = this.policy;
    const { within = total, signal } = options;
    this.since ??= now();
    if (now() - this.since >= within) return false;
    const longest = Math.min(cap, base * 2 ** this.failures);
    this.failures += 1;
    try {
      await this.policy.sleep(random() * longest, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
    return true;
  }

  /** Milliseconds since the first failure; undefined where nothing was tried again. */
  get spent(): number | undefined {
    return this.since === undefined || this.failures === 0 ? undefined : this.policy.now() - this.since;
  }

  renew(): void {
    this.failures = 0;
    this.since = undefined;
  }
}
