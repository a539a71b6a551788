import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndex, LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';
import type { InsertResult, RecordSink, ReplaceResult, StampedRow } from '../../runner/ports/record-sink.js';
import { fromStoredJson, toStoredJson } from '../journal/stored-json.js';

interface Overlaid {
  /** the row is not in the table underneath */
  readonly isNew: boolean;
  readonly item: StoredItem;
}

/**
 * What the tables would hold after a dry run (invariant 3): reads go through to the tables, writes stay here, in
 * bounded memory. Later steps and the verification see links and persons that the run would have created.
 */
export class OverlayStore implements RecordReader, RecordSink {
  private readonly overlays = new Map<string, LookupIndex>();

  constructor(
    private readonly base: RecordReader,
    private readonly guard: Pick<RecordSink, 'check'>,
    private readonly indexes: LookupIndexes,
    private readonly keyOf: (table: string) => string,
  ) {}

  async *scan(table: string, options: ScanOptions = {}): AsyncGenerator<Page> {
    for await (const page of this.base.scan(table, options)) {
      yield { ...page, items: page.items.map((item) => this.overlaid(table, item)?.item ?? item) };
    }
    const overlay = this.overlays.get(table);
    if (overlay === undefined || (options.segment?.index ?? 0) !== 0) return;
    let items: StoredItem[] = [];
    for await (const [, text] of overlay.entries()) {
      const { isNew, item } = decode(text);
      if (isNew) items.push(item);
      if (items.length < 500) continue;
      yield { items };
      items = [];
    }
    yield { items };
  }

  async get(table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    const found = await this.base.get(table, keys);
    return keys.map((key, index) => this.overlaid(table, key)?.item ?? found[index]);
  }

  check(row: StampedRow): ReturnType<RecordSink['check']> {
    return this.guard.check(row);
  }

  async insert(rows: readonly StampedRow[]): Promise<InsertResult[]> {
    const results: InsertResult[] = [];
    for (const table of new Set(rows.map((row) => row.table))) {
      const own = rows.flatMap((row, index) => (row.table === table ? [{ row, index }] : []));
      const found = await this.get(
        table,
        own.map(({ row }) => this.key(row)),
      );
      for (const [position, { row, index }] of own.entries()) {
        const exists = found[position] !== undefined || this.overlaid(table, row.item) !== undefined;
        if (!exists) await this.put(row, true);
        results[index] = { kind: exists ? 'exists' : 'inserted' };
      }
    }
    return results;
  }

  async replace(row: StampedRow, image: StoredItem): Promise<ReplaceResult> {
    const [current] = await this.get(row.table, [this.key(row)]);
    if (current === undefined || contentDigest(current) !== contentDigest(image)) return { kind: 'changed' };
    await this.put(row, this.overlaid(row.table, row.item)?.isNew ?? false);
    return { kind: 'replaced' };
  }

  async close(): Promise<void> {
    await Promise.all([...this.overlays.values()].map((overlay) => overlay.close()));
  }

  private async put({ table, item }: StampedRow, isNew: boolean): Promise<void> {
    const overlay = this.overlays.get(table) ?? this.indexes.create(`overlay-${table}`);
    this.overlays.set(table, overlay);
    await overlay.put(this.keyText(table, item), JSON.stringify([isNew, toStoredJson(item)]));
  }

  private overlaid(table: string, row: StoredItem): Overlaid | undefined {
    const overlay = this.overlays.get(table);
    const text = overlay?.get(this.keyText(table, row));
    return text === undefined ? undefined : decode(text);
  }

  private key({ table, item }: StampedRow): StoredItem {
    const name = this.keyOf(table);
    return Object.fromEntries([[name, item[name] ?? { NULL: true as const }]]);
  }

  private keyText(table: string, row: StoredItem): string {
    return textOf(row[this.keyOf(table)]) ?? '';
  }
}

function decode(text: string): Overlaid {
  const [isNew, json] = JSON.parse(text) as [boolean, unknown];
  return { isNew, item: fromStoredJson(json) };
}
