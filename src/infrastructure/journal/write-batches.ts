import type { AttributeValue, WriteRequest } from '@aws-sdk/client-dynamodb';

/** BatchWriteItem takes 25 requests and 16 MB; half of that leaves room for base64 on the wire. */
const MAX_REQUESTS = 25;
const MAX_BYTES = 8 * 1024 * 1024;

/** The requests in batches that the store takes, in their order. */
export function* batchesOf(requests: readonly WriteRequest[]): Generator<WriteRequest[]> {
  let batch: WriteRequest[] = [];
  let bytes = 0;
  for (const request of requests) {
    const size = sizeOf(request);
    if (batch.length === MAX_REQUESTS || (batch.length > 0 && bytes + size > MAX_BYTES)) {
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
