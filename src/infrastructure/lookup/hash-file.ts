import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hash32 } from '../../domain/storage/text-hash.js';
import { BucketPage, PAGE_BYTES } from './bucket-page.js';
import { firstBits, HASH_BITS } from './hash-bits.js';
import { HashFilter } from './hash-filter.js';

/**
 * Bits of a hash that pages are told apart by, at most: a directory of 256 MiB. Hashes that spread need as many for a
 * thousand million entries; keys that need more for less are no keys.
 */
const MOST_BITS = 26;

/** Entries that are written before others have their turn: a millisecond or two. */
const BATCH = 256;

const NONE = -1;

interface HashFileOptions {
  /** 32 bits, unsigned */
  readonly hashOf?: ((key: string) => number) | undefined;
  readonly mostBits?: number;
}

/**
 * ASCII keys and values in a file of pages, by extendible hashing: a page has the entries whose hashes begin with the
 * same bits, and is split by one bit more when it is full. In memory are half a megabyte, and per page of the file some
 * ten bytes; an entry costs one read. The file is made anew, and is good for nothing once `write` or `get` has thrown.
 *
 * Keys and values must fit in {@link ENTRY_BYTES} together.
 */
export class HashFile {
  private readonly file: number;
  private readonly page = new BucketPage();
  private readonly split = new BucketPage();
  /** number of the page in `page` */
  private loaded = 0;
  private changed = false;
  /** by the first `bits` bits of a hash: the page of its entries */
  private directory = new Uint32Array([0]);
  private bits = 0;
  /** spares a read for most keys that are not in the file */
  private readonly filter = new HashFilter();
  private readonly hashOf: (key: string) => number;
  private readonly mostBits: number;
  /** by page: how many first bits its entries have in common */
  private readonly common = [0];

  /** The options are for tests. Throws what the file system throws. */
  constructor(
    private readonly path: string,
    { hashOf = hash32, mostBits = MOST_BITS }: HashFileOptions = {},
  ) {
    this.hashOf = hashOf;
    this.mostBits = mostBits;
    this.file = openSync(path, 'wx+', 0o600);
    this.page.clear();
    this.changed = true;
  }

  get(key: string): string | undefined {
    const hash = this.hashOf(key);
    if (!this.filter.mayHold(hash)) return undefined;
    this.load(this.pageOf(hash));
    return this.page.get(hash, key);
  }

  /** The last of several values of one key stays. One call at a time. */
  async write(entries: Iterable<readonly [key: string, value: string]>): Promise<void> {
    const added = Array.from(entries, ([key, value]) => ({ hash: this.hashOf(key), key, value }));
    // entries of a page are neighbours then
    added.sort((one, other) => one.hash - other.hash);
    for (const [index, { hash, key, value }] of added.entries()) {
      if (index > 0 && index % BATCH === 0) await nextTurn();
      this.put(hash, key, value);
    }
    this.flush();
  }

  /** All of them, in no promised order; not to be mixed with `write`. */
  *entries(): Iterable<readonly [key: string, value: string]> {
    for (let page = 0; page < this.common.length; page += 1) {
      this.load(page);
      yield* this.page.entries();
    }
  }

  close(): void {
    closeSync(this.file);
  }

  private put(hash: number, key: string, value: string): void {
    this.filter.add(hash);
    for (;;) {
      this.load(this.pageOf(hash));
      this.changed = true;
      if (this.page.put(hash, key, value)) return;
      this.splitLoaded(hash);
    }
  }

  private pageOf(hash: number): number {
    return this.directory[firstBits(hash, this.bits)] as number;
  }

  /** The entries of the loaded page, which `hash` belongs to, part by the first bit in which they may differ. */
  private splitLoaded(hash: number): void {
    const inCommon = this.common[this.loaded] as number;
    if (inCommon === this.bits) this.doubleDirectory();
    const added = this.common.length;
    this.page.moveTo(this.split, 1 << (HASH_BITS - 1 - inCommon));
    this.common[this.loaded] = inCommon + 1;
    this.common.push(inCommon + 1);
    const half = 2 ** (this.bits - inCommon - 1);
    const start = firstBits(hash, inCommon) * half * 2;
    this.directory.fill(added, start + half, start + half * 2);
    this.writePage(added, this.split);
  }

  private doubleDirectory(): void {
    if (this.bits === this.mostBits)
      throw new RangeError(`${this.path}: too many keys whose hashes begin alike`);
    const doubled = new Uint32Array(this.directory.length * 2);
    for (const [index, page] of this.directory.entries()) doubled.fill(page, index * 2, index * 2 + 2);
    this.directory = doubled;
    this.bits += 1;
  }

  private load(page: number): void {
    if (this.loaded === page) return;
    this.flush();
    // a read that fails may have changed part of it
    this.loaded = NONE;
    const read = readSync(this.file, this.page.bytes, 0, PAGE_BYTES, page * PAGE_BYTES);
    if (read < PAGE_BYTES) throw new RangeError(`${this.path} ends within page ${page}`);
    this.loaded = page;
  }

  private flush(): void {
    if (this.changed) this.writePage(this.loaded, this.page);
    this.changed = false;
  }

  private writePage(number: number, { bytes }: BucketPage): void {
    const start = number * PAGE_BYTES;
    for (let written = 0; written < PAGE_BYTES;)
      written += writeSync(this.file, bytes, written, PAGE_BYTES - written, start + written);
  }
}
