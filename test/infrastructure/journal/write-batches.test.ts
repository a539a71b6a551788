import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { batchesOf, TRANSACTION_LIMITS } from '../../../src/infrastructure/journal/write-batches.js';

const MB = 1024 * 1024;

function put(id: number, bytes = 0): WriteRequest {
  return { PutRequest: { Item: { pk: { S: String(id) }, part: { B: new Uint8Array(bytes) } } } };
}

describe('batches of journal writes', () => {
  it('have at most 25 requests and leave none out', () => {
    const requests = Array.from({ length: 60 }, (_, i) => put(i));
    const batches = [...batchesOf(requests)];
    expect(batches.map((batch) => batch.length)).toEqual([25, 25, 10]);
    expect(batches.flat()).toEqual(requests);
    expect([...batchesOf([])]).toEqual([]);
  });

  it('stay far enough below 16 MB for base64', () => {
    const requests = Array.from({ length: 10 }, (_, i) => put(i, 2.5 * MB));
    expect([...batchesOf(requests)].map((batch) => batch.length)).toEqual([3, 3, 3, 1]);
    expect([...batchesOf([put(1, 9 * MB), put(2)])].map((batch) => batch.length)).toEqual([1, 1]);
  });

  it('of a transaction have at most 99 requests, for one is the check of the lease, and less than 4 MB', () => {
    const sizes = (requests: WriteRequest[]): number[] =>
      [...batchesOf(requests, TRANSACTION_LIMITS)].map((batch) => batch.length);
    expect(sizes(Array.from({ length: 200 }, (_, i) => put(i)))).toEqual([99, 99, 2]);
    expect(sizes(Array.from({ length: 20 }, (_, i) => put(i, 320 * 1024)))).toEqual([11, 9]);
  });

  it('count deletes by their keys', () => {
    const removal: WriteRequest = { DeleteRequest: { Key: { pk: { S: 'a' }, sk: { S: 'b' } } } };
    expect([...batchesOf([put(1), removal])]).toEqual([[put(1), removal]]);
  });
});
