import { MemoryLease } from '../../infrastructure/lease/memory-leases.js';
import type { Lease, Leases } from '../../runner/ports/lease.js';
import { crashable } from './crashable.js';
import type { Failpoints } from './failpoints.js';

/** Leases that tell of each one that is taken, before its taker hears of it. */
export function observedLeases(leases: Leases, taken: (lease: Lease) => unknown): Leases {
  return {
    current: (plan) => leases.current(plan),
    requestStop: (plan) => leases.requestStop(plan),
    requestRate: (plan, limits) => leases.requestRate(plan, limits),
    acquire: async (request) => {
      const lease = await leases.acquire(request);
      await taken(lease);
      return lease;
    },
  };
}

/** As a process has them that may crash: a lease that was not released goes with it, no heartbeat any more. */
export function mortalLeases(leases: Leases, failpoints: Failpoints): Leases {
  const mourned = observedLeases(leases, (lease) => {
    failpoints.onEnd(() => {
      if (lease instanceof MemoryLease) lease.abandon();
    });
  });
  return crashable(mourned, 'leases', failpoints);
}
