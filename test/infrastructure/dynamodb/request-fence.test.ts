import dns from 'node:dns';
import { once } from 'node:events';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';

import { jest } from '@jest/globals';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

import { emptyAnswer } from '../../support/dynamodb/empty-answer.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { fencedAgent } from '../../../src/infrastructure/dynamodb/request-fence.js';
import { RefusedError } from '../../../src/runner/ports/errors.js';
import type { Fence } from '../../../src/runner/ports/lease.js';

/** A server of bare sockets: all bytes that arrive are kept, requests are answered by hand. */
class RawServer {
  readonly sockets: Socket[] = [];
  #received = '';
  #server: Server;

  constructor(private readonly answers: (request: string) => string | undefined) {
    this.#server = createServer((socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => {
        this.#received += data.toString('latin1');
        const answer = this.answers(data.toString('latin1'));
        if (answer !== undefined) socket.write(answer);
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** operations of the requests that arrived, even if only in part */
  get arrived(): string[] {
    return [...this.#received.matchAll(/x-amz-target: DynamoDB_20120810\.(\w+)/gi)].map(([, name]) => name!);
  }

  get bytes(): number {
    return this.#received.length;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    this.#server.close();
    await once(this.#server, 'close');
  }
}

class TestFence implements Fence {
  readonly plan = 'kpi';
  readonly token = 7;
  readonly error = new RefusedError('LEASE_LOST', 'the lease is lost', 'run again');
  checks = 0;
  lost = false;

  /** `passing`: checks that pass before the first that fails */
  constructor(private readonly passing = Infinity) {}

  assertHeld(): void {
    this.checks += 1;
    if (this.lost || this.checks > this.passing) throw this.error;
  }
}

const TABLE = 'fenced-table';
const KEY = { id: { S: '1' } };
const put = (): PutItemCommand => new PutItemCommand({ TableName: TABLE, Item: KEY });

function answer(status: number, body: string): string {
  return `HTTP/1.1 ${status} X\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const SERVER_ERROR = answer(500, '{"__type":"InternalServerError"}');
const ok = (request: string): string => answer(200, emptyAnswer(request));

describe('a fenced client', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function serve(answers: (request: string) => string | undefined): Promise<[RawServer, string]> {
    const server = new RawServer(answers);
    const endpoint = await server.listen();
    closing.push(() => server.close());
    return [server, endpoint];
  }

  function connect(endpoint: string, fence: Fence, maxSockets = 4): DynamoDBClient {
    const client = createDynamoClient({ endpoint, maxSockets, requestTimeout: 5_000, maxAttempts: 3, fence });
    closing.push(() => client.destroy());
    return client;
  }

  /** what a request ends with */
  const end = (sent: Promise<unknown>): Promise<unknown> =>
    sent.then(
      () => 'sent',
      (error: unknown) => error,
    );

  it('invariant 7: sends what is fenced while the lease is held', async () => {
    const [server, endpoint] = await serve(ok);
    const fence = new TestFence();
    await connect(endpoint, fence).send(put());
    expect(server.arrived).toEqual(['PutItem']);
    // after signing, when the socket is there, and when it is connected
    expect(fence.checks).toBe(3);
  });

  it('invariant 7: checks a connection that is kept open as well', async () => {
    const [server, endpoint] = await serve(ok);
    const fence = new TestFence(4);
    const client = connect(endpoint, fence, 1);
    await client.send(put());
    // the second request passes the check after signing; its socket is there at once
    expect(await end(client.send(put()))).toBe(fence.error);
    expect(server.arrived).toEqual(['PutItem']);
    expect(fence.checks).toBe(5);
  });

  it('invariant 7: sends no further attempt of a request after the lease was lost', async () => {
    const fence = new TestFence();
    const [server, endpoint] = await serve(() => {
      fence.lost = true;
      return SERVER_ERROR;
    });
    expect(await end(connect(endpoint, fence).send(put()))).toBe(fence.error);
    expect(fence.error).toMatchObject({ name: 'RefusedError', code: 'LEASE_LOST', exit: 3 });
    await sleep(300);
    expect(server.arrived).toEqual(['PutItem']);
    // one for the attempt that was refused, and no attempt after it
    expect(fence.checks).toBe(4);
  });

  it('invariant 7: sends nothing that waited for a free socket while the lease was lost', async () => {
    const fence = new TestFence();
    const [server, endpoint] = await serve((request) => (request.includes('Scan') ? undefined : ok(request)));
    const client = connect(endpoint, fence, 1);
    const scan = client.send(new ScanCommand({ TableName: TABLE }));
    while (server.arrived.length === 0) await sleep(5);
    const waiting = [1, 2, 3].map(() => end(client.send(put())));
    await sleep(50);
    expect(fence.checks).toBe(3);
    fence.lost = true;
    server.sockets[0]!.write(ok('DynamoDB_20120810.Scan'));
    await scan;
    expect(await Promise.all(waiting)).toEqual([fence.error, fence.error, fence.error]);
    await sleep(100);
    expect(server.arrived).toEqual(['Scan']);
  });

  it.each([
    ['when the socket is there', 1],
    ['when it is connected', 2],
  ])('invariant 7: sends not a byte where the lease is lost %s', async (_, passing) => {
    const [server, endpoint] = await serve(ok);
    const fence = new TestFence(passing);
    expect(await end(connect(endpoint, fence).send(put()))).toBe(fence.error);
    await sleep(100);
    expect(server.bytes).toBe(0);
  });

  it('invariant 7: sends nothing that waited for its connection while the lease was lost', async () => {
    const [server, endpoint] = await serve(ok);
    const fence = new TestFence();
    let resolveName = (): void => undefined;
    jest.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]) => {
      const done = args.at(-1) as (error: null, addresses: object[]) => void;
      resolveName = () => done(null, [{ address: '127.0.0.1', family: 4 }]);
    });
    const sent = end(connect(endpoint.replace('127.0.0.1', 'db.localhost'), fence).send(put()));
    while (fence.checks < 2) await sleep(5);
    fence.lost = true;
    resolveName();
    expect(await sent).toBe(fence.error);
    await sleep(100);
    expect(server.bytes).toBe(0);
  });

  it.each([
    new GetItemCommand({ TableName: TABLE, Key: KEY }),
    new BatchGetItemCommand({ RequestItems: { [TABLE]: { Keys: [KEY] } } }),
    new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: TABLE, Key: KEY } }] }),
    new QueryCommand({ TableName: TABLE, KeyConditionExpression: 'id = :i' }),
    new ScanCommand({ TableName: TABLE }),
    new DescribeTableCommand({ TableName: TABLE }),
  ])('lets reads pass after the lease was lost: %#', async (command) => {
    const [, endpoint] = await serve(ok);
    const fence = new TestFence(0);
    expect(await end(connect(endpoint, fence).send(command as never))).toBe('sent');
    expect(fence.checks).toBe(0);
  });

  it.each([
    put(),
    new UpdateItemCommand({ TableName: TABLE, Key: KEY }),
    new DeleteItemCommand({ TableName: TABLE, Key: KEY }),
    new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: TABLE, Item: KEY } }] }),
    new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TABLE}"` }),
    new BatchExecuteStatementCommand({ Statements: [{ Statement: `DELETE FROM "${TABLE}" WHERE id='1'` }] }),
  ])('invariant 7: refuses anything else, PartiQL whatever its text: %#', async (command) => {
    const [server, endpoint] = await serve(ok);
    const fence = new TestFence(0);
    expect(await end(connect(endpoint, fence).send(command as never))).toBe(fence.error);
    expect(server.bytes).toBe(0);
  });

  it('invariant 7: goes by the operation that the request names, not by the command’s class', async () => {
    const [server, endpoint] = await serve(ok);
    const fence = new TestFence(0);
    const client = connect(endpoint, fence);
    client.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        headers['x-amz-target'] = 'DynamoDB_20120810.PutItem';
        return next(args);
      },
      { step: 'build', name: 'disguise' },
    );
    expect(await end(client.send(new ScanCommand({ TableName: TABLE })))).toBe(fence.error);
    expect(server.bytes).toBe(0);
  });
});

