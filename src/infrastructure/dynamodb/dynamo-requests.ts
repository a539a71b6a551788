import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { hasAnswered, noteAnswer } from './answered-endpoints.js';
import { endpointOf } from './endpoint.js';
import { isDynamoAnswer } from './error-facts.js';
import type { RetryPolicy } from './retry-budget.js';
import { DEFAULT_RETRIES, RetryBudget } from './retry-budget.js';
import type { Attempt } from './store-errors.js';
import { toStoreError } from './store-errors.js';
import { transienceOf } from './transience.js';

/** Where nothing ever answered, this is how long broken connections are tried again, in milliseconds. */
const UNANSWERED_MS = 2_000;

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
    attempt: Omit<Attempt, 'endpoint' | 'retriedFor'>,
    request: () => Promise<T>,
    options: { readonly signal?: AbortSignal | undefined; readonly budget?: RetryBudget } = {},
  ): Promise<T> {
    const { signal, budget = this.budget() } = options;
    for (;;) {
      signal?.throwIfAborted();
      try {
        const answer = await request();
        await noteAnswer(this.client);
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        const within = await this.patience(error);
        if (within > 0 && (await budget.pause({ within, signal }))) continue;
        throw await this.failure(error, attempt, budget);
      }
    }
  }

  /** The `StoreError` for an error, with the endpoint filled in; `budget`: of the attempts that it ends. */
  async failure(
    error: unknown,
    attempt: Omit<Attempt, 'endpoint' | 'retriedFor'>,
    budget?: RetryBudget,
  ): Promise<Error> {
    const retriedFor = budget?.spent;
    return toStoreError(error, {
      ...attempt,
      endpoint: await endpointOf(this.client),
      ...(retriedFor === undefined ? {} : { retriedFor }),
    });
  }

  /** How long, in milliseconds, an error is worth trying again; 0: not at all. */
  private async patience(error: unknown): Promise<number> {
    const { total, unanswered = UNANSWERED_MS } = this.policy;
    const transience = transienceOf(error);
    if (isDynamoAnswer(error)) await noteAnswer(this.client);
    if (transience === 'none') return 0;
    if (transience === 'store' || (await hasAnswered(this.client))) return total;
    // a server that is not there says so at once, and a wrong address does as well
    return transience === 'absent' ? 0 : Math.min(total, unanswered);
  }
}
