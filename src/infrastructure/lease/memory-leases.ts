import type { LeaseRequest } from '../../runner/ports/lease.js';
import { DEFAULT_LEASE_SECONDS } from '../../runner/ports/lease.js';
import type { HeldLeaseParts } from './held-lease.js';
import { HeldLease } from './held-lease.js';
import { MemoryLeaseStore } from './memory-lease-store.js';
import type { LeaseOptions } from './stored-leases.js';
import { StoredLeases } from './stored-leases.js';

/** What a journal must know of the leases beside it: the token that its fenced writes are checked against. */
interface FencedJournal {
  advanceToken(plan: string, token: number): void;
}

/** A lease whose holder can be made to crash. */
export class MemoryLease extends HeldLease {
  readonly #crashed: (lease: MemoryLease) => void;

  constructor(parts: HeldLeaseParts, crashed: (lease: MemoryLease) => void) {
    super(parts);
    this.#crashed = crashed;
  }

  /** As if the process were killed: no heartbeat, no release, no write any more. The next `acquire` takes over. */
  abandon(): void {
    this.#crashed(this);
    void this.cease();
  }
}

/** Leases beside a journal in memory, by the same protocol. For tests and trials. */
export class MemoryLeases extends StoredLeases {
  readonly #dead: Set<string>;

  constructor(journal: FencedJournal, env = 'memory', options: LeaseOptions = {}) {
    const dead = new Set<string>();
    const store = new MemoryLeaseStore((plan, token) => journal.advanceToken(plan, token));
    super(store, env, { ...options, isDead: (record) => dead.has(nameOf(record)) });
    this.#dead = dead;
  }

  override async acquire(request: LeaseRequest): Promise<MemoryLease> {
    return new MemoryLease(await this.take(request), (lease) => this.#dead.add(nameOf(lease)));
  }

  /** Another runner takes the lease over, as if it had expired. Its holder learns of that as it would: later. */
  async steal(plan: string, seconds = DEFAULT_LEASE_SECONDS): Promise<MemoryLease> {
    const current = await this.current(plan);
    if (current !== undefined) this.#dead.add(nameOf(current));
    return this.acquire({ plan, command: 'steal', seconds });
  }
}

function nameOf({ plan, token }: { readonly plan: string; readonly token: number }): string {
  return `${token} ${plan}`;
}
