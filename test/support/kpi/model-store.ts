import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { idOf, TABLE, tablesWith, type TableName, type Tables } from './tables.js';
import { compareText, guidOf, canonicalOrText, numberOf } from './model-values.js';

/** Digest of every attribute but the stamp, as the engine under test computes it. */
export type DigestOf = (row: StoredItem) => string;

type RowOutcome = 'created' | 'updated' | 'unchanged' | 'conflict';

/** All tables as mutable maps by id as stored. */
export class ModelStore {
  private readonly tables: ReadonlyMap<TableName, Map<string, StoredItem>>;

  constructor(
    input: Tables,
    private readonly digestOf: DigestOf,
  ) {
    this.tables = new Map(
      Object.values(TABLE).map((name) => [name, new Map(input[name].map((item) => [idOf(item), item]))]),
    );
  }

  rows(table: TableName): StoredItem[] {
    return [...this.table(table).values()];
  }

  row(table: TableName, id: string): StoredItem | undefined {
    return this.table(table).get(id);
  }

  insertIfAbsent(table: TableName, row: StoredItem): void {
    if (!this.table(table).has(idOf(row))) this.table(table).set(idOf(row), row);
  }

  /** Puts a row that carries its source as stamp; keeps what somebody else wrote or touched. */
  settle(table: TableName, row: StoredItem): RowOutcome {
    const existing = this.row(table, idOf(row));
    if (existing === undefined) {
      this.table(table).set(idOf(row), row);
      return 'created';
    }
    const ours = sourceOf(existing) !== undefined && sourceOf(existing) === sourceOf(row);
    if (!ours || stampText(existing, 'digest') !== this.digestOf(existing)) return 'conflict';
    if (fingerprint(existing) === fingerprint(row)) return 'unchanged';
    this.table(table).set(idOf(row), row);
    return 'updated';
  }

  all(): Tables {
    return tablesWith(Object.fromEntries([...this.tables].map(([name, rows]) => [name, [...rows.values()]])));
  }

  private table(name: TableName): Map<string, StoredItem> {
    const found = this.tables.get(name);
    if (found === undefined) throw new TypeError(`no table ${name}`);
    return found;
  }
}

/** The row with the part of the stamp that the model can know. */
export function stamped(row: StoredItem, source: string): StoredItem {
  return { ...row, _migration: { M: { source: { S: source } } } };
}

/** The source of a complete stamp (or of one that the model wrote itself). */
export function sourceOf(row: StoredItem): string | undefined {
  const stamp = row['_migration'];
  if (stamp === undefined || !('M' in stamp)) return undefined;
  const written = Object.keys(stamp.M).length === 1;
  const complete = stampText(row, 'run') !== undefined && stampText(row, 'digest') !== undefined;
  return written || complete ? stampText(row, 'source') : undefined;
}

function stampText(row: StoredItem, name: string): string | undefined {
  const stamp = row['_migration'];
  if (stamp === undefined || !('M' in stamp)) return undefined;
  return textOf(stamp.M[name]);
}

export function textOf(value: StoredValue | undefined): string | undefined {
  return value !== undefined && 'S' in value ? value.S : undefined;
}

/** Canonical text of an attribute of a look-up row; undefined where it is absent, blank or no text. */
export function lookupText(row: StoredItem, name: string): string | undefined {
  const text = textOf(row[name]);
  return text === undefined || text.trim() === '' ? undefined : canonicalOrText(text);
}

/** The id of a look-up row in the form in which others refer to it. */
export function canonicalId(row: StoredItem): string {
  return guidOf(idOf(row)) ?? idOf(row);
}

/** The row as comparable text: every attribute but the stamp, sets and numbers in one form. */
export function fingerprint(row: StoredItem): string {
  return mapText(Object.entries(row).filter(([name]) => name !== '_migration'));
}

/** As {@link fingerprint}, with the stamp's source; what the model says about a stored row. */
export function comparable(row: StoredItem): string {
  return JSON.stringify([fingerprint(row), sourceOf(row) ?? null]);
}

function mapText(entries: readonly (readonly [string, StoredValue])[]): string {
  const sorted = [...entries].sort(([left], [right]) => compareText(left, right));
  return JSON.stringify(sorted.map(([name, value]) => [name, valueText(value)]));
}

function valueText(value: StoredValue): string {
  if ('S' in value) return `S${value.S}`;
  if ('N' in value) return `N${numberOf(value.N) ?? value.N}`;
  if ('B' in value) return `B${hex(value.B)}`;
  if ('BOOL' in value) return `BOOL${value.BOOL}`;
  if ('NULL' in value) return 'NULL';
  if ('M' in value) return `M${mapText(Object.entries(value.M))}`;
  if ('L' in value) return `L${JSON.stringify(value.L.map(valueText))}`;
  if ('SS' in value) return `SS${JSON.stringify([...value.SS].sort(compareText))}`;
  if ('NS' in value) return `NS${JSON.stringify(value.NS.map((n) => numberOf(n) ?? n).sort(compareText))}`;
  return `BS${JSON.stringify(value.BS.map(hex).sort(compareText))}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
