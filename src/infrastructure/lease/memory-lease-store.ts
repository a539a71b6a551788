import type { RateLimits } from '../../runner/ports/rates.js';
import type { Expectation, LeaseBeat, LeaseRecord, LeaseStore, StoredLease } from './lease-store.js';

/** Leases that are gone with the process. Every write is done within the call, before the promise is made. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #leases = new Map<string, Required<StoredLease>>();

  /** `moved`: called with the new token whenever a lease changes hands. */
  constructor(private readonly moved: (plan: string, token: number) => void = () => undefined) {}

  read(plan: string): Promise<StoredLease> {
    return Promise.resolve(this.#leases.get(plan) ?? {});
  }

  move(record: LeaseRecord, beat: LeaseBeat, expected: Expectation): Promise<boolean> {
    const found = this.#leases.get(record.plan);
    if (found?.record.token !== expected.token) return Promise.resolve(false);
    const isBeaten = expected.beat !== undefined && expected.beat.beat !== found?.beat.beat;
    if (isBeaten) return Promise.resolve(false);
    this.#leases.set(record.plan, { record, beat });
    this.moved(record.plan, record.token);
    return Promise.resolve(true);
  }

  beat(plan: string, token: number, expiresAt: string): Promise<LeaseBeat | undefined> {
    return this.#changed(plan, token, ({ record, beat }) => ({
      record,
      beat: { ...beat, expiresAt, beat: beat.beat + 1 },
    }));
  }

  requestStop(plan: string, token: number): Promise<LeaseBeat | undefined> {
    return this.#changed(plan, token, ({ record, beat }) => ({ record, beat: { ...beat, stop: true } }));
  }

  requestRate(plan: string, token: number, limits: RateLimits): Promise<LeaseBeat | undefined> {
    return this.#changed(plan, token, ({ record, beat }) => ({
      record,
      beat: { ...beat, rate: { ...beat.rate, ...limits } },
    }));
  }

  async release(plan: string, token: number): Promise<boolean> {
    const done = await this.#changed(plan, token, ({ record, beat }) => ({
      record: { ...record, released: true },
      beat,
    }));
    return done !== undefined;
  }

  #changed(
    plan: string,
    token: number,
    change: (found: Required<StoredLease>) => Required<StoredLease>,
  ): Promise<LeaseBeat | undefined> {
    const found = this.#leases.get(plan);
    if (found?.record.token !== token) return Promise.resolve(undefined);
    const changed = change(found);
    this.#leases.set(plan, changed);
    return Promise.resolve(changed.beat);
  }
}
