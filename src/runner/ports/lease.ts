import type { RateLimits } from './rates.js';

/** What writes are checked against before they are sent (invariant 7). */
export interface Fence {
  /** of the plan whose lease it is */
  readonly plan: string;
  /** the environment whose lease it is; absent: unknown, then no advice names it */
  readonly env?: string;
  /** grows with every change of the holder */
  readonly token: number;
  /** Throws RefusedError `LEASE_LOST` from a margin before the lease expires, by the monotonic clock. */
  assertHeld(): void;
}

/** Limits that others ask the holder of a lease to keep to. */
export interface RateRequests {
  /** Calls back with the limits asked for, at once if that was before. */
  subscribe(listener: (limits: RateLimits) => void): void;
}

/** The one who may work on a plan in an environment, until it expires or is released. */
export interface Lease extends Fence {
  /** aborted with the LEASE_LOST error as its reason when the lease is lost */
  readonly lost: AbortSignal;
  /** aborted when somebody asked the holder to stop (`node runner stop`) */
  readonly stop: AbortSignal;
  /** what somebody asks of the holder's rate (`node runner tune`); absent: nobody can */
  readonly rates?: RateRequests;
  /** Ends the heartbeat and lets go of the lease; does nothing where it is lost. */
  release(): Promise<void>;
}

/** A lease as others see it. */
export interface LeaseView {
  readonly plan: string;
  readonly token: number;
  readonly holder: { readonly host: string; readonly pid: number; readonly user: string };
  /** what it is doing, e.g. `run`, `rollback` */
  readonly command: string;
  readonly acquiredAt: string;
  /** by the holder's wall clock, as of its last heartbeat */
  readonly expiresAt: string;
  readonly released: boolean;
  /** its holder is known to be gone without letting go of it: whoever asks for it gets it */
  readonly abandoned?: boolean;
  /**
   * By this machine's wall clock it is over and was not renewed. Its holder may be there all the same, so whoever asks
   * for it watches first, and gets it where there is no sign of life.
   */
  readonly expired?: boolean;
  readonly stopRequested: boolean;
  /** limits that somebody asked its holder to keep to since it began */
  readonly rate?: RateLimits;
}

export interface LeaseRequest {
  readonly plan: string;
  readonly command: string;
  /** how long it lasts without a heartbeat */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Leases of one environment, one for each plan. */
export interface Leases {
  /**
   * Takes the lease, also from a holder that is known to be dead or whose lease is provably over. Throws RefusedError
   * `LEASE_HELD` with the holder and the end of its lease.
   */
  acquire(request: LeaseRequest): Promise<Lease>;
  /** undefined where nobody ever held it */
  current(plan: string): Promise<LeaseView | undefined>;
  /**
   * Asks the holder to stop. Gives back the holder asked, `expired` where it was watched and showed no sign of life;
   * undefined where nobody holds the lease.
   */
  requestStop(plan: string): Promise<LeaseView | undefined>;
  /** Asks the holder to keep to other limits; those not given stay. Gives back the holder asked; undefined where there is no living one. */
  requestRate(plan: string, limits: RateLimits): Promise<LeaseView | undefined>;
}

export const DEFAULT_LEASE_SECONDS = 30;

/** What `--lease-seconds` permits. A lease that says otherwise was written by nobody but a person. */
export const LEASE_SECONDS = { least: 1, most: 3600 } as const;

/** All times of a lease follow from its length, in ms. */
export interface LeaseTiming {
  readonly duration: number;
  /** requests stop this long before expiry, and a takeover waits this much longer */
  readonly margin: number;
  readonly heartbeat: number;
  /** less than the margin, so that a request under way at its start is over at expiry */
  readonly requestTimeout: number;
}

export function leaseTiming(seconds: number): LeaseTiming {
  const duration = seconds * 1000;
  const margin = duration / 3;
  return { duration, margin, heartbeat: duration / 6, requestTimeout: Math.floor(margin * 0.75) };
}
