import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import * as uploads from '@aws-sdk/lib-storage';
import * as commands from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import S3rver from 's3rver';

import { sameRow } from '../../../src/domain/storage/canonical-digest.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { ExportArchives } from '../../../src/infrastructure/backup/archives.js';
import { S3Place } from '../../../src/infrastructure/backup/s3-place.js';
import { PORTS, readBackup, SHIPS, temporaryFolder, writeBackup } from './small-backup.js';

const ENDPOINT_VARIABLES = ['AWS_ENDPOINT_URL_S3', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

describe('a backup in S3', () => {
  const folder = temporaryFolder();
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder.path,
    configureBuckets: [{ name: 'backups' }],
  });
  let client: S3Client;
  const archives = new ExportArchives({ folder: folder.path, region: 'eu-central-1' });

  beforeAll(async () => {
    const { port } = await server.run();
    process.env['AWS_ENDPOINT_URL_S3'] = `http://127.0.0.1:${port}`;
    process.env['AWS_ACCESS_KEY_ID'] = CREDENTIALS.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = CREDENTIALS.secretAccessKey;
    client = new S3Client({
      region: 'eu-central-1',
      credentials: CREDENTIALS,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
    folder.remove();
    for (const name of ENDPOINT_VARIABLES) Reflect.deleteProperty(process.env, name);
  });

  const keys = async (): Promise<string[]> =>
    ((await client.send(new ListObjectsV2Command({ Bucket: 'backups' }))).Contents ?? []).map(
      ({ Key }) => Key as string,
    );
  const get = async (key: string): Promise<Buffer> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'backups', Key: key }));
    return Buffer.from(await (Body as NonNullable<typeof Body>).transformToByteArray());
  };

  it('is written and read again, with keys and bucket in its manifests', async () => {
    const archive = await archives.open('s3://backups/night/ly/');
    expect(archive.location).toBe('s3://backups/night/ly');
    await writeBackup(archive);
    const found = await readBackup(await archives.open('s3://backups/night/ly'));
    expect(found['ships']?.map((row, index) => sameRow(row, SHIPS[index] as StoredItem))).toEqual([
      true,
      true,
    ]);
    expect(found['ports']).toHaveLength(PORTS.length);
    const all = await keys();
    const summary = all.find((key) => key.includes('ports-test') && key.endsWith('manifest-summary.json'));
    expect(JSON.parse((await get(summary as string)).toString('utf8'))).toMatchObject({
      s3Bucket: 'backups',
      s3Prefix: 'night/ly/ports-test',
      manifestFilesS3Key: (summary as string).replace('summary', 'files'),
    });
    const listed = (await get((summary as string).replace('summary', 'files'))).toString('utf8');
    for (const line of listed.trimEnd().split('\n')) {
      const { dataFileS3Key, etag } = JSON.parse(line) as Record<string, string>;
      expect(all).toContain(dataFileS3Key);
      expect(etag).toMatch(/^[0-9a-f]{32}$/);
    }
    await archive.close();
  });

  it('refuses one with a byte flipped', async () => {
    const archive = await archives.open('s3://backups/flipped');
    await writeBackup(archive);
    const key = (await keys()).find((name) => /^flipped\/ships-test\/.*\.gz$/.test(name)) as string;
    const content = await get(key);
    content.writeUInt8(content.readUInt8(20) ^ 1, 20);
    await client.send(new PutObjectCommand({ Bucket: 'backups', Key: key, Body: content }));
    await expect(readBackup(archive)).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      message: expect.stringContaining(key.slice('flipped/'.length)),
    });
    await archive.close();
  });

  it('is never written where something is, not even under a longer prefix by mistake', async () => {
    await client.send(new PutObjectCommand({ Bucket: 'backups', Key: 'taken/x', Body: 'x' }));
    await client.send(new PutObjectCommand({ Bucket: 'backups', Key: 'free-not/x', Body: 'x' }));
    await expect((await archives.open('s3://backups/taken')).claim()).rejects.toMatchObject({
      code: 'BACKUP_EXISTS',
    });
    await expect((await archives.open('s3://backups/free')).claim()).resolves.toBeUndefined();
  });

  it('takes away what it wrote when it is discarded', async () => {
    const archive = await archives.open('s3://backups/discarded');
    await writeBackup(archive);
    await archive.discard();
    expect((await keys()).filter((key) => key.startsWith('discarded/'))).toEqual([]);
    await expect(archive.manifest()).rejects.toMatchObject({ code: 'BACKUP_MISSING' });
    await archive.close();
  });

  it('uploads large files in parts, byte for byte', async () => {
    const place = new S3Place({ bucket: 'backups', prefix: 'large' }, client, { commands, uploads });
    const content = randomBytes(20 * 1024 * 1024);
    const { etag } = await place.write('file', pieces(content));
    expect(etag).not.toBe('');
    const chunks: Uint8Array[] = [];
    for await (const chunk of place.read('file')) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
  });

  it('says what is wrong with the bucket', async () => {
    await expect((await archives.open('s3://no-such-bucket/x')).claim()).rejects.toMatchObject({
      code: 'BACKUP_LOCATION',
      message: expect.stringContaining('no-such-bucket'),
    });
  });
});

