import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { RetryPolicy } from '../dynamodb/retry-budget.js';
import { DynamoLeaseStore } from './dynamo-lease-store.js';
import type { LeaseOptions } from './stored-leases.js';
import { StoredLeases } from './stored-leases.js';

/** Leases kept in the journal's table. `table` is its physical name, `env` the environment's name, for messages. */
export class DynamoLeases extends StoredLeases {
  constructor(
    client: DynamoDBClient,
    table: string,
    env: string,
    options: LeaseOptions & { readonly retries?: RetryPolicy } = {},
  ) {
    super(new DynamoLeaseStore(client, table, options.retries), env, options);
  }
}
