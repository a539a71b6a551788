import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';

/**
 * The tables as a forecast sees them: of source tables that were sampled the sample, of all others everything. Counts
 * what passes through.
 */
export class SampledReader implements RecordReader {
  /** items that came from the store */
  itemsRead = 0;
  private scans = new Map<string, { times: number; items: number }>();

  constructor(
    private readonly base: RecordReader,
    private readonly samples: ReadonlyMap<string, readonly StoredItem[]>,
  ) {}

  async *scan(table: string, options: ScanOptions = {}): AsyncGenerator<Page> {
    const scan = this.scans.get(table) ?? { times: 0, items: 0 };
    this.scans.set(table, scan);
    const isFirst = (options.segment?.index ?? 0) === 0;
    if (isFirst) scan.times += 1;
    const sample = this.samples.get(table);
    if (sample !== undefined) {
      yield { items: isFirst ? sample : [] };
      return;
    }
    for await (const page of this.base.scan(table, options)) {
      scan.items += page.items.length;
      this.itemsRead += page.items.length;
      yield page;
    }
  }

  positionBehind(table: string, row: StoredItem): Cursor {
    return this.base.positionBehind(table, row);
  }

  async get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    this.itemsRead += keys.length;
    return this.base.get(table, keys);
  }

  /** Whole scans of each table since the last call, and the items of all of them together. */
  takeScans(): ReadonlyMap<string, { readonly times: number; readonly items: number }> {
    const scans = this.scans;
    this.scans = new Map();
    return scans;
  }
}