describe('a server that is not Amazon’s', () => {
  it('is addressed by path and gets no checksums that it may not know', async () => {
    const seen: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      seen.push(request.resume());
      response.writeHead(200, { etag: '"e"' }).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    process.env['AWS_ENDPOINT_URL_S3'] = `http://127.0.0.1:${port}`;
    process.env['AWS_ACCESS_KEY_ID'] = CREDENTIALS.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = CREDENTIALS.secretAccessKey;
    try {
      const archive = await new ExportArchives({ folder: '.', region: 'eu-central-1' }).open(
        's3://backups/x',
      );
      await archive.exportTable({ physicalName: 'ships' }, new Date(0));
      await archive.close();
    } finally {
      for (const name of ENDPOINT_VARIABLES) Reflect.deleteProperty(process.env, name);
      server.close();
    }
    const [put] = seen;
    expect(put?.method).toBe('PUT');
    expect(put?.url).toMatch(/^\/backups\/x\/ships\/AWSDynamoDB\/00000000000000-[0-9a-f]{8}\/_started/);
    expect(Object.keys(put?.headers ?? {}).filter((name) => name.includes('checksum'))).toEqual([]);
  });
});

describe('what S3 answers', () => {
  const client = new S3Client({ region: 'eu-central-1', credentials: CREDENTIALS });
  const mock = mockClient(client);
  const place = new S3Place({ bucket: 'backups', prefix: '' }, client, { commands, uploads });

  beforeEach(() => mock.reset());

  it('never replaces a manifest, not even one that was written a moment ago', async () => {
    mock.on(PutObjectCommand).rejects(Object.assign(new Error('x'), { name: 'PreconditionFailed' }));
    const put = place.put('waybill-backup.json', Buffer.from('x'), { exclusive: true });
    await expect(put).rejects.toMatchObject({ code: 'BACKUP_EXISTS' });
    expect(mock.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
      Bucket: 'backups',
      Key: 'waybill-backup.json',
      IfNoneMatch: '*',
    });
  });

  it.each([
    ['AccessDenied', 'STORE_DENIED', 's3:PutObject'],
    ['ExpiredToken', 'STORE_CREDENTIALS', 'Sign in again'],
    ['Throttling', 'STORE_THROTTLED', 'less busy'],
    ['InvalidRequest', 'STORE_FAILED', 'S3 documentation'],
    ['TimeoutError', 'STORE_UNREACHABLE', 'AWS_ENDPOINT_URL_S3'],
  ])('turns %s into %s', async (name, code, next) => {
    mock.on(PutObjectCommand).rejects(Object.assign(new Error('x'), { name }));
    await expect(place.put('x', Buffer.from('x'))).rejects.toMatchObject({
      code,
      next: expect.stringContaining(next),
    });
  });

  it('tells a missing bucket from a missing object', async () => {
    mock.on(GetObjectCommand).rejects(new NoSuchBucket({ $metadata: {}, message: 'x' }));
    const read = async (): Promise<void> => {
      for await (const chunk of place.read('x')) expect(chunk).toBeDefined();
    };
    await expect(read()).rejects.toMatchObject({ code: 'BACKUP_LOCATION' });
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
async function* pieces(content: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < content.length; start += 64 * 1024)
    yield content.subarray(start, start + 64 * 1024);
}
