import { randomUUID } from 'node:crypto';

import type { Lease, LeaseRequest, Leases, LeaseView } from '../../runner/ports/lease.js';
import { leaseTiming } from '../../runner/ports/lease.js';
import type { RateLimits } from '../../runner/ports/rates.js';
import type { RunLog } from '../../runner/ports/run-log.js';
import { HeldLease } from './held-lease.js';
import type { HeldLeaseParts } from './held-lease.js';
import { HolderClock } from './holder-clock.js';
import type { Holder } from './holder.js';
import { isKnownDead, thisHolder } from './holder.js';
import type { LeaseClocks } from './lease-clocks.js';
import { SYSTEM_CLOCKS } from './lease-clocks.js';
import { leaseHeld } from './lease-errors.js';
import type { Expectation, LeaseBeat, LeaseRecord, LeaseStore, StoredLease } from './lease-store.js';
import { viewOf } from './lease-view.js';

export interface LeaseOptions extends Partial<LeaseClocks> {
  // a monotonic clock of one's own comes with a wall clock of its own; the holder compares the two
  /** who acquires; this process */
  readonly identity?: Holder;
  /** whether a lease's holder is known to be gone; by default, whether it was a process of this host that is */
  readonly isDead?: (record: LeaseRecord) => boolean;
  /** `lease.acquired`, `lease.waiting`, `lease.takeover`, `lease.stopRequested`, `lease.rateRequested`, `lease.lost`, `lease.releaseFailed` */
  readonly log?: RunLog;
}

/** How often a lease may change hands while somebody asks its holder for something. */
const ASK_TRIES = 5;

/** Why a lease may change hands. */
type Ground = 'free' | 'dead' | 'expired';

/**
 * The protocol of leases over any {@link LeaseStore} (ADR 0012). No wall clock, however wrong, lets two hold a lease:
 * it only decides whether to refuse at once or to watch first.
 */
export class StoredLeases implements Leases {
  readonly #store: LeaseStore;
  readonly #env: string;
  readonly #clocks: LeaseClocks;
  readonly #identity: Holder;
  readonly #isDead: (record: LeaseRecord) => boolean;
  readonly #log: RunLog | undefined;

  constructor(store: LeaseStore, env: string, options: LeaseOptions = {}) {
    const identity = options.identity ?? thisHolder();
    this.#store = store;
    this.#env = env;
    this.#clocks = clocksOf(options);
    this.#identity = identity;
    this.#isDead = options.isDead ?? (({ holder }) => isKnownDead(holder, identity));
    this.#log = options.log;
  }

  async acquire(request: LeaseRequest): Promise<Lease> {
    return new HeldLease(await this.take(request));
  }