describe('fencedAgent over TLS', () => {
  const closing: (() => unknown)[] = [];
  afterEach(() => {
    closing.splice(0).forEach((close) => close());
  });

  /** a pre-shared key in place of certificates */
  const PSK = { ciphers: 'PSK', maxVersion: 'TLSv1.2' as const };
  const psk = Buffer.from('0123456789abcdef');

  it.each([
    ['sends what it holds back once the connection is secure', 'never', 'POST', 2],
    ['invariant 7: sends nothing where the lease is lost during the handshake', 'in between', '', 2],
    ['invariant 7: sends nothing where it is lost before', 'at once', '', 1],
  ])('%s', async (_, lost, expected, checks) => {
    const fence = new TestFence(lost === 'at once' ? 0 : Infinity);
    let received = '';
    const secure = createTlsServer({ ...PSK, pskCallback: () => psk, pskIdentityHint: 'x' }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        received += (data as Buffer).toString('latin1');
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    const greet = async (socket: Socket): Promise<void> => {
      socket.on('error', () => undefined);
      // long after the client has seen that it is connected
      await sleep(50);
      if (lost === 'in between') fence.lost = true;
      secure.emit('connection', socket);
    };
    const server = createServer((socket) => void greet(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const options = {
      ...PSK,
      pskCallback: () => ({ psk, identity: 'x' }),
      checkServerIdentity: () => undefined,
    };
    const agent = fencedAgent(new HttpsAgent(options as object), fence);
    closing.push(() => agent.destroy());
    const { port } = server.address() as AddressInfo;
    const end = new Promise<unknown>((done) => {
      const request = httpsRequest({ host: '127.0.0.1', port, method: 'POST', agent }, (response) => {
        response.resume().once('end', () => done('sent'));
      });
      request.once('error', done);
      request.end('body');
    });
    expect(await end).toBe(expected === '' ? fence.error : 'sent');
    await sleep(100);
    expect(received.slice(0, 4)).toBe(expected);
    expect(fence.checks).toBe(checks);
  });

  it('refuses an agent whose requests it can’t see', () => {
    expect(() => fencedAgent(Object.create(null) as HttpsAgent, new TestFence())).toThrow(TypeError);
  });
});
