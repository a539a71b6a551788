import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';

/**
 * Gives out rows that belong to the one who asked, as a store does that is reached over a network: whoever puts an
 * attribute into one or takes one out changes nothing else. The values of attributes stay frozen.
 */
export class OwnCopies implements RecordReader {
  constructor(private readonly reader: RecordReader) {}

  async *scan(table: string, options?: ScanOptions): AsyncGenerator<Page> {
    for await (const page of this.reader.scan(table, options)) {
      yield { ...page, items: page.items.map((row) => ({ ...row })) };
    }
  }

  positionBehind(table: string, row: StoredItem): Cursor {
    return this.reader.positionBehind(table, row);
  }

  async get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    const rows = await this.reader.get(table, keys);
    return rows.map((row) => (row === undefined ? undefined : { ...row }));
  }
}

/** A row that shares nothing with the other one, nothing of it frozen. */
export function copyOf(row: StoredItem): StoredItem {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, copyOfValue(value)]));
}

function copyOfValue(value: StoredValue): StoredValue {
  if ('B' in value) return { B: value.B.slice() };
  if ('M' in value) return { M: copyOf(value.M) };
  if ('L' in value) return { L: value.L.map(copyOfValue) };
  if ('SS' in value) return { SS: [...value.SS] };
  if ('NS' in value) return { NS: [...value.NS] };
  if ('BS' in value) return { BS: value.BS.map((bytes) => bytes.slice()) };
  return { ...value };
}
