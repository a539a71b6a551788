import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { AccessReader } from '../../migrations/contract/access-pattern.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';

/** Answers questions by looking at every row: for tables in memory. */
export class ScannedAccess implements AccessReader {
  constructor(private readonly reader: Pick<RecordReader, 'get' | 'scan'>) {}

  get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    return this.reader.get(table, keys);
  }

  /** An index has a row that has its keys, so it needs no look of its own. */
  async *query(table: string, key: StoredItem): AsyncGenerator<StoredItem> {
    const wanted = Object.entries(key);
    for await (const { items } of this.reader.scan(table)) {
      for (const item of items) {
        const isMeant = wanted.every(([name, value]) => JSON.stringify(item[name]) === JSON.stringify(value));
        if (isMeant) yield item;
      }
    }
  }
}
