import { createHash } from 'node:crypto';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';

/** Parallel scans were measured to be exact up to this many segments. */
const MAX_SEGMENTS = 4096;
/** Records of one segment: many segments of few records are spread better than few of many. */
const FEW = 25;
const MANY = 1000;
const SEGMENTS_OF_LARGE_SAMPLES = 400;
/** Segments that are read at a time. */
const WAVE = 8;
/** Numbers of segments by which a table of unknown size is sounded. */
const SOUNDINGS = [1, 64, MAX_SEGMENTS] as const;

export interface SampleOptions {
  /** records wanted */
  readonly size: number;
  readonly seed: string;
  /** the store's count; undefined: it tells none */
  readonly estimate: number | undefined;
  readonly bytesOf: (item: StoredItem) => number;
  /** bytes of records that are kept at most */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface RandomSample {
  readonly records: readonly StoredItem[];
  /** these are all records of the table */
  readonly complete: boolean;
  /** it has fewer records than it could, because they are large */
  readonly cut: boolean;
  /** records of the whole table, where the store told no count */
  readonly reckoned?: { readonly count: number; readonly atLeast: boolean };
}

interface Segment {
  readonly items: readonly StoredItem[];
  /** there are more in it */
  readonly more: boolean;
}

/**
 * Records from the beginnings of randomly chosen segments of a many-segment scan. The store lays records out by a hash
 * of their key, so they are spread over the whole table. Same seed and same table, same records. Reads at most a page
 * more per segment than it needs, and keeps at most `maxBytes`. Writes nothing.
 */
export async function drawSample(
  reader: RecordReader,
  table: string,
  options: SampleOptions,
): Promise<RandomSample> {
  const { size, estimate } = options;
  const sounded = estimate === undefined ? await sound(reader, table, options) : undefined;
  const count = estimate ?? sounded?.count ?? 0;
  const isAll = size >= count;
  const quota = isAll ? Infinity : Math.min(MANY, Math.max(FEW, Math.ceil(size / SEGMENTS_OF_LARGE_SAMPLES)));
  const total = isAll ? 1 : Math.min(MAX_SEGMENTS, Math.max(1, Math.ceil(count / quota)));
  const drawn = await gather(reader, table, { ...options, quota, total, wave: isAll ? 1 : WAVE });
  return sounded === undefined ? drawn : { ...drawn, reckoned: sounded };
}

interface Gathering extends SampleOptions {
  readonly quota: number;
  readonly total: number;
  /** segments that are read at a time; memory holds what one wave brings */
  readonly wave: number;
}

async function gather(reader: RecordReader, table: string, options: Gathering): Promise<RandomSample> {
  const { size, bytesOf, maxBytes, total } = options;
  const records: StoredItem[] = [];
  let bytes = 0;
  let complete = true;
  const order = shuffled(total, `${options.seed}\0${table}`);
  while (order.length > 0) {
    // a record more than is wanted tells a sample that is the whole table from one that is not
    const quota = Math.min(options.quota, size + 1 - records.length);
    const wave = order.splice(0, options.wave);
    const read = await Promise.all(
      wave.map((index) => beginning(reader, table, index, { ...options, quota })),
    );
    for (const { items, more } of read) {
      complete &&= !more;
      for (const item of items) {
        if (records.length === size) return { records, complete: false, cut: false };
        bytes += bytesOf(item);
        if (bytes > maxBytes && records.length > 0) return { records, complete: false, cut: true };
        records.push(item);
      }
    }
    if (records.length === size && order.length > 0 && !complete) break;
  }
  return { records, complete, cut: false };
}

async function beginning(
  reader: RecordReader,
  table: string,
  index: number,
  { quota, total, signal, bytesOf, maxBytes, wave }: Omit<Gathering, 'size' | 'seed' | 'estimate'>,
): Promise<Segment> {
  const items: StoredItem[] = [];
  let room = maxBytes / wave;
  const part = { segment: { index, total }, ...(signal === undefined ? {} : { signal }) };
  for await (const page of reader.scan(table, part)) {
    signal?.throwIfAborted();
    for (const item of page.items) {
      if (items.length >= quota || room < 0) return { items, more: true };
      items.push(item);
      room -= bytesOf(item);
    }
    if (items.length >= quota && page.next !== undefined) return { items, more: true };
  }
  return { items, more: false };
}

/** Records of a table that the store has not counted: those of some segments, times the number of segments. */
async function sound(
  reader: RecordReader,
  table: string,
  { seed, ...options }: SampleOptions,
): Promise<{ readonly count: number; readonly atLeast: boolean }> {
  let least = 0;
  for (const total of SOUNDINGS) {
    const chosen = shuffled(total, `${seed}\0sounding\0${table}`).slice(0, WAVE);
    const read = await Promise.all(
      chosen.map((index) => beginning(reader, table, index, { ...options, quota: MANY, total, wave: WAVE })),
    );
    const found = read.reduce((sum, { items }) => sum + items.length, 0);
    const count = Math.round((found / chosen.length) * total);
    if (read.every(({ more }) => !more)) return { count, atLeast: false };
    least = Math.max(least, count);
  }
  return { count: least, atLeast: true };
}

/** 0 … total - 1 in an order that the seed decides. */
function shuffled(total: number, seed: string): number[] {
  const rank = (index: number): string => createHash('sha256').update(`${seed}\0${index}`).digest('hex');
  return Array.from({ length: total }, (_, index) => ({ index, rank: rank(index) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ index }) => index);
}
