import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { Fence } from '../../runner/ports/lease.js';

/** Operations that change nothing, by their names in `X-Amz-Target`. PartiQL is not among them: its text may write. */
const READS = new Set([
  'GetItem',
  'BatchGetItem',
  'TransactGetItems',
  'Query',
  'Scan',
  'DescribeTable',
  'DescribeContinuousBackups',
  'DescribeTimeToLive',
  'DescribeEndpoints',
  'DescribeLimits',
  'ListTables',
]);

const TARGET = 'x-amz-target';

/**
 * Checks the fence before every attempt of every request that may write (invariant 7): below the SDK's retries and
 * after signing. Sockets come later still, see {@link fencedAgent}; `createDynamoClient` installs both.
 */
export function installRequestFence(client: DynamoDBClient, fence: Fence): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers = {} } = args.request as { headers?: Readonly<Record<string, string>> };
      if (mayWrite(headers[TARGET])) fence.assertHeld();
      return next(args);
    },
    { name: 'waybillRequestFence', step: 'deserialize', priority: 'low' },
  );
}

/**
 * Checks the fence again when a request that may write gets its connection, which may be much later: requests wait
 * for a free socket and for the connection to be made. Where the fence is lost by then, the request fails with the
 * fence's error and nothing of it is sent. Works on agents of `node:http` and `node:https` alike.
 */
export function fencedAgent<A extends Agent>(agent: A, fence: Fence): A {
  // where every agent takes its requests, though Node's documentation passes over it
  const entrance = agent as unknown as { addRequest?: (request: ClientRequest, ...rest: unknown[]) => void };
  const { addRequest } = entrance;
  if (addRequest === undefined) throw new TypeError('an HTTP agent without addRequest can’t be fenced');
  entrance.addRequest = (request, ...rest) => {
    if (mayWrite(request.getHeader(TARGET))) checkAtSocket(request, fence);
    addRequest.call(agent, request, ...rest);
  };
  return agent;
}

/** Everything but a known read may: also requests that don't say what they are. */
function mayWrite(target: unknown): boolean {
  return typeof target !== 'string' || !READS.has(target.slice(target.indexOf('.') + 1));
}

/** Node flushes what the request holds right after the event `socket`, in the same turn of the event loop. */
function checkAtSocket(request: ClientRequest, fence: Fence): void {
  request.once('socket', (socket: Socket) => {
    if (!passes(request, fence)) return;
    const ready = pendingEvent(socket);
    if (ready === undefined) return;
    // until it is connected, and to the right server, all stays in here
    socket.cork();
    socket.once(ready, () => {
      if (passes(request, fence)) socket.uncork();
    });
  });
}

function passes(request: ClientRequest, fence: Fence): boolean {
  try {
    fence.assertHeld();
    return true;
  } catch (error) {
    request.destroy(error as Error);
    return false;
  }
}

/** The event that says that a socket can be written to; undefined where it is past. */
function pendingEvent(socket: Socket): 'connect' | 'secureConnect' | undefined {
  if (!(socket instanceof TLSSocket)) return socket.connecting ? 'connect' : undefined;
  const { secureConnecting } = socket as TLSSocket & { readonly secureConnecting?: boolean };
  return socket.connecting || secureConnecting === true ? 'secureConnect' : undefined;
}
