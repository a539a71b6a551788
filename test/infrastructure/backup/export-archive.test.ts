import { createHash } from 'node:crypto';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { sameRow } from '../../../src/domain/storage/canonical-digest.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { ExportArchives } from '../../../src/infrastructure/backup/archives.js';
import type { BackupPlace } from '../../../src/infrastructure/backup/backup-place.js';
import { readDataFile, writeDataFile } from '../../../src/infrastructure/backup/data-file.js';
import { ExportArchive } from '../../../src/infrastructure/backup/export-archive.js';
import { FolderPlace } from '../../../src/infrastructure/backup/folder-place.js';
import { DynamoTableExport } from '../../../src/infrastructure/backup/table-export.js';
import { verifyBackup } from '../../../src/runner/backup/backup-verification.js';
import { quietProgress } from '../../support/engine/quiet.js';
import { filesIn, PORTS, readBackup, SHIPS, temporaryFolder, writeBackup } from './small-backup.js';

const md5 = (content: string | Buffer): string => createHash('md5').update(content).digest('base64');

/** a backup as somebody finds it who knows nothing of how it was written */
async function verify(folder: string): Promise<void> {
  const archive = new ExportArchive(new FolderPlace(folder));
  await verifyBackup({ archive, manifest: await archive.manifest() }, quietProgress, undefined);
}

