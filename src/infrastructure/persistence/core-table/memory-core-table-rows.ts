import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { MemoryStore } from '../../memory/memory-store.js';
import { unstorable } from '../rows/row-store.js';
import type { CoreTableRows } from './core-table-rows.js';

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

  async insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    const row = { table: TABLE, item };
    const fault = this.store.check(row);
    if (fault !== undefined) throw unstorable(TABLE, fault);
    const [result] = await this.store.insert([row]);
    return result?.kind === 'inserted' ? 'inserted' : 'exists';
  }
}
