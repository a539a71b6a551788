import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What came in: the operation (`Scan`) and the request's body. */
export interface ScriptedRequest {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How the server answers one request. */
export type Reply = (response: ServerResponse, request: ScriptedRequest) => void;

export interface ScriptedServer {
  readonly endpoint: string;
  /** every attempt, those included that got no answer */
  readonly requests: readonly ScriptedRequest[];
  /** replies that were given, by their names */
  readonly given: readonly string[];
  /** What to reply to the next requests, in order; all that follow get `otherwise`. Forgets what came before. */
  script(replies: readonly NamedReply[], otherwise: NamedReply): void;
  /** Closes the port and all connections. */
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
}

export interface NamedReply {
  readonly name: string;
  readonly reply: Reply;
}

const HEADERS = { 'content-type': 'application/x-amz-json-1.0' };

export function ok(body: object | ((request: ScriptedRequest) => object)): NamedReply {
  return {
    name: 'ok',
    reply: (response, request) => {
      response.writeHead(200, HEADERS).end(JSON.stringify(typeof body === 'function' ? body(request) : body));
    },
  };
}

/** An error of DynamoDB's own. */
export function error(status: number, type: string, extra: object = {}): NamedReply {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'x', ...extra });
  return {
    name: `${status} ${type}`,
    reply: (response) => void response.writeHead(status, HEADERS).end(body),
  };
}

/** An answer of anything: status and text. */
export function answer(name: string, status: number, body: string): NamedReply {
  return { name, reply: (response) => void response.writeHead(status).end(body) };
}

function onSocket(name: string, act: (socket: Socket) => void): NamedReply {
  return { name, reply: (response) => act(response.socket as Socket) };
}

export const reset = onSocket('reset', (socket) => socket.resetAndDestroy());
export const hangUp = onSocket('hang up', (socket) => socket.end());
export const garbage = onSocket('garbage', (socket) => socket.end('no HTTP at all\r\n\r\n'));
export const silence: NamedReply = { name: 'silence', reply: () => undefined };

/** Says that more is to come than comes: `then` is what becomes of the connection. */
function half(name: string, then: (response: ServerResponse) => void): NamedReply {
  return {
    name,
    reply: (response) => {
      response
        .writeHead(200, { ...HEADERS, 'content-length': 1_000 })
        .write('{"Items":[{"id":', () => then(response));
    },
  };
}
export const abortedBody = half('aborted body', (response) => response.socket?.destroy());
export const stalledBody = half('stalled body', () => undefined);

/** Starts a server that answers as it is told. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let replies: NamedReply[] = [];
  let fallback = ok({});
  let port = 0;
  const [requests, given]: [ScriptedRequest[], string[]] = [[], []];
  const server = createServer((incoming, response) => {
    response.on('error', () => undefined);
    const arrived = bodyOf(incoming).then((text) => {
      const target = String(incoming.headers['x-amz-target']);
      const request = {
        operation: target.slice(target.indexOf('.') + 1),
        body: JSON.parse(text) as ScriptedRequest['body'],
      };
      const { name, reply } = replies.shift() ?? fallback;
      requests.push(request);
      given.push(name);
      reply(response, request);
    });
    // a request that was broken off gets no answer
    arrived.catch(() => response.destroy());
  });
  const start = (): Promise<void> =>
    new Promise((done) => {
      server.listen(port, '127.0.0.1', () => {
        ({ port } = server.address() as AddressInfo);
        done();
      });
    });
  await start();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    given,
    script: (next, otherwise) => {
      [replies, fallback] = [[...next], otherwise];
      requests.length = 0;
      given.length = 0;
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
    start,
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
