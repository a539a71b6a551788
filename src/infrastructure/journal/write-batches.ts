import type { AttributeValue, WriteRequest } from '@aws-sdk/client-dynamodb';

/** How much the store takes in one request. */
export interface BatchLimits {
  readonly requests: number;
  readonly bytes: number;
}

const MB = 1024 * 1024;

/** BatchWriteItem takes 25 requests and 16 MB; half of that leaves room for base64 on the wire. */
export const BATCH_LIMITS: BatchLimits = { requests: 25, bytes: 8 * MB };

/** TransactWriteItems takes 100 items and 4 MB; one of them is the check of the lease. */
export const TRANSACTION_LIMITS: BatchLimits = { requests: 99, bytes: 3.5 * MB };

/** The requests in batches that the store takes, in their order. */
export function* batchesOf(
  requests: readonly WriteRequest[],
  limits: BatchLimits = BATCH_LIMITS,
): Generator<WriteRequest[]> {
  let batch: WriteRequest[] = [];
  let bytes = 0;
  for (const request of requests) {
    const size = sizeOf(request);
    if (batch.length === limits.requests || (batch.length > 0 && bytes + size > limits.bytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(request);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function sizeOf(request: WriteRequest): number {
  const attributes = Object.entries(request.PutRequest?.Item ?? request.DeleteRequest?.Key ?? {});
  return attributes.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

/** Journal entries are flat: text, bytes and numbers. */
function valueSize(value: AttributeValue): number {
  if (value.B !== undefined) return value.B.length;
  return Buffer.byteLength(value.S ?? value.N ?? '');
}
