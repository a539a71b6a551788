import { setMaxListeners } from 'node:events';
import type { Journal } from '../ports/journal.js';
import { EXIT, WaybillError } from '../ports/errors.js';
import {
  DEFAULT_LEASE_SECONDS,
  leaseTiming,
  type Lease,
  type LeaseRequest,
  type Leases,
} from '../ports/lease.js';
import type { ServiceParts } from './service-parts.js';

export interface LeasedRequest {
  readonly plan: string;
  readonly leaseSeconds?: number;
  readonly signal?: AbortSignal;
}

/** What the holder of a lease works with. */
export interface Held {
  readonly lease: Lease;
  /** every write of it fails once somebody else holds the lease */
  readonly journal: Journal;
  /** stops for the operator here, for one elsewhere (`stop`), and where the lease is lost */
  readonly signal: AbortSignal;
  /** ms that a request may take: less than the lease's margin */
  readonly requestTimeout: number;
}

/** Does something that only one may do at a time on a plan and environment (invariant 7). Throws `LEASE_HELD`. */
export async function leased<T>(
  { leases, journal }: Pick<ServiceParts, 'leases' | 'journal'>,
  command: string,
  { plan, signal, leaseSeconds: seconds = DEFAULT_LEASE_SECONDS }: LeasedRequest,
  work: (held: Held) => Promise<T>,
): Promise<T> {
  const lease = await acquired(leases, {
    plan,
    command,
    seconds,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const stop = AbortSignal.any([signal, lease.stop, lease.lost].filter((one) => one !== undefined));
    // every request under way listens to it, and Node warns from the eleventh listener on
    setMaxListeners(0, stop);
    return await work({
      lease,
      journal: journal.fencedBy(lease),
      signal: stop,
      requestTimeout: leaseTiming(seconds).requestTimeout,
    });
  } finally {
    await lease.release();
  }
}

/** Who stops while another's lease is watched has stopped nothing that was begun. */
async function acquired(leases: Leases, request: LeaseRequest): Promise<Lease> {
  try {
    return await leases.acquire(request);
  } catch (error) {
    const { signal, command } = request;
    if (error instanceof WaybillError) throw error;
    throw stopOf(signal, `stopped before ${command} began`, 'Run the same command again.', error) ?? error;
  }
}

/** What ended work whose signal is aborted: the lost lease, or somebody who asked. Undefined: neither. */
export function stopOf(
  signal: AbortSignal | undefined,
  message: string,
  next: string,
  cause: unknown,
): WaybillError | undefined {
  if (signal?.aborted !== true) return undefined;
  if (signal.reason instanceof WaybillError) return signal.reason;
  return new WaybillError(EXIT.aborted, 'ABORTED', message, next, { cause });
}
