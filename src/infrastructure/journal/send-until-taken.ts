import type { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import type { Attempt } from '../dynamodb/store-errors.js';

/**
 * Sends `work`, then what the store left of it, until it took everything; `send` returns the rest. Waits with
 * growing, jittered pauses and begins anew with every bit of progress. Throws StoreError: `STORE_THROTTLED` when
 * the time is spent in which nothing was taken.
 */
export async function sendUntilTaken<T>(
  requests: DynamoRequests,
  attempt: Omit<Attempt, 'endpoint'>,
  work: readonly T[],
  send: (rest: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  const budget = requests.budget();
  let rest = work;
  while (rest.length > 0) {
    const pending = rest;
    const left = await requests.send(attempt, () => send(pending), { budget });
    if (left.length > 0) {
      if (left.length < pending.length) budget.renew();
      if (!(await budget.pause())) {
        throw await requests.failure({ name: 'ProvisionedThroughputExceeded' }, attempt);
      }
    }
    rest = left;
  }
}
