import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { MemoryStore } from '../../memory/memory-store.js';
import type { CoreTableRows } from './core-table-rows.js';
import { insertIfAbsent } from '../rows/memory-insert.js';

const TABLE = 'CoreTable';

/** CoreTable in a store in memory, which must have it. For tests and offline work. */
export class MemoryCoreTableRows implements CoreTableRows {
  constructor(private readonly store: MemoryStore) {}

  async get(partition: string, sort: string): Promise<StoredItem | undefined> {
    const [item] = await this.store.get(TABLE, [{ PK: { S: partition }, SK: { S: sort } }]);
    return item;
  }

  async *under(partition: string, sortPrefix: string): AsyncGenerator<StoredItem> {
    for await (const { items } of this.store.scan(TABLE)) {
      for (const item of items) {
        if (textOf(item['PK']) !== partition) continue;
        if (textOf(item['SK'])?.startsWith(sortPrefix) === true) yield item;
      }
    }
  }

  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    return insertIfAbsent(this.store, TABLE, item);
  }
}
