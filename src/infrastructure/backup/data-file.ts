import { createHash } from 'node:crypto';
import { Readable, pipeline, type Transform } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';

import type { StoredItem } from '../../domain/storage/stored-value.js';
import { backupDamaged } from '../../runner/ports/backup-archive.js';
import { fromStoredJson, toStoredJson } from '../journal/stored-json.js';
import type { BackupPlace } from './backup-place.js';
import { MissingObject } from './backup-place.js';

/** A line of `manifest-files.json`. */
export interface DataFileEntry {
  readonly itemCount: number;
  /** of the compressed file, base64 */
  readonly md5Checksum: string;
  readonly etag: string;
  readonly dataFileS3Key: string;
}

/** Rows come in groups of at most so many, or of so many bytes of JSON where rows are large. */
const GROUP_ROWS = 1_000;
const GROUP_BYTES = 4 * 1024 * 1024;

/** No row of 400 KB is longer than that as JSON, whatever has to be escaped in it. */
const LONGEST_LINE = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Rows as lines `{"Item": {…}}` in DynamoDB JSON. */
export function toLines(items: readonly StoredItem[]): Buffer {
  return Buffer.from(items.map((item) => `${JSON.stringify({ Item: toStoredJson(item) })}\n`).join(''));
}

/** Compresses lines into a file and writes it as they come. */
export async function writeDataFile(
  place: BackupPlace,
  name: string,
  lines: AsyncIterable<Uint8Array>,
): Promise<{ readonly bytes: number; readonly md5: string; readonly etag: string }> {
  const md5 = createHash('md5');
  let bytes = 0;
  const compressed = through(lines, createGzip());
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of compressed) {
      md5.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const { etag } = await place.write(name, counted());
  return { bytes, md5: md5.digest('base64'), etag };
}

/**
 * The rows of a file, in groups. Throws `BACKUP_DAMAGED` as soon as something can't be read, and at the latest at the end
 * where checksum or count differ: nobody should use the rows before that.
 */
export async function* readDataFile(
  place: BackupPlace,
  name: string,
  entry: Pick<DataFileEntry, 'itemCount' | 'md5Checksum'>,
  signal?: AbortSignal,
): AsyncGenerator<StoredItem[]> {
  const damaged = (what: string, cause?: unknown): Error => backupDamaged(place.location, name, what, cause);
  const md5 = createHash('md5');
  let items = 0;
  const raw = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of place.read(name, signal)) {
      md5.update(chunk);
      yield chunk;
    }
  };
  try {
    for await (const group of groupsOf(through(raw(), createGunzip()))) {
      items += group.length;
      yield group;
    }
  } catch (error) {
    if (error instanceof MissingObject) throw damaged('is missing', error);
    if (error instanceof LineError) throw damaged(error.message, error);
    if (isZlibError(error)) throw damaged('can’t be decompressed', error);
    throw error;
  }
  const found = md5.digest('base64');
  if (found !== entry.md5Checksum) {
    throw damaged(`has the MD5 ${found}, the manifest says ${entry.md5Checksum}`);
  }
  if (items !== entry.itemCount) throw damaged(`holds ${items} rows, the manifest says ${entry.itemCount}`);
}

/** A line that holds no row. Its message never quotes it. */
class LineError extends Error {}

/** Sends bytes through a transformation; ends with the error of either side. */
function through(source: AsyncIterable<Uint8Array>, transform: Transform): AsyncIterable<Uint8Array> {
  pipeline(Readable.from(source, { objectMode: false }), transform, () => {
    // who reads the transformation gets its error
  });
  return transform as AsyncIterable<Uint8Array>;
}

async function* groupsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<StoredItem[]> {
  let [group, bytes, number]: [StoredItem[], number, number] = [[], 0, 0];
  for await (const line of linesOf(chunks)) {
    number += 1;
    group.push(itemOf(line, number));
    bytes += line.length;
    if (group.length < GROUP_ROWS && bytes < GROUP_BYTES) continue;
    yield group;
    [group, bytes] = [[], 0];
  }
  if (group.length > 0) yield group;
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let [parts, length]: [Uint8Array[], number] = [[], 0];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]);
      [parts, length] = [[], 0];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE) throw new LineError('holds a line that is too long for a row');
  }
  if (length > 0) throw new LineError('ends within a line');
}

function itemOf(line: Buffer, number: number): StoredItem {
  try {
    const { Item, ...others } = JSON.parse(line.toString('utf8')) as { readonly Item?: unknown };
    if (Object.keys(others).length > 0) throw new TypeError('other than an item');
    return fromStoredJson(Item);
  } catch {
    // the cause would quote the line
    throw new LineError(`holds no row in line ${number}`);
  }
}

function isZlibError(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code?.startsWith('Z_') === true;
}
