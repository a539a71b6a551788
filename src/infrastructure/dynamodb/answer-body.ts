/** Bytes up to which an answer's place is made before it has come: more than DynamoDB ever answers with. */
const LARGEST = 32 * 1024 * 1024;

/** The bytes of an HTTP answer's body, be it a stream or read already; undefined where there is none. */
export async function bodyBytes(body: unknown): Promise<Buffer | undefined> {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return undefined;
  const chunks = body as AsyncIterable<Uint8Array>;
  const length = lengthOf(body);
  return length === undefined ? concatenated(chunks) : placed(chunks, length);
}

/** What the answer says of its length; undefined where it says nothing, or nothing that can be. */
function lengthOf(body: object): number | undefined {
  const { headers } = body as { readonly headers?: Readonly<Record<string, string>> };
  const length = Number(headers?.['content-length']);
  return Number.isSafeInteger(length) && length >= 0 && length <= LARGEST ? length : undefined;
}

/** Each piece goes to its place as it comes, and is garbage at once: answers are large, and many come at a time. */
async function placed(chunks: AsyncIterable<Uint8Array>, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let end = 0;
  for await (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes.subarray(0, end);
}

async function concatenated(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
