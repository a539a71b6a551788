import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { bodyBytes } from './answer-body.js';
import { UNREADABLE_ANSWER } from './error-facts.js';

const BRACE = 0x7b;
const SPACES = [0x20, 0x09, 0x0a, 0x0d];

/** The answer to a request that succeeded is not a JSON object: it was cut off, or is not DynamoDB's. */
class UnreadableAnswer extends Error {
  override readonly name = UNREADABLE_ANSWER;

  constructor(
    readonly $metadata: { readonly httpStatusCode: number },
    bytes: number,
  ) {
    super(`an answer of ${bytes} bytes that is no JSON object`);
  }
}

/**
 * Makes a client refuse answers that are no JSON object. DynamoDB's always are one; the SDK (3.1162) takes an empty
 * body for an empty answer, and to a scan that is the end of the table.
 */
export function expectWholeAnswers(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode?: number; body?: unknown };
      const status = response.statusCode ?? 0;
      if (status < 200 || status >= 300) return result;
      const body = await bodyBytes(response.body);
      if (body === undefined) return result;
      if (body.find((byte) => !SPACES.includes(byte)) !== BRACE) {
        throw new UnreadableAnswer({ httpStatusCode: status }, body.length);
      }
      response.body = body;
      return result;
    },
    { name: 'waybillWholeAnswers', step: 'deserialize', priority: 'low' },
  );
}
