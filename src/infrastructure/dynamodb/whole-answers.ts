import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { bodyBytes } from './answer-body.js';
import { INCOMPLETE_ANSWER, UNREADABLE_ANSWER } from './error-facts.js';

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

/** An answer that lacks what DynamoDB always says. Named as what it is to the retries: the same request may succeed. */
class IncompleteAnswer extends Error {
  override readonly name = INCOMPLETE_ANSWER;

  constructor(
    readonly $metadata: unknown,
    lacking: string,
  ) {
    super(`an answer without ${lacking}`);
  }
}

/**
 * What the answer to a command always has (API reference): `Items` also where nothing was found, maps of what is
 * unprocessed also where nothing is. Without them nothing there and nothing said would be the same.
 */
const ALWAYS_THERE: ReadonlyMap<string, readonly string[]> = new Map([
  ['ScanCommand', ['Items']],
  ['QueryCommand', ['Items']],
  ['BatchGetItemCommand', ['Responses', 'UnprocessedKeys']],
  ['BatchWriteItemCommand', ['UnprocessedItems']],
]);

/**
 * Makes a client refuse answers that are not whole: those that are no JSON object, and those of reads and batches that
 * lack what is always there. DynamoDB's are whole; the SDK (3.1162) takes an empty body for an empty answer, and to a
 * scan that is the end of the table.
 */
export function expectWholeAnswers(client: DynamoDBClient): void {
  expectObjects(client);
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const answer = result.output as Readonly<Record<string, unknown>> & { readonly $metadata: unknown };
      const lacking = lackOf(String(context['commandName']), answer);
      if (lacking !== undefined) throw new IncompleteAnswer(answer.$metadata, lacking);
      return result;
    },
    // outside of the SDK's deserializer, which has the default priority, and inside of its retries
    { name: 'waybillCompleteAnswers', step: 'deserialize', priority: 'high' },
  );
}

/** Undefined: nothing is lacking. */
function lackOf(command: string, answer: Readonly<Record<string, unknown>>): string | undefined {
  const lacking = ALWAYS_THERE.get(command)?.find((name) => answer[name] === undefined);
  if (lacking !== undefined) return lacking;
  const { Items: items, Count: count } = answer;
  return Array.isArray(items) && count !== undefined && count !== items.length
    ? 'all of its Items'
    : undefined;
}

function expectObjects(client: DynamoDBClient): void {
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
