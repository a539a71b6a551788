import type { AggregateMapper, Stored } from '../../../domain/storage/stored.js';
import type { RowStore } from '../rows/row-store.js';

/**
 * What all repositories do, on any store: rows through the mapper, and nothing between the two. So a repository loads
 * exactly what verification loads (design, invariant 8). Reads throw `RestoreError` for a row that is structurally no
 * such aggregate, and `StoreError` when the store does not answer.
 */
export class MappedAggregates<A> {
  constructor(
    private readonly rows: RowStore,
    private readonly mapper: AggregateMapper<A>,
  ) {}

  async findById(id: string): Promise<Stored<A> | undefined> {
    const item = await this.rows.get(id);
    return item === undefined ? undefined : this.mapper.fromItem(item);
  }

  async *all(): AsyncGenerator<Stored<A>> {
    for await (const item of this.rows.scan()) yield this.mapper.fromItem(item);
  }

  /** Protected, because not every kind may be written. */
  protected insert(stored: Stored<A>): Promise<'inserted' | 'exists'> {
    return this.rows.insertIfAbsent(this.mapper.toItem(stored));
  }

  /** Every aggregate under a key of an index, which may be behind the table (see `RowStore.query`). */
  protected async under(index: string, key: string): Promise<readonly Stored<A>[]> {
    const found: Stored<A>[] = [];
    for await (const item of this.rows.query(index, key)) found.push(this.mapper.fromItem(item));
    return found;
  }
}
