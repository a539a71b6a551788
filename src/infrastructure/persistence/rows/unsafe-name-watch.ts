import type { GetCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';

const QUOTED_UNSAFE_NAME = '"__proto__"';

/**
 * Tells, once the command was sent, whether its answer holds the name `__proto__`: what the document client makes of
 * such an answer has lost the attribute and shows no trace of it, so the answer's text must be asked. A client that
 * does not keep the text as bytes (`keepPrototypeAttribute` does) loses the attribute by itself; its answers make the
 * request fail with a `TypeError`.
 */
export function watchUnsafeName(command: GetCommand | QueryCommand | ScanCommand): () => boolean {
  let seen = true;
  // the commands differ in what they carry, which is nothing to a middleware that only looks at the bytes
  const { middlewareStack } = command as GetCommand;
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { body } = result.response as { readonly body?: unknown };
      if (!(body instanceof Uint8Array)) throw new TypeError('the client is not one of createDynamoClient');
      seen = bytesOf(body).includes(QUOTED_UNSAFE_NAME);
      return result;
    },
    // the document client puts a command's own middlewares into its stack twice, which needs the override
    { name: 'waybillUnsafeNameWatch', step: 'deserialize', priority: 'high', override: true },
  );
  return () => seen;
}

/** The SDK changes the prototype of the buffer that it is given. */
function bytesOf(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
