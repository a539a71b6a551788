import { createHash } from 'node:crypto';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { textOf } from '../../domain/storage/stored-value.js';
import type { Cursor, Page, RecordReader, ScanOptions } from '../../migrations/contract/record-reader.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { parallelScan } from '../engine/parallel-scan.js';
import type { ServiceParts } from '../services/service-parts.js';

/** Rows of a page. */
const PAGE_ROWS = 1_000;
/** Parts that the tables with the mentions are scanned in. */
const SEGMENTS = 4;

/** A table that is read together with what others mention of it. */
type MentionedTable = TableDefinition & { readonly mentionedIn: readonly string[] };

/**
 * Tables as the plan reads them: where others mention rows of a table (`TableDefinition.mentionedIn`), those are read as
 * its rows, too (ADR 0020). Everything else goes through as it is. In a dry run it stands before the overlay.
 */
export function withMentionedRows(reader: RecordReader, tables: readonly TableDefinition[]): RecordReader {
  const gathered = tables.flatMap(({ mentionedIn, ...table }) =>
    mentionedIn === undefined ? [] : [new MentionedRows(reader, { ...table, mentionedIn })],
  );
  if (gathered.length === 0) return reader;
  const byName = new Map(gathered.map((rows) => [rows.name, rows]));
  return {
    scan: (table, options) => (byName.get(table) ?? reader).scan(table, options),
    positionBehind: (table, row) => (byName.get(table) ?? reader).positionBehind(table, row),
    get: (table, keys) => (byName.get(table) ?? reader).get(table, keys),
  };
}

/** Services whose plans read their tables so. */
export function readingMentionedRows<P extends Pick<ServiceParts, 'openStore'>>(parts: P): P {
  return {
    ...parts,
    openStore: (plan) => (access, options) => {
      const store = parts.openStore(plan)(access, options);
      const reader = withMentionedRows(store.reader, plan.tables);
      return reader === store.reader ? store : { ...store, reader };
    },
  };
}

/**
 * One such table. The keys are gathered when a scan begins, and kept for reads by key until the next scan begins; that
 * is as current as any scan is. They are in memory: about 150 bytes for each, which are users and not records.
 */
class MentionedRows implements RecordReader {
  private gathering: Promise<Gathered> | undefined;
  private scans = 0;

  constructor(
    private readonly reader: RecordReader,
    private readonly table: MentionedTable,
  ) {}

  get name(): string {
    return this.table.name;
  }

  /** In the order of the keys, whatever the order in the tables, so that a scan can go on in another process. */
  async *scan(table: string, options: ScanOptions = {}): AsyncGenerator<Page> {
    if (options.storedOnly === true) {
      yield* this.reader.scan(table, options);
      return;
    }
    // segments of one scan have what was gathered in common
    if (this.scans === 0) this.gathering = undefined;
    this.scans += 1;
    try {
      const keys = await this.segment(options);
      for (let start = 0; start < keys.length; start += PAGE_ROWS) {
        options.signal?.throwIfAborted();
        const page = keys.slice(start, start + PAGE_ROWS);
        const items = await this.rows(page, options.attributes);
        const last = page.at(-1);
        yield start + PAGE_ROWS < keys.length && last !== undefined
          ? { items, next: this.keyOf(last) }
          : { items };
      }
      if (keys.length === 0) yield { items: [] };
    } finally {
      this.scans -= 1;
    }
  }

  positionBehind(_table: string, row: StoredItem): Cursor {
    return this.keyOf(textOf(row[this.table.partitionKey]) ?? '');
  }

  async get(_table: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]> {
    const { mentioned } = await this.gathered();
    const rows = await this.reader.get(this.table.name, keys);
    return rows.map((row, index) => {
      if (row !== undefined) return row;
      const key = textOf(keys[index]?.[this.table.partitionKey]);
      return key !== undefined && mentioned.has(key) ? this.keyOf(key) : undefined;
    });
  }

  private async segment({ segment, from, signal }: ScanOptions): Promise<readonly string[]> {
    const { sorted } = await this.gathered(signal);
    const own = segment === undefined ? sorted : sorted.filter((key) => isIn(key, segment));
    const behind = textOf(from?.[this.table.partitionKey]);
    return behind === undefined ? own : own.filter((key) => key > behind);
  }

  /** Those that have a row as it stands, the others as their keys. */
  private async rows(keys: readonly string[], attributes?: readonly string[]): Promise<StoredItem[]> {
    const found = await this.reader.get(
      this.table.name,
      keys.map((key) => this.keyOf(key)),
    );
    return keys.map((key, index) => only(found[index] ?? this.keyOf(key), attributes));
  }

  private gathered(signal?: AbortSignal): Promise<Gathered> {
    this.gathering ??= this.gather(signal).catch((error: unknown) => {
      this.gathering = undefined;
      throw error;
    });
    return this.gathering;
  }

  private async gather(signal?: AbortSignal): Promise<Gathered> {
    const { name, partitionKey, mentionedIn } = this.table;
    const mentioned = new Set<string>();
    const options = { attributes: [partitionKey], ...(signal === undefined ? {} : { signal }) };
    for (const table of [name, ...mentionedIn]) {
      await parallelScan(
        this.reader,
        table,
        SEGMENTS,
        ({ items }) => {
          for (const item of items) {
            const key = textOf(item[partitionKey]);
            if (key !== undefined) mentioned.add(key);
          }
          return Promise.resolve();
        },
        options,
      );
    }
    return { mentioned, sorted: [...mentioned].sort() };
  }

  private keyOf(key: string): StoredItem {
    return { [this.table.partitionKey]: { S: key } };
  }
}

interface Gathered {
  readonly mentioned: ReadonlySet<string>;
  readonly sorted: readonly string[];
}

function isIn(key: string, { index, total }: NonNullable<ScanOptions['segment']>): boolean {
  if (total === 1) return true;
  return createHash('sha256').update(key).digest().readUInt32BE() % total === index;
}

function only(row: StoredItem, attributes: readonly string[] | undefined): StoredItem {
  if (attributes === undefined) return row;
  const wanted = new Set(attributes);
  return Object.fromEntries(Object.entries(row).filter(([name]) => wanted.has(name)));
}
