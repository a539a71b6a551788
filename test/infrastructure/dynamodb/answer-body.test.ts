import { Readable } from 'node:stream';

import { bodyBytes } from '../../../src/infrastructure/dynamodb/answer-body.js';

const TEXT = '{"Items":[]}';

/** An answer in pieces, as Node gives it. */
function answer(pieces: readonly string[], length?: string): Readable {
  const body = Readable.from(
    pieces.map((piece) => Buffer.from(piece)),
    { objectMode: true },
  );
  return length === undefined ? body : Object.assign(body, { headers: { 'content-length': length } });
}

describe('the bytes of an answer', () => {
  it.each([
    ['that says its length', String(TEXT.length)],
    ['that says nothing', undefined],
    ['that says what is no length', 'long'],
    ['that says what is no length of one', '-1'],
    ['that says more than can be', '99999999999'],
  ])('are all pieces of one %s', async (_what, length) => {
    const bytes = await bodyBytes(answer(['{"It', 'ems":[', ']}'], length));
    expect(bytes?.toString()).toBe(TEXT);
  });

  it('are those that came where it ends too soon', async () => {
    expect((await bodyBytes(answer(['{"It'], '12')))?.toString()).toBe('{"It');
  });

  it('are refused where there are more than it says', async () => {
    await expect(bodyBytes(answer([TEXT], '3'))).rejects.toThrow('out of bounds');
  });

  it('are those of a body that was read before', async () => {
    const all = new TextEncoder().encode(`[${TEXT}]`);
    expect((await bodyBytes(all.subarray(1, -1)))?.toString()).toBe(TEXT);
  });

  it.each([undefined, null, TEXT, {}])('are none of %p', async (body) => {
    expect(await bodyBytes(body)).toBeUndefined();
  });
});
