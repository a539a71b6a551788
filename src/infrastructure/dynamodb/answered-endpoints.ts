import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { endpointOf } from './endpoint.js';

const clients = new WeakSet<DynamoDBClient>();
const endpoints = new Set<string>();

/**
 * Notes that DynamoDB answered this client. From then on, in all of this process, nobody doubts that its endpoint is
 * the right one: when it can't be reached, it is down for a while.
 */
export async function noteAnswer(client: DynamoDBClient): Promise<void> {
  if (clients.has(client)) return;
  clients.add(client);
  endpoints.add(await endpointOf(client));
}

/** Whether DynamoDB ever answered this process at the client's endpoint. */
export async function hasAnswered(client: DynamoDBClient): Promise<boolean> {
  return clients.has(client) || endpoints.has(await endpointOf(client));
}
