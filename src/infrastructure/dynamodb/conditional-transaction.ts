import { randomUUID } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { DynamoRequests } from './dynamo-requests.js';
import { factsOf } from './error-facts.js';
import { TransactWriteItemsCommand } from './sdk.js';

/**
 * All of it, or nothing where one of its conditions does not hold: false then. It has one request token for all attempts,
 * so that one that was done and not acknowledged counts once, and is not taken for refused. `table`: for error messages.
 */
export function transactIf(
  requests: DynamoRequests,
  actions: readonly TransactWriteItem[],
  table?: string,
): Promise<boolean> {
  const command = new TransactWriteItemsCommand({
    TransactItems: [...actions],
    ClientRequestToken: randomUUID(),
  });
  const attempt = { action: 'TransactWriteItems', ...(table !== undefined && { table }) };
  return requests.send(attempt, async () => {
    try {
      await requests.client.send(command);
      return true;
    } catch (error) {
      if (factsOf(error).reasons.includes('ConditionalCheckFailed')) return false;
      throw error;
    }
  });
}
