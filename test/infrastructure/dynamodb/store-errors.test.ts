import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { endpointOf } from '../../../src/infrastructure/dynamodb/endpoint.js';
import { toStoreError } from '../../../src/infrastructure/dynamodb/store-errors.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { StoreError, WriteForbiddenError } from '../../../src/runner/ports/errors.js';

const ATTEMPT = { action: 'Scan', table: 'kpis-dev', endpoint: 'dynamodb.eu-west-1.amazonaws.com:443' };
const named = (name: string, extra: object = {}): Error =>
  Object.assign(new Error('says Ms Secret'), { name }, extra);

describe('store errors', () => {
  it.each<[string, Error, string, RegExp, RegExp]>([
    [
      'a refused connection',
      named('Error', { code: 'ECONNREFUSED' }),
      'STORE_UNREACHABLE',
      /ECONNREFUSED/,
      /network/,
    ],
    [
      'an unknown host',
      named('Error', { code: 'ENOTFOUND' }),
      'STORE_UNREACHABLE',
      /ENOTFOUND/,
      /ENDPOINT_URL/,
    ],
    ['a timeout', named('TimeoutError'), 'STORE_UNREACHABLE', /TimeoutError/, /what is done stays done/],
    ['expired credentials', named('ExpiredTokenException'), 'STORE_CREDENTIALS', /have expired/, /sso login/],
    [
      'absent credentials',
      named('CredentialsProviderError'),
      'STORE_CREDENTIALS',
      /are missing/,
      /AWS_PROFILE/,
    ],
    [
      'wrong credentials',
      named('UnrecognizedClientException'),
      'STORE_CREDENTIALS',
      /not accepted/,
      /AWS_PROFILE/,
    ],
    [
      'denied access',
      named('AccessDeniedException'),
      'STORE_DENIED',
      /Scan on table kpis-dev/,
      /dynamodb:Scan/,
    ],
    ['a missing table', named('ResourceNotFoundException'), 'TABLE_MISSING', /kpis-dev/, /tables create/],
    ['throttling', named('ThrottlingException'), 'STORE_THROTTLED', /throttled/, /--concurrency/],
    ['anything else', named('OddException'), 'STORE_FAILED', /OddException/, /again/],
    ['an answer that is no JSON', named('SyntaxError'), 'STORE_FAILED', /right endpoint/, /again/],
  ])('tell of %s what, where and what to do, and nothing personal', (_, error, code, message, next) => {
    const found = toStoreError(error, ATTEMPT);
    expect(found).toBeInstanceOf(StoreError);
    expect(found).toMatchObject({ code, exit: 3, cause: error });
    expect(found.message).toMatch(message);
    expect(found.message).toContain('dynamodb.eu-west-1.amazonaws.com:443');
    expect(found.next).toMatch(next);
    expect(found.message + found.next).not.toContain('Secret');
  });

  it('tell of a missing region', () => {
    expect(toStoreError(new Error('Region is missing'), ATTEMPT)).toMatchObject({ code: 'STORE_REGION' });
  });

  it('name the permission that AWS names', () => {
    const error = named('AccessDeniedException', {
      message: 'User is not authorized to perform: dynamodb:PartiQLInsert on',
    });
    expect(toStoreError(error, ATTEMPT).next).toContain('dynamodb:PartiQLInsert');
  });

  it('pass our own errors through', () => {
    const own = new WriteForbiddenError('no');
    expect(toStoreError(own, ATTEMPT)).toBe(own);
  });

  it('survive what is no error at all', () => {
    expect(toStoreError(undefined, ATTEMPT)).toMatchObject({ code: 'STORE_FAILED' });
    expect(toStoreError('text', ATTEMPT)).toMatchObject({ code: 'STORE_FAILED' });
  });
});

describe('store errors of a real client', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  const clients: DynamoDBClient[] = [];
  afterAll(() => {
    clients.forEach((client) => client.destroy());
    sockets.forEach((socket) => socket.destroy());
    servers.forEach((server) => server.close());
  });

  const listen = (answer: (socket: Socket) => void): Promise<string> =>
    new Promise((done) => {
      const server = createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => socket.destroy());
        answer(socket);
      });
      servers.push(server);
      server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  const scan = async (client: DynamoDBClient): Promise<unknown> => {
    clients.push(client);
    const mapping = new TableMapping({ suffix: '', tables: {}, attributes: {} });
    return new DynamoReader({ client, mapping }).scan('kpis').next();
  };
  const clientOf = (endpoint: string): DynamoDBClient =>
    createDynamoClient({ endpoint, maxSockets: 1, requestTimeout: 100, maxAttempts: 2 });

  it('say that nobody listens', async () => {
    await expect(scan(clientOf('http://127.0.0.1:9'))).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: "Scan on table kpis: 127.0.0.1:9 can't be reached (ECONNREFUSED).",
    });
  });

  it('say that nobody answers in time', async () => {
    const endpoint = await listen(() => undefined);
    await expect(scan(clientOf(endpoint))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  it('say that connections are dropped', async () => {
    const endpoint = await listen((socket) => socket.destroy());
    await expect(scan(clientOf(endpoint))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  it('say that something else answers', async () => {
    const endpoint = await listen((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>')),
    );
    await expect(scan(clientOf(endpoint))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('right endpoint'),
    });
  });

  it('say that credentials are missing', async () => {
    const failing = (): Promise<never> => Promise.reject(named('CredentialsProviderError'));
    const client = new DynamoDBClient({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:9',
      credentials: failing,
    });
    await expect(scan(client)).rejects.toMatchObject({ code: 'STORE_CREDENTIALS' });
  });

  it('name the region’s endpoint where none is configured', async () => {
    const client = new DynamoDBClient({ region: 'eu-west-1' });
    clients.push(client);
    expect(await endpointOf(client, {})).toBe('dynamodb.eu-west-1.amazonaws.com:443');
  });
});
