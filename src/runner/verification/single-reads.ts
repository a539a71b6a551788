import { own, type StoredItem, type StoredValue } from '../../domain/storage/stored-value.js';
import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';
import { KeptSegment } from './kept-segment.js';
import { PageSpool } from './page-spool.js';

export interface SingleReadsOptions {
  readonly reader: RecordReader;
  readonly indexes: LookupIndexes;
  /** tables that are likely to be scanned again */
  readonly tables: Iterable<string>;
  readonly segments: number;
  readonly signal: AbortSignal;
}

/** Pages that are read and packed at the same time, for each segment of a scan: enough where round trips are long. */
const PAGES_PER_SEGMENT = 4;

/**
 * Reads each of some tables once, however often it is scanned: what a verification looks up in a table, what it
 * surveys there and what it compares are the same rows, in bounded memory. All other reads go to the store.
 */
export class SingleReads implements RecordReader {
  private readonly kept = new Map<string, KeptSegment>();
  private readonly spool: PageSpool;
  private readonly tables: Set<string>;
  private readonly stop = new AbortController();
  private readonly permits: Permits;
  private sealed = false;

  constructor(private readonly options: SingleReadsOptions) {
    this.spool = new PageSpool(options.indexes.create('pages'));
    this.tables = new Set(options.tables);
    this.permits = new Permits(options.segments * PAGES_PER_SEGMENT);
  }

  /** From now on only what has been read is kept: a table that nobody has scanned yet will be scanned once. */
  seal(): void {
    this.sealed = true;
  }

  scan(table: string, options: ScanOptions = {}): AsyncIterable<Page> {
    const { segment, from, attributes, signal } = options;
    const { reader, segments } = this.options;
    const isPart = from === undefined && segment?.total === segments;
    const kept = isPart ? this.segment(table, segment.index) : undefined;
    if (kept === undefined) return reader.scan(table, options);
    return narrowed(kept.pages(), attributes, signal);
  }

  positionBehind(table: string, row: StoredItem): Cursor {
    return this.options.reader.positionBehind(table, row);
  }

  get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    return this.options.reader.get(table, keys);
  }

  async close(): Promise<void> {
    this.stop.abort();
    await Promise.all([...this.kept.values()].map((segment) => segment.settled()));
    await this.spool.close();
  }

  private segment(table: string, index: number): KeptSegment | undefined {
    const name = `${table}\0${index}`;
    const known = this.kept.get(name);
    if (known !== undefined) return known;
    if (this.sealed || !this.tables.has(table)) return undefined;
    const { reader, segments } = this.options;
    const signal = AbortSignal.any([this.options.signal, this.stop.signal]);
    const segment = new KeptSegment({
      name,
      spool: this.spool,
      pages: () => reader.scan(table, { segment: { index, total: segments }, amongMany: true, signal }),
      permitted: (work) => this.permits.run(work),
    });
    this.kept.set(name, segment);
    return segment;
  }
}

async function* narrowed(
  pages: AsyncIterable<Page>,
  attributes: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Page> {
  for await (const page of pages) {
    signal?.throwIfAborted();
    yield attributes === undefined ? page : { ...page, items: page.items.map(only(attributes)) };
  }
}

function only(attributes: readonly string[]): (item: StoredItem) => StoredItem {
  return (item) => {
    const kept: [string, StoredValue][] = [];
    for (const name of attributes) {
      const value = own(item, name);
      if (value !== undefined) kept.push([name, value]);
    }
    return Object.fromEntries(kept);
  };
}

/** So many at once, the others in their order. */
class Permits {
  private readonly queue: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
