import { sameRow, sameValue } from '../../../src/domain/storage/canonical-digest.js';
import { own, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { AccessReader } from '../../../src/migrations/contract/access-pattern.js';
import { rowKeys } from '../../../src/migrations/contract/row-key.js';
import { PERSONNEL_TABLES } from '../../../src/migrations/personnel/personnel.tables.js';
import type { Discrepancy, DiscrepancyList } from '../../../src/cutover/dual-writes/discrepancies.js';
import type {
  NoteChange,
  Notes,
  RowChange,
  RowFault,
  Tombstone,
  TwoModels,
} from '../../../src/cutover/dual-writes/two-models.js';
import { checkItem } from '../../../src/infrastructure/dynamodb/item-guard.js';
import { StoreError } from '../../../src/runner/ports/errors.js';

/** `before`: the store does not do it and says so; `after`: it does it, and the answer gets lost. */
export type Fault = 'before' | 'after';

export const LEGACY = 'sitelogix-personnel';
export const CURRENT = 'sitelogix-personnel-v2';

const KEYS = rowKeys(PERSONNEL_TABLES);

/**
 * Both tables and the notes in memory: each commit happens at once or not at all. `turn` is awaited before everything, so
 * that a test can mix several writers; `failing` is asked before each commit.
 */
export class MemoryModels implements TwoModels, DiscrepancyList {
  readonly open = new Map<string, Discrepancy>();
  readonly graves = new Map<string, string>();
  readonly fired: Fault[] = [];
  turn: () => Promise<unknown> = () => Promise.resolve();
  failing: (rows: readonly RowChange[], notes: readonly NoteChange[]) => Fault | undefined = () => undefined;
  /** told of every change of a row that took place */
  changed: (change: RowChange) => void = () => undefined;
  private readonly tables = new Map<string, Map<string, StoredItem>>([
    [LEGACY, new Map()],
    [CURRENT, new Map()],
  ]);

  /** `apart`: no transaction reaches both tables */
  constructor(private readonly apart = false) {}

  async read(table: string, key: StoredItem): Promise<StoredItem | undefined> {
    await this.turn();
    return this.row(table, key);
  }

  row(table: string, key: StoredItem): StoredItem | undefined {
    return this.table(table).get(KEYS(table).text(key));
  }

  put(table: string, ...items: readonly StoredItem[]): void {
    for (const item of items) this.table(table).set(KEYS(table).text(item), item);
  }

  erase(table: string, key: StoredItem): void {
    this.table(table).delete(KEYS(table).text(key));
  }

  rows(table: string): StoredItem[] {
    return [...this.table(table).values()];
  }

  async notes(source: string): Promise<Notes> {
    await this.turn();
    const [open, buried] = [this.open.get(source), this.graves.get(source)];
    return { ...(open !== undefined && { open }), ...(buried !== undefined && { buried }) };
  }

  async *tombstones(): AsyncGenerator<Tombstone> {
    await this.turn();
    yield* [...this.graves].map(([source, at]) => ({ source, at }));
  }

  fault(table: string, item: StoredItem): RowFault | undefined {
    const definition = PERSONNEL_TABLES.find(({ name }) => name === table);
    if (definition === undefined) throw new TypeError(`no table ${table}`);
    return checkItem(definition, item);
  }

  async commit(rows: readonly RowChange[], notes: readonly NoteChange[]): Promise<boolean> {
    await this.turn();
    const isOfLegacy = rows.some(({ table }) => table === LEGACY);
    if (this.apart && isOfLegacy && rows.length + notes.length > 1)
      throw new TypeError('no transaction reaches both models');
    const fault = this.failing(rows, notes);
    if (fault !== undefined) this.fired.push(fault);
    if (fault === 'before') throw new StoreError('STORE_FAILED', 'failed on purpose', 'nothing');
    const holds = rows.every((change) => this.holds(change)) && notes.every((note) => this.isNoted(note));
    if (holds) {
      for (const change of rows) this.apply(change);
      for (const note of notes) this.note(note);
    }
    if (fault === 'after') throw new StoreError('STORE_UNREACHABLE', 'failed on purpose', 'nothing');
    return holds;
  }

  count(plan: string): Promise<number> {
    return Promise.resolve([...this.open.values()].filter((one) => one.plan === plan).length);
  }

  async *list(plan: string): AsyncGenerator<Discrepancy> {
    await Promise.resolve();
    yield* [...this.open.values()].filter((one) => one.plan === plan);
  }

  /** The tables as the application asks them. */
  get access(): AccessReader {
    const rows = (table: string): readonly StoredItem[] => this.rows(table);
    return {
      get: (table, keys) => Promise.resolve(keys.map((key) => this.row(table, key))),
      async *query(table, key) {
        await Promise.resolve();
        const wanted = Object.entries(key);
        for (const row of rows(table))
          if (wanted.every(([name, value]) => sameValue(own(row, name), value))) yield row;
      },
    };
  }

  private holds(change: RowChange): boolean {
    if (change.kind === 'insert') return this.row(change.table, change.item) === undefined;
    if (change.kind === 'absent') return this.row(change.table, change.key) === undefined;
    const found = this.row(change.table, change.image);
    return found !== undefined && sameRow(found, change.image);
  }

  private apply(change: RowChange): void {
    if (change.kind === 'insert' || change.kind === 'replace') this.put(change.table, change.item);
    else if (change.kind === 'remove') this.erase(change.table, change.image);
    this.changed(change);
  }

  private isNoted(note: NoteChange): boolean {
    if (note.kind === 'bury' || note.kind === 'unbury') return true;
    if (note.kind === 'buried') return this.graves.get(note.source) === note.at;
    if (note.kind !== 'open')
      return note.version === undefined || this.open.get(note.source)?.version === note.version;
    const found = this.open.get(note.discrepancy.source);
    if (note.over === 'any') return true;
    return note.over === 'nothing' ? found === undefined : found?.version === note.over.version;
  }

  private note(note: NoteChange): void {
    if (note.kind === 'open') this.open.set(note.discrepancy.source, note.discrepancy);
    else if (note.kind === 'close') this.open.delete(note.source);
    else if (note.kind === 'bury') this.graves.set(note.source, note.at);
    else if (note.kind === 'unbury') this.graves.delete(note.source);
  }

  private table(name: string): Map<string, StoredItem> {
    const table = this.tables.get(name);
    if (table === undefined) throw new TypeError(`no table ${name}`);
    return table;
  }
}
