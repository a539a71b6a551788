import { RefusedError } from '../../runner/ports/errors.js';
import type { Lease, LeaseTiming, RateRequests } from '../../runner/ports/lease.js';
import type { RateLimits } from '../../runner/ports/rates.js';
import type { RunLog } from '../../runner/ports/run-log.js';
import type { HolderClock } from './holder-clock.js';
import type { LeaseClocks } from './lease-clocks.js';
import { leaseLost, NOT_OURS } from './lease-errors.js';
import type { LeaseBeat, LeaseStore } from './lease-store.js';
import { limited } from './time-limit.js';

export interface HeldLeaseParts {
  readonly plan: string;
  readonly env: string;
  readonly token: number;
  readonly timing: LeaseTiming;
  readonly store: LeaseStore;
  readonly clocks: LeaseClocks;
  readonly holderClock: HolderClock;
  /** by the holder's clock, just before the request that took the lease was sent */
  readonly takenAt: number;
  readonly log: RunLog | undefined;
}

const OVER = 'it was not renewed in time; this process or its connection stood still';
const RELEASED = 'it was released';

/**
 * A lease in the hands of this process: renews itself until it is released or lost. It is good for its duration less
 * the margin, counted from before the last successful heartbeat was sent, so no delay of an answer makes it longer.
 */
export class HeldLease implements Lease {
  readonly plan: string;
  readonly env: string;
  readonly token: number;
  readonly rates: RateRequests = {
    subscribe: (listener) => {
      this.#rateListeners.push(listener);
      if (this.#rate !== undefined) listener(this.#rate);
    },
  };
  readonly #parts: HeldLeaseParts;
  readonly #lost = new AbortController();
  readonly #stop = new AbortController();
  readonly #ended = new AbortController();
  readonly #heartbeats: Promise<void>;
  readonly #rateListeners: ((limits: RateLimits) => void)[] = [];
  /** what was asked for as of the last heartbeat */
  #rate: RateLimits | undefined;
  #goodUntil: number;
  /** why nothing may be written any more */
  #end: RefusedError | undefined;
  /** the last heartbeat's error */
  #failure: unknown;

  constructor(parts: HeldLeaseParts) {
    this.plan = parts.plan;
    this.env = parts.env;
    this.token = parts.token;
    this.#parts = parts;
    this.#goodUntil = this.#goodFrom(parts.takenAt);
    this.#heartbeats = this.#renew();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  assertHeld(): void {
    if (this.#end === undefined && this.#remaining() <= 0) this.#lose(OVER);
    if (this.#end !== undefined) throw this.#end;
  }

  async release(): Promise<void> {
    if (!(await this.#finish(RELEASED))) return;
    const { store, clocks, log } = this.#parts;
    try {
      await limited(clocks.sleep, this.#remaining(), (signal) =>
        store.release(this.plan, this.token, signal),
      );
    } catch (error) {
      // it ends by itself, and what was done under it stays done
      log?.event('warn', 'lease.releaseFailed', { plan: this.plan, error });
    }
  }

  /** Lets go of everything but the lease itself, as a process that is killed. */
  protected async cease(): Promise<void> {
    await this.#finish('its holder is gone');
  }

  /** False where it was lost or ended before. */
  async #finish(why: string): Promise<boolean> {
    if (this.#end === undefined && this.#remaining() <= 0) this.#lose(OVER);
    const wasHeld = this.#end === undefined;
    this.#end ??= leaseLost(this, why);
    this.#ended.abort();
    await this.#heartbeats;
    return wasHeld;
  }

  #lose(why: string): void {
    if (this.#end !== undefined) return;
    const { log } = this.#parts;
    // no cause: the SDK goes by causes too, and would try again what a network error of the heartbeat explains
    const damage = this.#failure instanceof RefusedError ? `: ${this.#failure.message}` : '';
    this.#end = leaseLost(this, why === OVER && damage !== '' ? `it could not be renewed${damage}` : why);
    this.#ended.abort();
    const error = this.#failure === undefined ? {} : { error: this.#failure };
    log?.event('error', 'lease.lost', { plan: this.plan, fence: this.token, why, ...error });
    this.#lost.abort(this.#end);
  }

  #goodFrom(sent: number): number {
    const { duration, margin } = this.#parts.timing;
    return sent + duration - margin;
  }

  #remaining(): number {
    return this.#goodUntil - this.#parts.holderClock.now();
  }

  async #renew(): Promise<void> {
    const { heartbeat } = this.#parts.timing;
    let pause = heartbeat;
    while (await this.#slept(Math.min(pause, this.#remaining()))) {
      if (this.#remaining() <= 0) this.#lose(OVER);
      else pause = (await this.#beat()) ? heartbeat : heartbeat / 4;
    }
  }

  /** False where the lease ended. Keeps no process alive. */
  async #slept(milliseconds: number): Promise<boolean> {
    const options = { ref: false, signal: this.#ended.signal };
    try {
      await this.#parts.clocks.sleep(Math.max(0, milliseconds), options);
    } catch (error) {
      if (!this.#ended.signal.aborted) throw error;
    }
    return !this.#ended.signal.aborted;
  }

  /** False where the store did not answer. */
  async #beat(): Promise<boolean> {
    const { timing, clocks, holderClock, store } = this.#parts;
    const sent = holderClock.now();
    const expiresAt = new Date(clocks.clock() + timing.duration).toISOString();
    let found: LeaseBeat | undefined;
    try {
      // an attempt that takes as long as the time between two is given up: a later one counts from later
      found = await limited(
        clocks.sleep,
        timing.heartbeat,
        (signal) => store.beat(this.plan, this.token, expiresAt, signal),
        this.#ended.signal,
      );
    } catch (error) {
      this.#failure = error;
      return false;
    }
    if (this.#end !== undefined) return true;
    if (this.#remaining() <= 0) this.#lose(OVER);
    else if (found === undefined) this.#lose(NOT_OURS);
    else this.#credit(sent, found);
    return true;
  }

  #credit(sent: number, found: LeaseBeat): void {
    this.#failure = undefined;
    this.#goodUntil = this.#goodFrom(sent);
    this.#noteRate(found.rate);
    if (found.stop && !this.#stop.signal.aborted) {
      this.#parts.log?.event('info', 'lease.stopRequested', { plan: this.plan });
      this.#stop.abort(new Error(`Somebody asked the work on plan ${this.plan} to stop.`));
    }
  }

  #noteRate(rate: RateLimits | undefined): void {
    if (rate === undefined) return;
    if (rate.maxWcu === this.#rate?.maxWcu && rate.maxRcu === this.#rate?.maxRcu) return;
    this.#rate = rate;
    this.#parts.log?.event('info', 'lease.rateRequested', { plan: this.plan, ...rate });
    for (const listener of this.#rateListeners) listener(rate);
  }
}
