import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { StoredValue } from '../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../migrations/contract/lookup-index.js';
import type { Page } from '../../migrations/contract/record-reader.js';

const [pack, unpack] = [promisify(brotliCompress), promisify(brotliDecompress)];

/** Rows shrink to a third at the least effort, and hardly more at a greater one. In one piece: each costs a turn. */
const PACKING = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 }, chunkSize: 128 * 1024 };

/** Bytes below which a page is kept as it is: another thread is not worth its while. */
const SMALL = 8 * 1024;

const CIPHER = 'aes-256-ctr';
const SEPARATOR = ' ';
const KEY_BYTES = 32;
const IV_BYTES = 16;

/**
 * Pages of rows in the bounded memory of one look-up index, compressed. What of it goes on in files is encrypted with a
 * key that is nowhere but in this object: rows are personal data, and files outlive a process that is killed.
 */
export class PageSpool {
  private readonly key = randomBytes(KEY_BYTES);

  constructor(private readonly index: LookupIndex) {}

  /** Await it: beyond the memory ceiling it writes to disk. */
  async put(name: string, page: Page): Promise<void> {
    const iv = randomBytes(IV_BYTES);
    const plain = encode(page);
    const content = plain.length < SMALL ? plain : await pack(plain, PACKING);
    const sealed = createCipheriv(CIPHER, this.key, iv).update(content);
    const parts = [plain.length, iv.toString('base64'), sealed.toString('base64')];
    await this.index.put(name, parts.join(SEPARATOR));
  }

  /** Throws `RangeError` for a name that nothing was put under. */
  async get(name: string): Promise<Page> {
    const text = this.index.get(name);
    if (text === undefined) throw new RangeError(`there is no page ${name}`);
    const [size, iv = '', sealed = ''] = text.split(SEPARATOR);
    const length = Number(size);
    const decipher = createDecipheriv(CIPHER, this.key, Buffer.from(iv, 'base64'));
    const opened = decipher.update(Buffer.from(sealed, 'base64'));
    // one byte more than there is: a piece that is full has another one follow it
    return decode(length < SMALL ? opened : await unpack(opened, { chunkSize: length + 1 }));
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

/** What JSON begins with; the serialization of V8 begins with 0xff. */
const BRACE = '{'.charCodeAt(0);

/** JSON is read twice as fast, but knows no bytes. */
function encode(page: Page): Uint8Array {
  const rows = page.next === undefined ? page.items : [...page.items, page.next];
  const binary = rows.some((row) => Object.values(row).some(hasBytes));
  return binary ? serialize(page) : Buffer.from(JSON.stringify(page));
}

function decode(bytes: Buffer): Page {
  return (bytes[0] === BRACE ? JSON.parse(bytes.toString()) : deserialize(bytes)) as Page;
}

function hasBytes(value: StoredValue): boolean {
  if ('M' in value) return Object.values(value.M).some(hasBytes);
  if ('L' in value) return value.L.some(hasBytes);
  return 'B' in value || 'BS' in value;
}
