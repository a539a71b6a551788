import { createHash } from 'node:crypto';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';

interface Place {
  readonly position: string;
  readonly row: StoredItem;
}

/**
 * The tables in another order, and with other rows in each segment: both follow from the seed and the key alone, so that
 * a scan can go on wherever another one has stopped. Pages have one row.
 */
export class ReorderedReader implements RecordReader {
  constructor(
    private readonly reader: RecordReader,
    private readonly keys: RowKeys,
    private readonly seed: string,
  ) {}

  async *scan(table: string, options: ScanOptions = {}): AsyncGenerator<Page> {
    const { segment = { index: 0, total: 1 }, from, attributes, signal } = options;
    const places: Place[] = [];
    for await (const { items } of this.reader.scan(table, signal === undefined ? {} : { signal })) {
      for (const row of items) {
        const position = this.position(table, row);
        if (Number.parseInt(position.slice(0, 8), 16) % segment.total !== segment.index) continue;
        places.push({ position, row });
      }
    }
    const start = from === undefined ? '' : this.position(table, from);
    const rest = places.filter(({ position }) => position > start);
    rest.sort((a, b) => (a.position < b.position ? -1 : 1));
    for (const { row } of rest) {
      const next = this.positionBehind(table, row);
      yield { items: [attributes === undefined ? row : picked(row, attributes)], next };
    }
    yield { items: [] };
  }

  positionBehind(table: string, row: StoredItem): Cursor {
    return this.reader.positionBehind(table, row);
  }

  get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    return this.reader.get(table, keys);
  }

  private position(table: string, row: StoredItem): string {
    const key = this.keys(table).text(row);
    return createHash('sha256').update(`${this.seed}\0${key}`).digest('hex');
  }
}

function picked(row: StoredItem, names: readonly string[]): StoredItem {
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));
}
