import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../../migrations/contract/table.js';
import type { MemoryStore } from '../../memory/memory-store.js';
import { indexOf } from '../rows/row-store.js';
import type { CompanyRows } from './company-rows.js';
import { insertIfAbsent } from '../rows/memory-insert.js';

/** A table of companies in a store in memory, which must have it. For tests and offline work. */
export class MemoryCompanyRows implements CompanyRows {
  constructor(
    private readonly definition: TableDefinition,
    private readonly store: MemoryStore,
  ) {}

  async get(companyId: string, id: string): Promise<StoredItem | undefined> {
    const { name, partitionKey, sortKey = '' } = this.definition;
    const [item] = await this.store.get(name, [{ [partitionKey]: { S: companyId }, [sortKey]: { S: id } }]);
    return item;
  }

  of(companyId: string): AsyncGenerator<StoredItem> {
    return this.matching({ [this.definition.partitionKey]: companyId });
  }

  indexed(index: string, companyId: string, value: string): AsyncGenerator<StoredItem> {
    const { partitionKey, sortKey = '' } = indexOf(this.definition, index);
    return this.matching({ [partitionKey]: companyId, [sortKey]: value });
  }

  insertIfAbsent(item: StoredItem): Promise<'inserted' | 'exists'> {
    return insertIfAbsent(this.store, this.definition.name, item);
  }

  private async *matching(values: Readonly<Record<string, string>>): AsyncGenerator<StoredItem> {
    for await (const { items } of this.store.scan(this.definition.name))
      for (const item of items)
        if (Object.entries(values).every(([name, value]) => textOf(item[name]) === value)) yield item;
  }
}
