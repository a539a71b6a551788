import type { RateLimits, StoreRates, UnitLimit } from '../../runner/ports/rates.js';
import type { Capacity, RequestCost } from './request-cost.js';
import { TokenBucket } from './token-bucket.js';

export type UnitKind = 'read' | 'write';

/** A table or, where `index` is given, one of its indexes, by physical names. */
export interface Resource {
  readonly kind: UnitKind;
  readonly table: string;
  readonly index?: string;
}

export interface GovernorClock {
  /** monotonic, in ms */
  readonly now: () => number;
  /** calls back once after so many ms */
  readonly after: (milliseconds: number, work: () => void) => void;
}

const SYSTEM: GovernorClock = {
  now: () => performance.now(),
  after: (milliseconds, work) => void setTimeout(work, milliseconds),
};

interface Draw {
  readonly bucket: TokenBucket;
  readonly units: number;
}

interface Waiter {
  readonly draws: readonly Draw[];
  readonly since: number;
  readonly go: () => void;
}

/** Whoever waits longer than this, in ms, is not overtaken any more by those who need only a part of the same. */
const PATIENCE_MS = 1_000;

/**
 * Paces requests so that no table and no index is used faster than its limit. Each has a token bucket for write units
 * and one for read units. Requests go in the order in which they came, except that one which waits for a certain table
 * or index does not hold up those that don't need it.
 */
export class RateGovernor {
  readonly #clock: GovernorClock;
  readonly #buckets = new Map<string, { readonly bucket: TokenBucket; readonly resource: Resource }>();
  readonly #waiting = new Set<Waiter>();
  #rates: StoreRates;
  #wakeAt = Number.POSITIVE_INFINITY;

  /** `rates.tables` by physical names. */
  constructor(rates: StoreRates = {}, clock: GovernorClock = SYSTEM) {
    this.#rates = rates;
    this.#clock = clock;
  }

  /** Changes the limits given, from now on, also for those who wait already. The others stay as they are. */
  tune(limits: RateLimits): void {
    this.#rates = { ...this.#rates, ...limits };
    const now = this.#clock.now();
    for (const { bucket, resource } of this.#buckets.values()) bucket.limitTo(this.#limitOf(resource), now);
    this.#admit();
  }

  /** Resolves when a request of this cost may go; its units are drawn then. An abort rejects with its reason. */
  acquire(cost: RequestCost, signal?: AbortSignal): Promise<void> {
    const draws = this.#draws(cost);
    const now = this.#clock.now();
    if (this.#waiting.size === 0 && draws.every(({ bucket }) => bucket.delay(now) === 0)) {
      for (const { bucket, units } of draws) bucket.draw(units, now);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        reject(signal?.reason as Error);
      };
      const go = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const waiter: Waiter = { draws, since: now, go };
      if (signal?.aborted === true) {
        leave();
        return;
      }
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.add(waiter);
      this.#admit();
    });
  }

  /** Accounts for what a request really cost, once that is known. */
  settle(estimate: RequestCost, actual: RequestCost): void {
    const rest = new Map<TokenBucket, number>();
    const add = (bucket: TokenBucket, units: number): void =>
      void rest.set(bucket, (rest.get(bucket) ?? 0) + units);
    for (const { bucket, units } of this.#draws(estimate)) add(bucket, -units);
    for (const { bucket, units } of this.#draws(actual)) add(bucket, units);
    const now = this.#clock.now();
    for (const [bucket, units] of rest) if (units !== 0) bucket.draw(units, now);
  }

  /** The store throttled a request for want of these units. */
  throttled(resources: readonly Resource[]): void {
    const now = this.#clock.now();
    for (const resource of resources) this.#bucket(resource).throttled(now);
  }

  /** Units a second on a table or index; infinite where nothing limits them. */
  rate(resource: Resource): number {
    return this.#bucket(resource).rate(this.#clock.now());
  }

  /** Units that one request may cost on any of these without showing in a second; infinite where nothing limits them. */
  largestDraw(resources: readonly Resource[]): number {
    const now = this.#clock.now();
    return Math.min(...resources.map((resource) => this.#bucket(resource).largestDraw(now)));
  }

  #draws(cost: RequestCost): Draw[] {
    const draws: Draw[] = [];
    for (const { table, units, indexes } of cost.tables) {
      draws.push({ bucket: this.#bucket({ kind: cost.kind, table }), units });
      for (const [index, own] of indexes ?? []) {
        draws.push({ bucket: this.#bucket({ kind: cost.kind, table, index }), units: own });
      }
    }
    return draws;
  }

  #bucket(resource: Resource): TokenBucket {
    const { kind, table, index } = resource;
    const name = index === undefined ? `${kind} ${table}` : `${kind} ${table}/${index}`;
    const found = this.#buckets.get(name);
    if (found !== undefined) return found.bucket;
    const bucket = new TokenBucket(this.#limitOf(resource));
    this.#buckets.set(name, { bucket, resource });
    return bucket;
  }

  /** A fixed limit counts for every table and index; without one, each has a share of what it has itself. */
  #limitOf({ kind, table, index }: Resource): number | undefined {
    const { maxWcu, maxRcu, tables } = this.#rates;
    const fixed: UnitLimit | undefined = kind === 'write' ? maxWcu : maxRcu;
    if (fixed !== undefined) return fixed === 'none' ? undefined : fixed;
    const own = tables?.get(table);
    const capacity: Capacity | undefined = index === undefined ? own : own?.indexes.get(index);
    return capacity?.[kind];
  }

  /** Lets go who may, and comes back when the next one may. */
  #admit(): void {
    const now = this.#clock.now();
    const blocked = new Set<TokenBucket>();
    let wait = Number.POSITIVE_INFINITY;
    for (const waiter of this.#waiting) {
      const { draws, since, go } = waiter;
      let isHeld = false;
      for (const { bucket } of draws) {
        const delay = blocked.has(bucket) ? Number.POSITIVE_INFINITY : bucket.delay(now);
        if (delay === 0) continue;
        isHeld = true;
        blocked.add(bucket);
        wait = Math.min(wait, delay);
      }
      if (!isHeld) {
        this.#waiting.delete(waiter);
        for (const { bucket, units } of draws) bucket.draw(units, now);
        go();
      } else if (now - since > PATIENCE_MS) {
        for (const { bucket } of draws) blocked.add(bucket);
      }
    }
    if (wait !== Number.POSITIVE_INFINITY) this.#wakeIn(wait, now);
  }

  #wakeIn(wait: number, now: number): void {
    // not for longer than a second: limits may be lifted, and what was throttled recovers
    const milliseconds = Math.min(1_000, Math.max(1, Math.ceil(wait)));
    if (this.#wakeAt <= now + milliseconds) return;
    const wakeAt = now + milliseconds;
    this.#wakeAt = wakeAt;
    this.#clock.after(milliseconds, () => {
      if (this.#wakeAt === wakeAt) this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#admit();
    });
  }
}