describe('a backup in the layout of DynamoDB’s table export', () => {
  const folder = temporaryFolder();
  const root = join(folder.path, 'backup');

  beforeAll(() => writeBackup(new ExportArchive(new FolderPlace(root))));
  afterAll(() => folder.remove());

  const text = (name: string): string => readFileSync(join(root, name), 'utf8');
  const folderOf = (table: string): string =>
    filesIn(root)
      .find((name) => name.startsWith(`${table}-test/`))
      ?.split('/')
      .slice(0, 3)
      .join('/') as string;

  it('has the service’s names for its files', () => {
    const names = filesIn(root).map((name) =>
      name.replace(/\d{14}-[0-9a-f]{8}/, 'EXPORT').replace(/[a-z2-7]{26}\.json\.gz/, 'DATA.json.gz'),
    );
    expect([...new Set(names)]).toEqual(
      ['empty-test', 'ports-test', 'ships-test']
        .flatMap((table) =>
          [
            '_started',
            'data/DATA.json.gz',
            'manifest-files.json',
            'manifest-files.md5',
            'manifest-summary.json',
            'manifest-summary.md5',
          ].map((name) => `${table}/AWSDynamoDB/EXPORT/${name}`),
        )
        .concat('waybill-backup.json', 'waybill-backup.md5'),
    );
    // milliseconds since 1970 in 14 digits, as in the service's own ids
    expect(folderOf('ships')).toMatch(/AWSDynamoDB\/01795239312345-/);
  });

  it('has the fields of a full export in its summary, null where only the service could know', () => {
    const at = folderOf('ports');
    expect(JSON.parse(text(`${at}/manifest-summary.json`))).toEqual({
      version: '2020-06-30',
      exportArn: null,
      startTime: '2026-11-21T05:35:12.345Z',
      endTime: expect.any(String),
      tableArn: 'arn:aws:dynamodb:eu-central-1:1:table/ports-test',
      tableId: 'T-1',
      exportTime: '2026-11-21T05:35:12.345Z',
      s3Bucket: null,
      s3Prefix: 'ports-test',
      s3SseAlgorithm: null,
      s3SseKmsKeyId: null,
      manifestFilesS3Key: `${at}/manifest-files.json`,
      billedSizeBytes: 0,
      itemCount: 25,
      outputFormat: 'DYNAMODB_JSON',
    });
  });

  it('lists each data file with its rows and checksums, a line for each', () => {
    const at = folderOf('ports');
    const lines = text(`${at}/manifest-files.json`).trimEnd().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(entries.map(({ itemCount }) => itemCount).sort()).toEqual([12, 13]);
    for (const entry of entries) {
      const content = readFileSync(join(root, entry['dataFileS3Key'] as string));
      expect(entry).toEqual({
        itemCount: expect.any(Number),
        md5Checksum: md5(content),
        etag: createHash('md5').update(content).digest('hex'),
        dataFileS3Key: expect.stringMatching(/^ports-test\/AWSDynamoDB\/.*\/data\/[a-z2-7]{26}\.json\.gz$/),
      });
    }
  });

  it('keeps the MD5 of each manifest beside it, in base64 and nothing else', () => {
    const manifests = filesIn(root).filter((name) => name.endsWith('.json'));
    expect(manifests).toHaveLength(7);
    for (const name of manifests)
      expect(text(name.replace('.json', '.md5'))).toBe(md5(readFileSync(join(root, name))));
  });

  it('writes rows as lines of DynamoDB JSON: types as tags, numbers as text, bytes in base64', () => {
    const names = filesIn(root).filter((name) => name.startsWith('ships-test') && name.endsWith('.gz'));
    const lines = names.map((name) => gunzipSync(readFileSync(join(root, name))).toString('utf8')).sort();
    expect(lines).toEqual([
      '{"Item":{"id":{"S":"a"},"name":{"S":"Ada \\"1\\"\\n"},"tons":{"N":"12345678901234567890.123456789012345678"}}}\n',
      '{"Item":{"id":{"S":"b"},"flag":{"B":"AAH/"},"__proto__":{"SS":["","x"]}}}\n',
    ]);
  });

  it('writes one file without lines for a table without rows', () => {
    const names = filesIn(root).filter((name) => name.startsWith('empty-test') && name.endsWith('.gz'));
    expect(names.map((name) => gunzipSync(readFileSync(join(root, name))).length)).toEqual([0]);
  });

  it('gives back the very rows', async () => {
    const found = await readBackup(new ExportArchive(new FolderPlace(root)));
    expect(found['ships']?.map((row, index) => sameRow(row, SHIPS[index] as StoredItem))).toEqual([
      true,
      true,
    ]);
    expect(found['ports']).toHaveLength(PORTS.length);
    expect(found['empty']).toEqual([]);
  });

  it('refuses a backup in which any byte of any file is another one, and names the file', async () => {
    const files = filesIn(root).filter((name) => !name.endsWith('_started'));
    await verify(root);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat({ max: 2 ** 30 }),
        fc.integer({ min: 1, max: 255 }),
        async (name, position, flip) => {
          const whole = readFileSync(join(root, name));
          const flipped = Buffer.from(whole);
          const at = position % whole.length;
          flipped.writeUInt8(flipped.readUInt8(at) ^ flip, at);
          writeFileSync(join(root, name), flipped);
          try {
            await expect(verify(root)).rejects.toMatchObject({
              exit: 3,
              code: 'BACKUP_DAMAGED',
              message: expect.stringContaining(name),
            });
          } finally {
            writeFileSync(join(root, name), whole);
          }
        },
      ),
      { numRuns: 600 },
    );
    await verify(root);
  }, 120_000);

  it('refuses a backup that lacks a file, or of which a file is cut off or goes on behind its end', async () => {
    const files = filesIn(root).filter(
      (name) => !name.endsWith('_started') && name !== 'waybill-backup.json',
    );
    for (const name of files) {
      const path = join(root, name);
      const whole = readFileSync(path);
      const damages = [
        () => rmSync(path),
        () => truncateSync(path, whole.length - 1),
        () => truncateSync(path, 0),
        () => writeFileSync(path, Buffer.concat([whole, Buffer.from('\n')])),
        () => writeFileSync(path, Buffer.concat([whole, gzipSync('{"Item":{"id":{"S":"z"}}}\n')])),
      ];
      for (const damage of damages) {
        damage();
        try {
          await expect(verify(root)).rejects.toMatchObject({
            code: 'BACKUP_DAMAGED',
            message: expect.stringContaining(name),
          });
        } finally {
          writeFileSync(path, whole);
        }
      }
    }
    await verify(root);
  });

  it('sees rows of another backup whose checksums are all right', async () => {
    const other = join(folder.path, 'other');
    await writeBackup(new ExportArchive(new FolderPlace(other)));
    const [name] = filesIn(other).filter((file) => file.startsWith('ships-test') && file.endsWith('.gz'));
    const path = join(other, name as string);
    const whole = gunzipSync(readFileSync(path)).toString('utf8');
    const forged = gzipSync(whole.replace('"S":"', '"S":"x'));
    const manifest = (name as string).replace(/data\/.*/, 'manifest-files.json');
    const before = readFileSync(join(other, manifest), 'utf8');
    const after = before.replace(md5(readFileSync(path)), md5(forged));
    expect(after).not.toBe(before);
    writeFileSync(path, forged);
    writeFileSync(join(other, manifest), after);
    writeFileSync(join(other, manifest.replace('.json', '.md5')), md5(after));
    await expect(verify(other)).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      message: expect.stringMatching(/ships-test\/ holds 2 rows with the digest .* says 2 with/),
    });
  });

  it('reads a backup that was copied to another place', async () => {
    const s3Keys = join(folder.path, 'copied');
    await writeBackup(new ExportArchive(prefixed(new FolderPlace(s3Keys), 'far/away/')));
    await verify(s3Keys);
  });

  it('refuses a manifest whose names lead out of the backup, whatever its checksum', async () => {
    const path = join(root, 'waybill-backup.json');
    const [whole, checksum] = [readFileSync(path, 'utf8'), readFileSync(join(root, 'waybill-backup.md5'))];
    const changes: [string | RegExp, string, object][] = [
      ['"ships-test"', '"../ships"', { message: expect.stringContaining('lists a table that is none') }],
      [
        /"export": "[^"]*"/,
        '"export": ".."',
        { message: expect.stringContaining('lists a table that is none') },
      ],
      ['"format": 1', '"format": 2', { code: 'BACKUP_FORMAT' }],
    ];
    for (const [from, to, refusal] of changes) {
      const changed = whole.replace(from, to);
      expect(changed).not.toBe(whole);
      writeFileSync(path, changed);
      writeFileSync(join(root, 'waybill-backup.md5'), md5(changed));
      await expect(verify(root)).rejects.toMatchObject({ exit: 3, ...refusal });
    }
    writeFileSync(path, whole);
    writeFileSync(join(root, 'waybill-backup.md5'), checksum);
    await verify(root);
  });

  it('reads a file to its end, also where the compressed data end before', async () => {
    const content = gzipSync('{"Item":{"id":{"S":"a"}}}\n');
    const read = async (...chunks: readonly Buffer[]): Promise<void> => {
      const inPieces = async function* (): AsyncGenerator<Buffer> {
        for (const chunk of chunks) {
          yield chunk;
          await new Promise((done) => setTimeout(done, 20));
        }
      };
      const place = { location: 'x', read: inPieces } as unknown as BackupPlace;
      const entry = { itemCount: 1, md5Checksum: md5(content) };
      for await (const group of readDataFile(place, 'file', entry)) expect(group).toHaveLength(1);
    };
    await read(content);
    await expect(read(content, Buffer.from('x'))).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  });

  it('goes on in another file when one is full', async () => {
    const place = new FolderPlace(join(folder.path, 'files'));
    const table = new DynamoTableExport(place, { physicalName: 'ports-test' }, new Date(), 200);
    await table.write(pages(PORTS.map((row) => [row])));
    // a line has about 50 bytes, so a file is full with the fourth or fifth
    expect(await table.finish()).toMatchObject({ items: 25, files: 6 });
  });

  it('invariant 12: asks for no more pages than the place has taken', async () => {
    let [asked, taken] = [0, 0];
    let most = 0;
    const slow: Pick<BackupPlace, 'write'> = {
      write: async (_, content) => {
        for await (const chunk of content) {
          taken += chunk.length;
          most = Math.max(most, asked - taken);
          await new Promise(setImmediate);
        }
        return { etag: '' };
      },
    };
    const page = Buffer.alloc(256 * 1024);
    const lines = async function* (): AsyncGenerator<Buffer> {
      for (let index = 0; index < 40; index += 1) {
        // not to be compressed
        for (let at = 0; at < page.length; at += 4)
          page.writeUInt32LE(Math.imul(at + index, 2654435761) >>> 0, at);
        asked += page.length;
        yield Buffer.from(page);
        await new Promise(setImmediate);
      }
    };
    await writeDataFile(slow as BackupPlace, 'x', lines());
    expect(asked).toBe(40 * page.length);
    expect(most).toBeLessThan(8 * page.length + (asked - taken));
  });

  it('tells a place that names nothing, and a folder that can’t be used', async () => {
    const archives = new ExportArchives({ folder: folder.path });
    for (const location of ['', 'http://example.com/backup', 's3://B', 's3://']) {
      await expect(archives.open(location)).rejects.toMatchObject({ exit: 2, code: 'BACKUP_LOCATION' });
    }
    writeFileSync(join(folder.path, 'file'), '');
    const archive = await archives.open(join(folder.path, 'file'));
    await expect(archive.claim()).rejects.toMatchObject({
      exit: 3,
      code: 'BACKUP_LOCATION',
      message: expect.stringContaining('ENOTDIR'),
    });
  });
});

// eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
async function* pages(all: readonly (readonly StoredItem[])[]): AsyncGenerator<readonly StoredItem[]> {
  yield* all;
}

/** The same place, with manifests that name the keys of another one. */
function prefixed(place: FolderPlace, keyPrefix: string): BackupPlace {
  return {
    location: place.location,
    bucket: 'far',
    keyPrefix,
    isEmpty: () => place.isEmpty(),
    put: (name, content, options) => place.put(name, content, options),
    write: (name, content) => place.write(name, content),
    read: (name, signal) => place.read(name, signal),
    flush: () => place.flush(),
    discard: () => place.discard(),
    close: () => place.close(),
  };
}
