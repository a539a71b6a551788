import { UsageError } from '../runner/ports/errors.js';
import { DEFAULT_LEASE_SECONDS } from '../runner/ports/lease.js';

/** What of `context` the handler needs. */
export interface FunctionContext {
  getRemainingTimeInMillis(): number;
  readonly awsRequestId?: string;
}

export interface TimeBudget {
  /** ms from now in which new work is begun */
  readonly working: number;
  readonly leaseSeconds: number;
}

/** Enough for the batch under way, its checkpoint and the end of the lease; more where there is more time. */
const RESERVED = { share: 0.1, least: 500, most: 20_000 } as const;

/** Requests have to be answered well within a lease, and a takeover has to fit into the working time. */
const LEASE = { share: 0.5, least: 10, most: DEFAULT_LEASE_SECONDS } as const;

/** What the remaining time is used for. Throws UsageError `TIME_TOO_SHORT`. */
export function timeBudget(
  context: FunctionContext,
  asked: { readonly reservedMillis?: number; readonly leaseSeconds?: number },
): TimeBudget {
  const remaining = context.getRemainingTimeInMillis();
  const reserved =
    asked.reservedMillis ?? Math.round(within(remaining * RESERVED.share, RESERVED.least, RESERVED.most));
  const working = remaining - reserved;
  if (working <= 0) {
    throw new UsageError(
      'TIME_TOO_SHORT',
      `There are ${remaining} ms left and ${reserved} ms are reserved for the end, so no time to work in.`,
      'Give the function a longer timeout, a minute at least; or give reservedMillis in the event.',
    );
  }
  const lease = Math.floor(within((working / 1000) * LEASE.share, LEASE.least, LEASE.most));
  return { working, leaseSeconds: asked.leaseSeconds ?? lease };
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
