import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type {
  InsertResult,
  ItemFault,
  RecordSink,
  RemoveResult,
  ReplaceResult,
  StampedRow,
} from '../../runner/ports/record-sink.js';
import type { TableAdmin, TableDescription } from '../../runner/ports/table-admin.js';
import { conditionalDelete } from '../dynamodb/conditional-delete.js';
import { checkItem } from '../dynamodb/item-guard.js';
import { keyIdentity, keyNames } from '../dynamodb/key-identity.js';
import { tableMissing } from '../dynamodb/table-missing.js';
import { MemoryTable } from './memory-table.js';

/**
 * Tables in this process's memory with the rules of the DynamoDB adapter: the item guard, insert-if-absent,
 * replacement by image, pages, segments, frozen copies. For tests and trials; nothing is kept.
 */
export class MemoryStore implements RecordReader, RecordSink, TableAdmin {
  private readonly tables = new Map<string, MemoryTable>();
  private readonly pageSize: number;

  /** Starts with these tables; `create` adds others. `pageSize` is the number of rows per page of a scan. */
  constructor(definitions: readonly TableDefinition[] = [], options: { readonly pageSize?: number } = {}) {
    this.pageSize = options.pageSize ?? 100;
    for (const definition of definitions) this.tables.set(definition.name, new MemoryTable(definition));
  }

  async *scan(table: string, options: ScanOptions = {}): AsyncGenerator<Page> {
    const { signal } = options;
    let from = options.from;
    do {
      signal?.throwIfAborted();
      // a turn of the event loop per page, as with a real store: others get to run, a signal is seen
      await new Promise(setImmediate);
      signal?.throwIfAborted();
      const page = this.table(table).page(options, from, this.pageSize);
      from = page.next;
      yield page;
    } while (from !== undefined);
  }

  positionBehind(table: string, row: StoredItem): Cursor {
    return this.table(table).positionBehind(row);
  }

  get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    return settled(() => keys.map((key) => this.table(table).get(key)));
  }

  check(row: StampedRow): ItemFault | undefined {
    return checkItem(this.table(row.table).definition, row.item);
  }

  insert(rows: readonly StampedRow[]): Promise<InsertResult[]> {
    return settled(() =>
      rows.map((row): InsertResult => {
        const fault = this.check(row);
        if (fault !== undefined) return rejected(fault);
        return { kind: this.table(row.table).insert(row.item) ? 'inserted' : 'exists' };
      }),
    );
  }

  replace(row: StampedRow, image: StoredItem): Promise<ReplaceResult> {
    return settled((): ReplaceResult => {
      const table = this.table(row.table);
      const fault = this.check(row);
      if (fault !== undefined) return rejected(fault);
      const keys = keyNames(table.definition);
      if (keyIdentity(row.item, keys) !== keyIdentity(image, keys)) {
        throw new TypeError('a row can only replace the image of its own key');
      }
      return { kind: table.replace(row.item, image) ? 'replaced' : 'changed' };
    });
  }

  remove(table: string, image: StoredItem): Promise<RemoveResult> {
    return settled((): RemoveResult => {
      const detail = this.unguardable(table, image);
      if (detail !== undefined) return { kind: 'unguardable', detail };
      return { kind: this.table(table).remove(image) ? 'removed' : 'changed' };
    });
  }

  /** Why DynamoDB could not guard the removal of this row; undefined where it could. */
  unguardable(table: string, image: StoredItem): string | undefined {
    const { definition } = this.table(table);
    const removal = conditionalDelete(definition.name, keyNames(definition), image);
    return removal === undefined ? 'the row has more attributes than one condition can guard' : undefined;
  }

  physicalName(table: string): string {
    return table;
  }

  describe(table: string): Promise<TableDescription | undefined> {
    return settled(() => {
      const definition = this.tables.get(table)?.definition;
      return definition === undefined ? undefined : describeTable(definition);
    });
  }

  pointInTimeRecovery(table: string): Promise<boolean | undefined> {
    return settled(() => {
      this.table(table);
      return undefined;
    });
  }

  /** A table that is there stays as it is. */
  create(definition: TableDefinition): Promise<void> {
    return settled(() => {
      if (!this.tables.has(definition.name)) this.tables.set(definition.name, new MemoryTable(definition));
    });
  }

  /** Writes rows as an application would: whatever was there is overwritten. Throws for rows no store would take. */
  load(table: string, items: readonly StoredItem[]): void {
    const target = this.table(table);
    for (const item of items) {
      const fault = checkItem(target.definition, item);
      if (fault !== undefined) throw new TypeError(`${table}: ${fault.field ?? 'row'}: ${fault.detail}`);
      target.put(item);
    }
  }

  /** Removes a row as an application would. False if there was none. */
  erase(table: string, key: StoredItem): boolean {
    return this.table(table).erase(key);
  }

  /** All rows, in the order of their keys. */
  rows(table: string): StoredItem[] {
    return this.table(table).all();
  }

  private table(name: string): MemoryTable {
    const table = this.tables.get(name);
    if (table === undefined) throw tableMissing(name, 'the store in memory');
    return table;
  }
}

/** Errors become rejections, as they come from a real store. */
function settled<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

function rejected(fault: ItemFault): { kind: 'rejected'; code: string; detail: string } {
  return { kind: 'rejected', code: fault.reason, detail: `${fault.field ?? 'row'}: ${fault.detail}` };
}

function describeTable(definition: TableDefinition): TableDescription {
  const keyed = [definition, ...definition.indexes];
  return {
    name: definition.name,
    physicalName: definition.name,
    status: 'ACTIVE',
    keyTypes: new Map(keyed.flatMap((keys) => keyNames(keys).map((name) => [name, 'S'] as const))),
    partitionKey: definition.partitionKey,
    ...(definition.sortKey === undefined ? {} : { sortKey: definition.sortKey }),
    indexes: definition.indexes.map((index) => ({ ...index, status: 'ACTIVE', projection: 'ALL' })),
  };
}
