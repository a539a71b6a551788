import { promisify } from 'node:util';
import { createHash } from 'node:crypto';
import { gunzip, gzip } from 'node:zlib';
import type { JournalEntry } from '../../runner/ports/journal.js';
import { fromStoredJson, toStoredJson } from './stored-json.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Images of up to this many compressed bytes stand in the entry's own item, so that listings stay quick. */
export const MAX_INLINE_BYTES = 32 * 1024;
/** An item has at most 400 KB, names and keys included. */
const PART_BYTES = 320 * 1024;

/** Both images of an entry as typed JSON, compressed; `digest` is that of the compressed bytes. */
export interface PackedImages {
  readonly bytes: Uint8Array;
  readonly digest: string;
}

export type Images = Pick<JournalEntry, 'image' | 'found'>;

/** undefined where the entry has no image. */
export async function packImages(entry: Images): Promise<PackedImages | undefined> {
  if (entry.image === undefined && entry.found === undefined) return undefined;
  const json = JSON.stringify({
    ...(entry.image !== undefined && { image: toStoredJson(entry.image) }),
    ...(entry.found !== undefined && { found: toStoredJson(entry.found) }),
  });
  const bytes = await compress(json);
  return { bytes, digest: imagesDigest(bytes) };
}

/** Throws where `bytes` are not what {@link packImages} made. */
export async function unpackImages(bytes: Uint8Array): Promise<Images> {
  const json = JSON.parse((await decompress(bytes)).toString()) as Record<string, unknown>;
  return {
    ...(json['image'] !== undefined && { image: fromStoredJson(json['image']) }),
    ...(json['found'] !== undefined && { found: fromStoredJson(json['found']) }),
  };
}

export function imagesDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** The bytes cut into parts that fit an item each. */
export function imageParts(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += PART_BYTES) {
    parts.push(bytes.subarray(start, start + PART_BYTES));
  }
  return parts;
}
