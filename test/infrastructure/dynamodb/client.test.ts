import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';

const OPTIONS = { maxSockets: 3, requestTimeout: 2_000 };
/** no files of the machine that runs the tests */
const BARE = { AWS_SHARED_CREDENTIALS_FILE: '/nonexistent', AWS_CONFIG_FILE: '/nonexistent' };

describe('the DynamoDB client', () => {
  const clients: DynamoDBClient[] = [];
  const servers: Server[] = [];
  /** endpoint of a server that stops after the tests, however they end */
  const serve = (listener: RequestListener): Promise<string> =>
    new Promise((done) => {
      const server = createServer(listener);
      servers.push(server);
      server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  const create = (options: object, env: Record<string, string>): DynamoDBClient => {
    const client = createDynamoClient({ ...OPTIONS, ...options }, { ...BARE, ...env });
    clients.push(client);
    return client;
  };
  afterAll(() => {
    clients.forEach((client) => client.destroy());
    servers.forEach((server) => server.close());
  });

  it.each([
    'http://127.0.0.1:8000',
    'http://localhost:8000',
    'http://[::1]:8000',
    'http://127.8.9.1:1',
    'https://db.localhost',
  ])('just works with an emulator at %s', async (endpoint) => {
    const client = create({}, { AWS_ENDPOINT_URL_DYNAMODB: endpoint });
    expect(await client.config.region()).toBe('us-east-1');
    expect(await client.config.credentials()).toMatchObject({
      accessKeyId: 'local',
      secretAccessKey: 'local',
    });
    // pinned: these credentials can't go anywhere else
    expect((await client.config.endpoint?.())?.hostname).toBe(new URL(endpoint).hostname);
  });

  it('takes the service’s own endpoint variable before the general one, and a given one before both', async () => {
    const env = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1', AWS_ENDPOINT_URL: 'http://127.0.0.1:2' };
    const portOf = async (client: DynamoDBClient): Promise<unknown> =>
      (await client.config.endpoint?.())?.port;
    expect(await portOf(create({}, env))).toBe(1);
    expect(await portOf(create({}, { AWS_ENDPOINT_URL: 'http://127.0.0.1:2' }))).toBe(2);
    expect(await portOf(create({ endpoint: 'http://127.0.0.1:3' }, env))).toBe(3);
  });

  it.each([
    'https://dynamodb.eu-west-1.amazonaws.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'http://127.0.0.1.example.com',
  ])('has no credentials of its own for %s', async (endpoint) => {
    const client = create({ region: 'eu-west-1' }, { AWS_ENDPOINT_URL_DYNAMODB: endpoint });
    const credentials = await client.config.credentials().catch(() => undefined);
    expect(credentials?.accessKeyId).not.toBe('local');
  });

  it('leaves configured regions and credentials alone', async () => {
    const endpoint = 'http://127.0.0.1:8000';
    const given = create(
      { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'k', secretAccessKey: 's' } },
      {},
    );
    expect(await given.config.region()).toBe('eu-west-1');
    expect((await given.config.credentials()).accessKeyId).toBe('k');
    const folder = mkdtempSync(join(tmpdir(), 'waybill-aws-'));
    const config = join(folder, 'config');
    const credentials = join(folder, 'credentials');
    writeFileSync(config, '[default]\nregion = ap-south-1\n');
    writeFileSync(credentials, '[default]\naws_access_key_id = file\naws_secret_access_key = x\n');
    const before = { ...process.env };
    Object.assign(process.env, { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials });
    try {
      const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
      const filed = create({ endpoint }, env);
      expect(await filed.config.region()).toBe('ap-south-1');
      expect((await filed.config.credentials()).accessKeyId).toBe('file');
    } finally {
      process.env = before;
      rmSync(folder, { recursive: true });
    }
  });

  it('keeps connections open, and no more than asked for', async () => {
    const connections = new Set<unknown>();
    const endpoint = await serve((request, response) => {
      connections.add(request.socket);
      setTimeout(() => response.end('{"Items":[]}'), 10);
    });
    const client = create({ endpoint }, {});
    const round = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 12 }, () => client.send(new ScanCommand({ TableName: 'abc' }))));
    await round();
    await round();
    expect(connections.size).toBe(3);
  });

  it('invariant 5: reads an attribute called __proto__, which the SDK alone would blank', async () => {
    const body =
      '{"Item":{"id":{"S":"say \\"__proto__\\": "},"__proto__":{"M":{"b":{"B":"AAH/"},"s":{"BS":["AQ=="]},' +
      '"l":{"L":[{"N":"1"},{"B":"Ag=="}]},"__proto__":{"S":"deep"}}},"m":{"M":{"__proto__":{"N":"7"}}}}}';
    const client = create({ endpoint: await serve((_, response) => response.end(body)) }, {});
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: 'abc', Key: { id: { S: '1' } } }),
    );
    const inner = Object.fromEntries([
      ['b', { B: Uint8Array.of(0, 1, 255) }],
      ['s', { BS: [Uint8Array.of(1)] }],
      ['l', { L: [{ N: '1' }, { B: Uint8Array.of(2) }] }],
      ['__proto__', { S: 'deep' }],
    ]);
    expect(Object.entries(item ?? {})).toEqual([
      ['id', { S: 'say "__proto__": ' }],
      ['__proto__', { M: inner }],
      ['m', { M: Object.fromEntries([['__proto__', { N: '7' }]]) }],
    ]);
    expect(
      Object.keys((item as unknown as Record<string, { M: object }>)['__proto__']?.M ?? {}),
    ).toHaveLength(4);
  });
});
