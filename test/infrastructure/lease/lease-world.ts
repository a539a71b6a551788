import type { Holder } from '../../../src/infrastructure/lease/holder.js';
import type { LeaseClocks } from '../../../src/infrastructure/lease/lease-clocks.js';
import type { LeaseStore } from '../../../src/infrastructure/lease/lease-store.js';
import { MemoryLeaseStore } from '../../../src/infrastructure/lease/memory-lease-store.js';
import type { LeaseOptions } from '../../../src/infrastructure/lease/stored-leases.js';
import { StoredLeases } from '../../../src/infrastructure/lease/stored-leases.js';
import type { Lease } from '../../../src/runner/ports/lease.js';

const EPOCH = Date.parse('2026-11-21T00:00:00Z');

interface Event {
  readonly time: number;
  /** whose code it runs; undefined: the store's */
  readonly machine: Machine | undefined;
  readonly run: () => void;
}

/** What may happen to a request, each with its chance in percent. */
export interface Weather {
  readonly lostRequests: number;
  readonly lostAnswers: number;
  /** arrives minutes later, when the sender has long given up */
  readonly strayRequests: number;
  /** takes the lease and is answered as if it had not */
  readonly deniedMoves: number;
}

export const CALM: Weather = { lostRequests: 0, lostAnswers: 0, strayRequests: 0, deniedMoves: 0 };

/** True time, a store, and machines with clocks of their own that may stand still, jump or crash. */
export class World {
  now = 0;
  weather: Weather = CALM;
  readonly tokens: number[] = [];
  readonly store = new MemoryLeaseStore((_, token) => this.tokens.push(token));
  readonly events = new Map<string, number>();
  #waiting: Event[] = [];

  /** `random`: uniform in 0 … 1 */
  constructor(readonly random: () => number) {}

  at(time: number, machine: Machine | undefined, run: () => void): () => void {
    const event = { time, machine, run };
    this.#waiting.push(event);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== event);
    };
  }

  count(event: string): void {
    this.events.set(event, (this.events.get(event) ?? 0) + 1);
  }

  async advance(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await settled();
      const next = this.next();
      if (next === undefined || due(next) > end) break;
      this.#waiting = this.#waiting.filter((event) => event !== next);
      this.now = Math.max(this.now, due(next));
      if (next.machine?.crashed !== true) next.run();
    }
    this.now = end;
  }

  /** Of several that are due at the same time, any. */
  private next(): Event | undefined {
    const first = Math.min(...this.#waiting.map(due));
    const ready = this.#waiting.filter((event) => due(event) === first);
    return ready[Math.floor(this.random() * ready.length)];
  }
}

/** Code of a machine that stands still runs when it goes on. */
function due({ time, machine }: Event): number {
  return Math.max(time, machine?.stillUntil ?? 0);
}

/** All that promises set off has happened. */
function settled(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

let machines = 0;

/** One process on a machine. */
export class Machine {
  readonly leases: StoredLeases;
  readonly name = `process ${(machines += 1)}`;
  /** those it got; never cleaned up */
  readonly held: Lease[] = [];
  crashed = false;
  stillUntil = 0;
  /** until when nothing that it sends arrives */
  cutOffUntil = 0;
  wallOffset = 0;
  /** time that the monotonic clock missed, and until when it goes on missing it */
  #missed = 0;
  #suspendedAt = 0;
  #suspendedUntil = 0;

  constructor(
    readonly world: World,
    readonly host: string,
    crashes: ReadonlySet<string>,
    options: Partial<LeaseClocks> = {},
  ) {
    const identity: Holder = { host, pid: 1, user: 'test', process: this.name, scope: host };
    const settings: LeaseOptions = {
      identity,
      clock: () => EPOCH + world.now + this.wallOffset,
      monotonic: () => this.monotonic(),
      sinceBoot: () => world.now,
      sleep: (milliseconds, { signal }) => this.sleep(milliseconds, signal),
      isDead: ({ holder }) => holder.scope === host && crashes.has(holder.process ?? ''),
      log: {
        event: (_, event, fields) => {
          const ground = fields?.['ground'] as string | undefined;
          world.count(ground === undefined ? event : `${event} ${ground}`);
        },
      },
      ...options,
    };
    this.leases = new StoredLeases(this.remoteStore(), 'test', settings);
  }

  /** as SIGSTOP: no code runs, clocks do */
  pause(milliseconds: number): void {
    this.stillUntil = Math.max(this.stillUntil, this.world.now + milliseconds);
  }

  /** as a closed lid: the monotonic clock stands still as well */
  suspend(milliseconds: number): void {
    if (this.world.now < this.#suspendedUntil) return;
    this.#missed += this.#suspendedUntil - this.#suspendedAt;
    this.#suspendedAt = this.world.now;
    this.#suspendedUntil = this.world.now + milliseconds;
    this.pause(milliseconds);
  }

  /** Leases of it under which it would write at this very moment. */
  writable(): Lease[] {
    return this.held.filter((lease) => {
      try {
        lease.assertHeld();
        return true;
      } catch {
        return false;
      }
    });
  }

  private monotonic(): number {
    const { now } = this.world;
    return now - this.#missed - (Math.min(now, this.#suspendedUntil) - this.#suspendedAt);
  }

  private sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((done, fail) => {
      const cancel = this.world.at(this.world.now + milliseconds, this, done);
      const abort = (): void => {
        cancel();
        fail(signal?.reason as Error);
      };
      if (signal?.aborted === true) abort();
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  private remoteStore(): LeaseStore {
    const { store } = this.world;
    return {
      read: (...args) => this.call(() => store.read(...args)),
      move: async (...args) => {
        const moved = await this.call(() => store.move(...args));
        return moved && !this.chance('deniedMoves');
      },
      beat: (plan, token, expiresAt, signal) => this.call(() => store.beat(plan, token, expiresAt), signal),
      requestStop: (...args) => this.call(() => store.requestStop(...args)),
      requestRate: (...args) => this.call(() => store.requestRate(...args)),
      release: (plan, token, signal) => this.call(() => store.release(plan, token), signal),
    };
  }

  private chance(mishap: keyof Weather): boolean {
    const { weather, random } = this.world;
    const happens = random() * 100 < weather[mishap];
    if (happens) this.world.count(mishap);
    return happens;
  }

  /** A request on its way there and back. */
  private call<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { world } = this;
    const travel = (): number => 1 + world.random() * 40;
    const [isLost, isUnanswered, isStray] = [
      this.chance('lostRequests') || world.now < this.cutOffUntil,
      this.chance('lostAnswers'),
      this.chance('strayRequests'),
    ];
    return new Promise((done, fail) => {
      signal?.addEventListener('abort', () => fail(signal.reason as Error), { once: true });
      const arrival = world.now + travel() + (isStray ? world.random() * 90_000 : 0);
      if (!isLost) {
        world.at(arrival, undefined, () => {
          const result = work();
          if (!isUnanswered && !isStray)
            world.at(world.now + travel(), this, () => void result.then(done, fail));
        });
      }
      if (isLost || isUnanswered || isStray)
        world.at(world.now + 2_000, this, () => fail(new Error('connection reset')));
    });
  }
}
