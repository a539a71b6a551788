import { uptime } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

export interface SleepOptions {
  /** whether the process stays alive for it */
  readonly ref: boolean;
  readonly signal?: AbortSignal;
}

/** Rejects when its signal is aborted. */
export type Sleep = (milliseconds: number, options: SleepOptions) => Promise<unknown>;

/** No timer of Node's lasts longer: it would go off at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What leases know of time, in ms. */
export interface LeaseClocks {
  /** wall clock, since 1970; it may be wrong, and it may jump */
  readonly clock: () => number;
  /** never goes back; it may stand still while the machine is suspended */
  readonly monotonic: () => number;
  /** goes on while the machine is suspended; undefined where there is no such clock beside the two others */
  readonly sinceBoot: (() => number) | undefined;
  readonly sleep: Sleep;
}

/**
 * The clocks of this machine. On Linux `performance.now` is CLOCK_MONOTONIC, which stops in suspend (Node issue
 * 47724), while `os.uptime` is CLOCK_BOOTTIME, which does not. Elsewhere the monotonic clock goes on by itself.
 */
export const SYSTEM_CLOCKS: LeaseClocks = {
  clock: () => Date.now(),
  monotonic: () => performance.now(),
  sinceBoot: process.platform === 'linux' ? () => uptime() * 1000 : undefined,
  sleep: (milliseconds, options) => wait(Math.min(milliseconds, LONGEST_TIMER_MS), undefined, options),
};
