import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { AccessReader } from '../../../migrations/contract/access-pattern.js';
import type { CoreTableRows } from './core-table-rows.js';

const TABLE = 'CoreTable';

/** CoreTable as the runner asks it, for trials of the application's workflows. Never written. */
export class AskedCoreTableRows implements CoreTableRows {
  constructor(private readonly tables: AccessReader) {}

  async get(partition: string, sort: string): Promise<StoredItem | undefined> {
    const [item] = await this.tables.get(TABLE, [{ PK: { S: partition }, SK: { S: sort } }]);
    return item;
  }

  async *under(partition: string, sortPrefix: string): AsyncGenerator<StoredItem> {
    for await (const item of this.tables.query(TABLE, { PK: { S: partition } }))
      if (textOf(item['SK'])?.startsWith(sortPrefix) === true) yield item;
  }

  insertIfAbsent(): Promise<never> {
    return Promise.reject(new TypeError('a trial of workflows writes nothing'));
  }
}
