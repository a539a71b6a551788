import { contentDigest, sameRow } from '../../domain/storage/canonical-digest.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndex, LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';
import type {
  InsertResult,
  RecordSink,
  RemoveResult,
  ReplaceResult,
  StampedRow,
} from '../../runner/ports/record-sink.js';
import { rowKeys, type RowKeys } from '../../migrations/contract/row-key.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type { AccessKind } from '../dynamodb/table-access.js';
import { assertRowPermitted } from '../dynamodb/write-guard.js';
import { fromStoredJson, toStoredJson } from '../journal/stored-json.js';

interface Overlaid {
  /** the row is not in the table underneath */
  readonly isNew: boolean;
  /** undefined: the row would have been removed */
  readonly item: StoredItem | undefined;
}

/** What the store that is not written to can say of a row without a request. */
export interface RowChecks extends Pick<RecordSink, 'check'> {
  /** Why no condition can guard the removal of this row; undefined where one can. Omitted: one always can. */
  unguardable?(table: string, image: StoredItem): string | undefined;
}

/**
 * What the tables would hold after a dry run (invariant 3): reads go through to the tables, writes stay here, in
 * bounded memory. Later steps and the verification see links and persons that the run would have created. Refuses what
 * the real client would refuse, with `WriteForbiddenError`: writes to tables whose role permits none.
 */
export class OverlayStore implements RecordReader, RecordSink {
  private readonly overlays = new Map<string, LookupIndex>();
  private readonly tables: ReadonlyMap<string, TableDefinition>;
  private readonly keys: RowKeys;

  constructor(
    private readonly base: RecordReader,
    private readonly checks: RowChecks,
    private readonly indexes: LookupIndexes,
    tables: readonly TableDefinition[],
  ) {
    this.tables = new Map(tables.map((table) => [table.name, table]));
    this.keys = rowKeys(tables);
  }

  async *scan(table: string, options: ScanOptions = {}): AsyncGenerator<Page> {
    const { attributes } = options;
    // rows are told apart by their whole keys, whatever is asked for
    const keyed =
      attributes === undefined
        ? options
        : { ...options, attributes: [...this.keys(table).names, ...attributes] };
    for await (const page of this.base.scan(table, keyed)) {
      const items = page.items.map((item) => this.current(table, item, item));
      yield { ...page, items: items.filter((item) => item !== undefined) };
    }
    const overlay = this.overlays.get(table);
    if (overlay === undefined || (options.segment?.index ?? 0) !== 0) return;
    let items: StoredItem[] = [];
    for await (const [, text] of overlay.entries()) {
      const { isNew, item } = decode(text);
      if (isNew && item !== undefined) items.push(item);
      if (items.length < 500) continue;
      yield { items };
      items = [];
    }
    yield { items };
  }

  async get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    const found = await this.base.get(table, keys);
    return keys.map((key, index) => this.current(table, key, found[index]));
  }

  positionBehind(table: string, row: StoredItem): Cursor {
    return this.base.positionBehind(table, row);
  }

  check(row: StampedRow): ReturnType<RecordSink['check']> {
    return this.checks.check(row);
  }

  async insert(rows: readonly StampedRow[]): Promise<InsertResult[]> {
    const results: InsertResult[] = [];
    const concerned = new Set(rows.map((row) => row.table));
    // before the first row is kept: a real batch is refused as a whole
    for (const table of concerned) this.permit(table, 'insert');
    for (const table of concerned) {
      const own = rows.flatMap((row, index) => (row.table === table ? [{ row, index }] : []));
      const underneath = await this.base.get(
        table,
        own.map(({ row }) => this.key(row)),
      );
      for (const [position, { row, index }] of own.entries()) {
        const exists = this.current(table, row.item, underneath[position]) !== undefined;
        if (!exists)
          await this.keep(table, row.item, { isNew: underneath[position] === undefined, item: row.item });
        results[index] = { kind: exists ? 'exists' : 'inserted' };
      }
    }
    return results;
  }

  async replace(row: StampedRow, image: StoredItem): Promise<ReplaceResult> {
    this.permit(row.table, 'change');
    const [current] = await this.get(row.table, [this.key(row)]);
    if (current === undefined || contentDigest(current) !== contentDigest(image)) return { kind: 'changed' };
    const isNew = this.overlaid(row.table, row.item)?.isNew ?? false;
    await this.keep(row.table, row.item, { isNew, item: row.item });
    return { kind: 'replaced' };
  }

  async remove(table: string, image: StoredItem): Promise<RemoveResult> {
    this.permit(table, 'remove');
    const [current] = await this.get(table, [this.key({ table, item: image })]);
    if (current === undefined || !sameRow(current, image)) return { kind: 'changed' };
    const detail = this.checks.unguardable?.(table, image);
    if (detail !== undefined) return { kind: 'unguardable', detail };
    const isNew = this.overlaid(table, image)?.isNew ?? false;
    await this.keep(table, image, { isNew, item: undefined });
    return { kind: 'removed' };
  }

  async close(): Promise<void> {
    await Promise.all([...this.overlays.values()].map((overlay) => overlay.close()));
  }

  private permit(table: string, kind: AccessKind): void {
    assertRowPermitted(table, this.tables.get(table), kind);
  }

  private async keep(table: string, row: StoredItem, { isNew, item }: Overlaid): Promise<void> {
    const overlay = this.overlays.get(table) ?? this.indexes.create(`overlay-${table}`);
    this.overlays.set(table, overlay);
    const json = item === undefined ? null : toStoredJson(item);
    await overlay.put(this.keyText(table, row), JSON.stringify([isNew, json]));
  }

  /** What the row under this key would be, given the one underneath; undefined where there would be none. */
  private current(
    table: string,
    key: StoredItem,
    underneath: StoredItem | undefined,
  ): StoredItem | undefined {
    const overlaid = this.overlaid(table, key);
    return overlaid === undefined ? underneath : overlaid.item;
  }

  private overlaid(table: string, row: StoredItem): Overlaid | undefined {
    const overlay = this.overlays.get(table);
    const text = overlay?.get(this.keyText(table, row));
    return text === undefined ? undefined : decode(text);
  }

  private key({ table, item }: StampedRow): StoredItem {
    return this.keys(table).of(item);
  }

  private keyText(table: string, row: StoredItem): string {
    return this.keys(table).text(row);
  }
}

function decode(text: string): Overlaid {
  const [isNew, json] = JSON.parse(text) as [boolean, unknown];
  return { isNew, item: json === null ? undefined : fromStoredJson(json) };
}
