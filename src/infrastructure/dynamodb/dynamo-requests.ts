import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { endpointOf } from './endpoint.js';
import type { RetryPolicy } from './retry-budget.js';
import { DEFAULT_RETRIES, RetryBudget } from './retry-budget.js';
import type { Attempt } from './store-errors.js';
import { isTransient, toStoreError } from './store-errors.js';

/** Sends requests: retries what is transient on top of the SDK's own retries, turns every error into ours. */
export class DynamoRequests {
  constructor(
    readonly client: DynamoDBClient,
    private readonly policy: RetryPolicy = DEFAULT_RETRIES,
  ) {}

  /** A fresh budget for one request and what it leaves unprocessed. */
  budget(): RetryBudget {
    return new RetryBudget(this.policy);
  }

  /**
   * Runs `request` until it succeeds, its error is not transient or the budget is spent; throws `StoreError` then.
   * An abort is thrown as the signal's reason.
   */
  async send<T>(
    attempt: Omit<Attempt, 'endpoint'>,
    request: () => Promise<T>,
    options: { readonly signal?: AbortSignal | undefined; readonly budget?: RetryBudget } = {},
  ): Promise<T> {
    const budget = options.budget ?? this.budget();
    for (;;) {
      options.signal?.throwIfAborted();
      try {
        return await request();
      } catch (error) {
        options.signal?.throwIfAborted();
        if (isTransient(error) && (await budget.pause())) continue;
        throw await this.failure(error, attempt);
      }
    }
  }

  /** The `StoreError` for an error, with the endpoint filled in. */
  async failure(error: unknown, attempt: Omit<Attempt, 'endpoint'>): Promise<Error> {
    return toStoreError(error, { ...attempt, endpoint: await endpointOf(this.client) });
  }
}
