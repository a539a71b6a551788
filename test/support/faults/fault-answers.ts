import type { Body, DynamoRequest } from './dynamo-request.js';
import type { FaultKind } from './fault-kinds.js';
import type { SeededRandom } from './seeded-random.js';

export interface Answer {
  readonly status: number;
  readonly body: Body;
}

const EXCEPTION = 'com.amazonaws.dynamodb.v20120810#';

function failure(status: number, name: string, message: string, more: Body = {}): Answer {
  return { status, body: { __type: EXCEPTION + name, message, ...more } };
}

/** The answer to a request that an identity without the right to write sends. */
export function accessDenied(operation: string): Answer {
  const message = `User is not authorized to perform: dynamodb:${operation}`;
  return failure(400, 'AccessDeniedException', message);
}

/** What the store says instead of doing anything; undefined for kinds that are no refusal. */
export function refusal(kind: FaultKind, request: DynamoRequest, random: SeededRandom): Answer | undefined {
  switch (kind) {
    case 'provisioned-throughput':
      return failure(
        400,
        'ProvisionedThroughputExceededException',
        'The level of configured throughput was exceeded',
      );
    case 'throttling':
      return failure(400, 'ThrottlingException', 'Rate of requests exceeds the allowed throughput.');
    case 'internal-error':
      return {
        status: 500,
        body: { __type: `${EXCEPTION}InternalServerError`, message: 'Internal server error' },
      };
    case 'service-unavailable':
      return { status: 503, body: { __type: 'ServiceUnavailable', message: 'Service is unavailable' } };
    case 'transaction-conflict':
      return canceled(request, random, 'TransactionConflict');
    case 'transaction-throttled':
      return canceled(request, random, 'ThrottlingError');
    case 'item-conflict':
      return failure(400, 'TransactionConflictException', 'Transaction is ongoing for the item');
    default:
      return undefined;
  }
}

/** One item is to blame, all others are `None`. */
function canceled(request: DynamoRequest, random: SeededRandom, code: string): Answer {
  const count = ((request.body['TransactItems'] ?? []) as unknown[]).length;
  const blamed = random.below(count);
  const codes = Array.from({ length: count }, (_, index) => (index === blamed ? code : 'None'));
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`;
  const CancellationReasons = codes.map((Code) =>
    Code === 'None' ? { Code } : { Code, Message: 'Try again' },
  );
  return failure(400, 'TransactionCanceledException', message, { Message: message, CancellationReasons });
}
