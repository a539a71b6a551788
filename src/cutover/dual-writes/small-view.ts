import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';

/** Tables of which only these rows are seen, literal name → rows. For steps that decide on one record. */
export function viewOf(tables: ReadonlyMap<string, readonly StoredItem[]>, keys: RowKeys): RecordReader {
  const rows = (table: string): readonly StoredItem[] => tables.get(table) ?? [];
  return {
    async *scan(table, { segment } = {}) {
      await Promise.resolve();
      yield { items: segment === undefined || segment.index === 0 ? rows(table) : [] };
    },
    positionBehind: (table, row) => keys(table).of(row),
    get: (table, wanted) => {
      const key = keys(table);
      const found = new Map(rows(table).map((row) => [key.text(row), row]));
      return Promise.resolve(wanted.map((one) => found.get(key.text(one))));
    },
  };
}
