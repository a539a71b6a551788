import type { BatchStatementRequest } from '@aws-sdk/client-dynamodb';

import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import { toAttribute } from './attribute-values.js';

/** Longest PartiQL statement that DynamoDB takes, in characters (API reference, BatchStatementRequest). */
const STATEMENT_CHARACTERS = 8192;

interface CachedStatement {
  readonly names: readonly string[];
  readonly text: string;
}

/** Shapes of rows are few; a table with more sets of attributes than this only loses the cache's speed. */
const CACHED_SHAPES = 1_000;

/**
 * Makes `INSERT INTO "table" VALUE {'a': ?, …}`: insert-if-absent that works in batches. The text is cached per
 * table and set of attributes; values only ever go in as parameters.
 */
export class PartiqlInserts {
  private readonly cache = new Map<string, CachedStatement>();

  /** The statement, or undefined if its text would be longer than DynamoDB takes. Names are the stored ones. */
  statement(table: string, item: StoredItem): BatchStatementRequest | undefined {
    const names = Object.keys(item);
    const text = this.text(table, names);
    if (text.length > STATEMENT_CHARACTERS) return undefined;
    return { Statement: text, Parameters: names.map((name) => toAttribute(item[name] as StoredValue)) };
  }

  private text(table: string, names: readonly string[]): string {
    const key = `${table}\n${names.join('\n')}`;
    const cached = this.cache.get(key);
    // names may hold the separator, so an entry only counts if it has the very same names
    if (cached !== undefined && sameNames(cached.names, names)) return cached.text;
    const text = insertStatement(table, names);
    if (this.cache.size >= CACHED_SHAPES) this.cache.clear();
    this.cache.set(key, { names, text });
    return text;
  }
}

/** The text of the statement with one parameter per name, in the order given. */
function insertStatement(table: string, names: readonly string[]): string {
  const attributes = names.map((name) => `'${name.replaceAll("'", "''")}': ?`).join(', ');
  return `INSERT INTO "${table.replaceAll('"', '""')}" VALUE {${attributes}}`;
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
