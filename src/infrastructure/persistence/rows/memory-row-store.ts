import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { textOf } from '../../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../../migrations/contract/table.js';
import { keyNames } from '../../dynamodb/key-identity.js';
import type { MemoryStore } from '../../memory/memory-store.js';
import type { RowStore, RowStores } from './row-store.js';
import { definitionOf, indexOf } from './row-store.js';
import { insertIfAbsent } from './memory-insert.js';

/** The tables of these definitions in a store in memory, which must have them. For tests and offline work. */
export function memoryRowStores(definitions: readonly TableDefinition[], store: MemoryStore): RowStores {
  return (table) => new MemoryRowStore(definitionOf(definitions, table), store);
}

/** One table in memory. An index is read by looking at every row, and so is never behind. */
class MemoryRowStore implements RowStore {
  constructor(
    private readonly definition: TableDefinition,
    private readonly store: MemoryStore,
  ) {}

  async get(key: string): Promise<StoredItem | undefined> {
    const { name, partitionKey } = this.definition;
    const [item] = await this.store.get(name, [{ [partitionKey]: { S: key } }]);
    return item;
  }

  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    return insertIfAbsent(this.store, this.definition.name, item);
  }

  async *query(index: string, key: string): AsyncGenerator<StoredItem> {
    const keys = indexOf(this.definition, index);
    for await (const item of this.scan()) {
      const isIndexed = keyNames(keys).every((name) => Object.hasOwn(item, name));
      if (isIndexed && textOf(item[keys.partitionKey]) === key) yield item;
    }
  }

  async *scan(): AsyncGenerator<StoredItem> {
    for await (const page of this.store.scan(this.definition.name)) yield* page.items;
  }
}