  async current(plan: string): Promise<LeaseView | undefined> {
    const seen = await this.#store.read(plan);
    const view = viewOf(seen);
    if (view === undefined || view.released) return view;
    if (this.#groundOf(seen) === 'dead') return { ...view, abandoned: true };
    return Date.parse(view.expiresAt) > this.#clocks.clock() ? view : { ...view, expired: true };
  }

  async requestStop(plan: string): Promise<LeaseView | undefined> {
    const asked = await this.#ask(plan, (token) => this.#store.requestStop(plan, token));
    if (asked === undefined) return undefined;
    return asked.alive ? asked.view : { ...asked.view, expired: true };
  }

  async requestRate(plan: string, limits: RateLimits): Promise<LeaseView | undefined> {
    const asked = await this.#ask(plan, (token) => this.#store.requestRate(plan, token, limits));
    return asked?.alive === true ? asked.view : undefined;
  }

  /** Leaves a request with the holder; undefined where nobody has the lease. */
  async #ask(
    plan: string,
    request: (token: number) => Promise<LeaseBeat | undefined>,
  ): Promise<{ readonly view: LeaseView; readonly alive: boolean } | undefined> {
    for (let tries = 0; tries < ASK_TRIES; tries += 1) {
      const seen = await this.#store.read(plan);
      const { record } = seen;
      if (record === undefined || this.#groundOf(seen) !== undefined) return undefined;
      const beat = await request(record.token);
      if (beat !== undefined) {
        const asked = { record, beat };
        const view = viewOf(asked);
        return view && { view, alive: await this.#isAlive(asked) };
      }
      // it has just changed hands
    }
    return undefined;
  }

  /** Takes the lease, as {@link Leases.acquire} says. */
  protected async take(request: LeaseRequest): Promise<HeldLeaseParts> {
    const nonce = randomUUID();
    const holderClock = new HolderClock(this.#clocks);
    let takenAt = holderClock.now();
    for (;;) {
      request.signal?.throwIfAborted();
      const seen = await this.#store.read(request.plan);
      if (seen.record?.nonce === nonce) return this.#taken(request, seen.record, holderClock, takenAt);
      const ground = await this.#groundFor(seen, request);
      if (ground === undefined) continue;
      const record = this.#recordFor(request, seen, nonce);
      takenAt = holderClock.now();
      if (await this.#move(record, seen, ground)) {
        if (ground !== 'free') this.#event('warn', 'lease.takeover', seen, { ground });
        return this.#taken(request, record, holderClock, takenAt);
      }
      // somebody else was faster, or it was us and the acknowledgement was lost: the record tells
    }
  }

  #recordFor({ plan, command, seconds }: LeaseRequest, seen: StoredLease, nonce: string): LeaseRecord {
    return {
      plan,
      token: Math.max(seen.record?.token ?? 0, seen.beat?.token ?? 0) + 1,
      holder: this.#identity,
      nonce,
      command,
      acquiredAt: new Date(this.#clocks.clock()).toISOString(),
      duration: leaseTiming(seconds).duration,
      released: false,
    };
  }

  #move(record: LeaseRecord, seen: StoredLease, ground: Ground): Promise<boolean> {
    const expiresAt = new Date(Date.parse(record.acquiredAt) + record.duration).toISOString();
    const beat = { token: record.token, beat: 1, expiresAt, stop: false };
    const expected: Expectation = {
      token: seen.record?.token,
      // whoever is free or dead does not come back, while a silent holder may have sent one more
      ...(ground === 'expired' && { beat: seen.beat }),
    };
    return this.#store.move(record, beat, expected);
  }

  #taken(
    { plan, seconds, command }: LeaseRequest,
    { token }: LeaseRecord,
    holderClock: HolderClock,
    takenAt: number,
  ): HeldLeaseParts {
    this.#log?.event('info', 'lease.acquired', { plan, command, fence: token, seconds });
    const [store, clocks, env, log] = [this.#store, this.#clocks, this.#env, this.#log];
    return { plan, env, token, timing: leaseTiming(seconds), store, clocks, holderClock, takenAt, log };
  }

  /** Why the lease may be taken now; undefined where another look is due. Throws where somebody holds it. */
  async #groundFor(seen: StoredLease, request: LeaseRequest): Promise<Ground | undefined> {
    const ground = this.#groundOf(seen);
    if (ground !== undefined || seen.record === undefined) return ground ?? 'free';
    if (this.#seemsValid(seen)) throw this.#held(seen);
    const { duration, margin } = leaseTiming(seen.record.duration / 1000);
    this.#event('warn', 'lease.waiting', seen, { milliseconds: duration + margin });
    const changed = await this.#watched(seen, duration + margin, request.signal);
    if (changed === undefined) return 'expired';
    if (this.#groundOf(changed) === undefined) throw this.#held(changed);
    return undefined;
  }

  #groundOf({ record }: StoredLease): Ground | undefined {
    if (record === undefined || record.released) return 'free';
    return this.#isDead(record) ? 'dead' : undefined;
  }

  /** Whether the wall clocks agree that the lease is good. */
  #seemsValid({ record, beat }: StoredLease): boolean {
    if (record === undefined || beat?.token !== record.token) return false;
    const remaining = Date.parse(beat.expiresAt) - this.#clocks.clock();
    return remaining > 0 && remaining <= record.duration;
  }

  /** Whether the holder is still there: where the wall clocks can't tell, whether it sends a heartbeat. */
  async #isAlive(seen: StoredLease & { readonly record: LeaseRecord }): Promise<boolean> {
    if (this.#seemsValid(seen)) return true;
    const { heartbeat } = leaseTiming(seen.record.duration / 1000);
    return (await this.#watched(seen, 3 * heartbeat)) !== undefined;
  }

  /**
   * Waits for a change for so long, by the monotonic clock, from when `seen` was there. Gives back what is there after
   * a change; undefined where there was none.
   */
  async #watched(
    seen: StoredLease,
    milliseconds: number,
    signal?: AbortSignal,
  ): Promise<StoredLease | undefined> {
    const { monotonic, sleep } = this.#clocks;
    const start = monotonic();
    const interval = leaseTiming((seen.record?.duration ?? 0) / 1000).heartbeat;
    for (;;) {
      const rest = milliseconds - (monotonic() - start);
      if (rest <= 0) return undefined;
      await this.#sleepUnless(
        sleep(Math.min(interval, rest), { ref: true, ...(signal && { signal }) }),
        signal,
      );
      const now = await this.#store.read(seen.record?.plan ?? '');
      if (!isSame(now, seen)) return now;
    }
  }

  async #sleepUnless(slept: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
    try {
      await slept;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  #held(seen: StoredLease): Error {
    const view = viewOf(seen);
    if (view === undefined) throw new TypeError('a lease that is held has a record');
    return leaseHeld(view, this.#env);
  }

  #event(level: 'info' | 'warn', event: string, { record }: StoredLease, fields: object): void {
    if (record === undefined) return;
    const { plan, token, holder, command } = record;
    const { host, pid } = holder;
    this.#log?.event(level, event, { plan, fence: token, holder: { host, pid, command }, ...fields });
  }
}

/** The system's own, but for those given. Clocks that are given are not compared with the system's. */
function clocksOf(options: LeaseOptions): LeaseClocks {
  const isOwn = options.clock === undefined && options.monotonic === undefined;
  return { ...SYSTEM_CLOCKS, ...(isOwn ? {} : { sinceBoot: undefined }), ...options };
}

/** Whether nothing has happened between two looks. */
function isSame(a: StoredLease, b: StoredLease): boolean {
  const signs = ({ record, beat }: StoredLease) => [record?.token, record?.released, beat?.token, beat?.beat];
  return signs(a).every((sign, index) => sign === signs(b)[index]);
}
