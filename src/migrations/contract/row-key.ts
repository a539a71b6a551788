import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import type { TableDefinition } from './table.js';

/** What a key needs to know of its table. */
export type KeyedTable = Pick<TableDefinition, 'name' | 'partitionKey' | 'sortKey'>;

/**
 * The primary key of a table's rows. Its text stands in stamps, entries, findings and logs: that of a single key is the
 * key as stored; that of a composite one is `<partition key>|<sort key>`, with `\` and `|` in either escaped by `\`
 * (ADR 0019). Texts of different keys differ.
 */
export interface RowKey {
  /** the key attributes, partition key first */
  readonly names: readonly string[];
  /** The key attributes of a row; NULL, which no row can be stored under, where one is absent. */
  of(row: StoredItem): StoredItem;
  /** The key of a row as text; an attribute that is absent or neither text nor number reads as empty. */
  text(row: StoredItem): string;
  /** The key with this text. For a text that no key has: a key with empty parts, under which no row is stored. */
  parse(text: string): StoredItem;
}

/** The keys of a plan's tables, by literal name. Throws `RangeError` for a table that the plan does not have. */
export type RowKeys = (table: string) => RowKey;

const ABSENT: StoredValue = { NULL: true };
const SEPARATOR = '|';
const ESCAPED = /[\\|]/g;
/** A part, the separator, a part: escaped pairs or characters that need no escape. */
const COMPOSITE = /^((?:[^\\|]|\\[\\|])*)\|((?:[^\\|]|\\[\\|])*)$/;

/** The key of a table with a partition key, or with a partition key and a sort key. */
export function rowKey({ partitionKey, sortKey }: KeyedTable): RowKey {
  const names = sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
  return {
    names,
    of: (row) => Object.fromEntries(names.map((name) => [name, valueOf(row, name) ?? ABSENT])),
    text: (row) => keyText(row, partitionKey, sortKey),
    parse: (text) => {
      const texts = sortKey === undefined ? [text] : parts(text);
      return Object.fromEntries(names.map((name, index) => [name, { S: texts[index] ?? '' }]));
    },
  };
}

/** The keys of these tables. */
export function rowKeys(tables: readonly KeyedTable[]): RowKeys {
  const keys = new Map(tables.map((table) => [table.name, rowKey(table)]));
  return (table) => {
    const key = keys.get(table);
    if (key === undefined) throw new RangeError(`the plan has no table ${table}`);
    return key;
  };
}

/** As {@link RowKey.text}; by itself for those who name records by the hundred thousand. */
export function keyText(row: StoredItem, partitionKey: string, sortKey?: string): string {
  const first = partText(valueOf(row, partitionKey));
  if (sortKey === undefined) return first;
  return escaped(first) + SEPARATOR + escaped(partText(valueOf(row, sortKey)));
}

/** By own attributes only: a key may well be called __proto__. */
function valueOf(row: StoredItem, name: string): StoredValue | undefined {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

function partText(value: StoredValue | undefined): string {
  return value === undefined ? '' : 'S' in value ? value.S : 'N' in value ? value.N : '';
}

function escaped(part: string): string {
  return part.replace(ESCAPED, '\\$&');
}

function parts(text: string): readonly string[] {
  const [, first, second] = COMPOSITE.exec(text) ?? [];
  if (first === undefined || second === undefined) return ['', ''];
  return [first, second].map((part) => part.replace(/\\([\\|])/g, '$1'));
}
