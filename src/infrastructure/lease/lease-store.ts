import type { RateLimits } from '../../runner/ports/rates.js';
import type { Holder } from './holder.js';

/** Who holds the lease of a plan. Written when it changes hands and when it is let go. */
export interface LeaseRecord {
  readonly plan: string;
  readonly token: number;
  readonly holder: Holder;
  /** unique for each acquisition, so that the taker knows its own record again */
  readonly nonce: string;
  readonly command: string;
  /** ISO instant by the holder's wall clock */
  readonly acquiredAt: string;
  /** ms that it lasts without a heartbeat */
  readonly duration: number;
  readonly released: boolean;
}

/** That the holder is alive. Written at every heartbeat, and by those who ask it to stop or to go at another rate. */
export interface LeaseBeat {
  readonly token: number;
  /** another number at every heartbeat */
  readonly beat: number;
  /** ISO instant by the holder's wall clock */
  readonly expiresAt: string;
  readonly stop: boolean;
  /** limits that somebody asked for; undefined: nobody did */
  readonly rate?: RateLimits;
}

/** All that is stored of a lease. Both parts are there or none, unless somebody removed one by hand. */
export interface StoredLease {
  readonly record?: LeaseRecord;
  readonly beat?: LeaseBeat;
}

/** What must still be so for a lease to change hands. */
export interface Expectation {
  /** undefined: there is no record */
  readonly token: number | undefined;
  /** the last heartbeat seen; undefined: it does not matter */
  readonly beat?: LeaseBeat | undefined;
}

/**
 * Two small records per plan and conditional writes on them. Each write is atomic. Throws StoreError where the store
 * fails; the write may have been done then.
 */
export interface LeaseStore {
  /** The two parts may be of different moments: writes are conditional, so nothing rests on a reading alone. */
  read(plan: string): Promise<StoredLease>;
  /** Replaces both parts together. False, and nothing written, where something else is there than expected. */
  move(record: LeaseRecord, beat: LeaseBeat, expected: Expectation): Promise<boolean>;
  /** A heartbeat: one attempt. Gives back what is stored now; undefined where the token is another one. */
  beat(plan: string, token: number, expiresAt: string, signal: AbortSignal): Promise<LeaseBeat | undefined>;
  /** Gives back what is stored now; undefined where the token is another one. */
  requestStop(plan: string, token: number): Promise<LeaseBeat | undefined>;
  /** Sets the limits given and keeps the others. Gives back as {@link requestStop} does. */
  requestRate(plan: string, token: number, limits: RateLimits): Promise<LeaseBeat | undefined>;
  /** False where the token is another one. The token stays, so that the next one is larger. */
  release(plan: string, token: number, signal?: AbortSignal): Promise<boolean>;
}
