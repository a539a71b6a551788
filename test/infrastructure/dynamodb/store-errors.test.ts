import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { inspect } from 'node:util';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { endpointOf } from '../../../src/infrastructure/dynamodb/endpoint.js';
import {
  isTransient,
  isTransientCancellation,
  toStoreError,
} from '../../../src/infrastructure/dynamodb/store-errors.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { RefusedError, StoreError, WriteForbiddenError } from '../../../src/runner/ports/errors.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';

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
    ['throttling', named('ThrottlingException'), 'STORE_THROTTLED', /throttled/, /--max-wcu/],
    ['anything else', named('OddException'), 'STORE_FAILED', /OddException/, /again/],
    [
      'a web page',
      named('Unknown', { $metadata: { httpStatusCode: 404 } }),
      'STORE_FAILED',
      /failed with Unknown, HTTP 404\. .*right endpoint/,
      /again/,
    ],
    [
      'a certificate that is not trusted',
      named('Error', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
      'STORE_FAILED',
      /failed with DEPTH_ZERO_SELF_SIGNED_CERT\./,
      /again/,
    ],
    [
      'a cancelled transaction',
      named('TransactionCanceledException', {
        CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }, { Code: 'ValidationError' }],
      }),
      'STORE_FAILED',
      /failed with TransactionCanceledException \(ValidationError\)\./,
      /again/,
    ],
  ])('tell of %s what, where and what to do, and nothing personal', (_, error, code, message, next) => {
    const found = toStoreError(error, ATTEMPT);
    expect(found).toBeInstanceOf(StoreError);
    expect(found).toMatchObject({ code, exit: 3, cause: error });
    expect(found.message).toMatch(message);
    expect(found.message).toContain('dynamodb.eu-west-1.amazonaws.com:443');
    expect(found.next).toMatch(next);
    expect(found.message + found.next).not.toContain('Secret');
  });

  it('tell of an answer that is no JSON, and keep nothing of what it said (invariant 11)', () => {
    const error = named('SyntaxError', { $metadata: { httpStatusCode: 200 } });
    const found = toStoreError(error, ATTEMPT);
    expect(found).toMatchObject({ code: 'STORE_FAILED', message: expect.stringMatching(/right endpoint/) });
    expect(inspect(found)).not.toContain('Secret');
  });

  it('tell how long something was tried again, where it was', () => {
    const told = (error: Error, retriedFor?: number): string =>
      toStoreError(error, { ...ATTEMPT, ...(retriedFor === undefined ? {} : { retriedFor }) }).message;
    const again = ' It was tried again for 61 s; nothing more was sent.';
    expect(told(named('Error', { code: 'ECONNRESET' }), 60_600)).toMatch(new RegExp(`${again}$`));
    expect(told(named('InternalServerError'), 60_600)).toMatch(new RegExp(`${again}$`));
    expect(told(named('ThrottlingException'), 300)).toMatch(/after 1 s of retries; nothing more was sent\.$/);
    expect(told(named('ThrottlingException'))).toMatch(/after all retries; nothing more was sent\.$/);
    // an error that ended it, however long others were retried before
    expect(told(named('OddException'), 60_600)).not.toContain('tried again');
    expect(told(named('Error', { code: 'ECONNRESET' }))).not.toContain('tried again');
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

describe('transient errors', () => {
  const cancelled = (...codes: (string | undefined)[]): Error =>
    named('TransactionCanceledException', {
      $metadata: { httpStatusCode: 400 },
      CancellationReasons: codes.map((Code) => ({ Code })),
    });

  it.each([
    ['a conflict with another transaction', cancelled('TransactionConflict', 'None'), true],
    ['several passing reasons', cancelled('TransactionConflict', 'ThrottlingError', 'None'), true],
    ['throttling', cancelled('ProvisionedThroughputExceeded'), true],
    ['a condition', cancelled('ConditionalCheckFailed'), false],
    ['a condition beside a conflict', cancelled('TransactionConflict', 'ConditionalCheckFailed'), false],
    ['a row refused beside throttling', cancelled('ThrottlingError', 'ValidationError'), false],
    ['a reason that nobody knows', cancelled('TransactionConflict', 'SomethingNew'), false],
    ['no reason', cancelled('None', undefined), false],
    ['no list', named('TransactionCanceledException'), false],
    [
      'a conflict that only the message names',
      named('TransactionCanceledException', {
        message: 'Transaction cancelled, please refer cancellation reasons [None, TransactionConflict]',
      }),
      true,
    ],
    [
      'a condition that only the message names',
      named('TransactionCanceledException', { message: 'see [TransactionConflict, ConditionalCheckFailed]' }),
      false,
    ],
  ])('are transactions cancelled for %s: only if all reasons pass by', (_, error, expected) => {
    expect([isTransientCancellation(error), isTransient(error)]).toEqual([expected, expected]);
  });

  it('are no cancellations where nothing was cancelled', () => {
    expect(isTransientCancellation(named('TransactionConflictException'))).toBe(false);
    expect(isTransientCancellation(undefined)).toBe(false);
  });

  it.each([
    'ECONNRESET',
    'ECONNABORTED',
    'ECONNREFUSED',
    'EPIPE',
    'ETIMEDOUT',
    'EAI_AGAIN',
    'ENOTFOUND',
    'ERR_STREAM_PREMATURE_CLOSE',
    'HPE_INVALID_CONSTANT',
  ])('are network errors like %s', (code) => {
    expect(isTransient(named('Error', { code }))).toBe(true);
  });

  it.each([
    ['a hang-up', new Error('socket hang up'), true],
    ['a timeout', named('TimeoutError'), true],
    ['a hang-up told from another realm', new Error('AWS SDK error wrapper for Error: socket hang up'), true],
    ['a reset told from another realm', new Error('AWS SDK error wrapper for X: read ECONNRESET'), true],
    ['a body cut off', named('SyntaxError', { $metadata: { httpStatusCode: 200 } }), true],
    ['an internal error by its status', named('Odd', { $metadata: { httpStatusCode: 503 } }), true],
    ['a parser’s error of our own', named('SyntaxError'), false],
    ['a bug of ours', new TypeError('x is not a function'), false],
    ['a refused write', new WriteForbiddenError('no'), false],
    ['a lost lease', new RefusedError('LEASE_LOST', 'x', 'y'), false],
    ['an abort', named('AbortError'), false],
    ['a refused value', named('ValidationException', { $metadata: { httpStatusCode: 400 } }), false],
    ['a failed condition', named('ConditionalCheckFailedException'), false],
    ['a certificate', named('Error', { code: 'CERT_HAS_EXPIRED' }), false],
  ])('are told from others: %s', (_, error, expected) => {
    expect(isTransient(error)).toBe(expected);
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
    const retries = instantRetries(100);
    return new DynamoReader({ client, mapping, tables: [], retries }).scan('kpis').next();
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
