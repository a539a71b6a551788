import { textOf, own, type StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndex, LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowUse } from '../../migrations/contract/row-use.js';
import { feed } from '../../migrations/contract/table-feed.js';
import { ownershipOf, type RollbackScope } from './row-ownership.js';
import type { Fate } from './row-removal.js';

/** What a rollback has not gone through yet: its rows may still go. */
export interface Ahead {
  readonly scope: RollbackScope;
  readonly tables: readonly string[];
}

export interface RowsInUseParts {
  readonly reader: RecordReader;
  readonly indexes: LookupIndexes;
  readonly segments: number;
  /** this table and those after it, of this step and of those after it */
  readonly ahead: readonly Ahead[];
  readonly signal?: AbortSignal;
}

/**
 * Which rows of a table others need that stay: rows of the application, rows of other runs, and rows of ours that were kept.
 * What this rollback has yet to remove needs nothing. It is as the tables stood when it was built.
 */
export class RowsInUse {
  private constructor(
    private readonly uses: readonly RowUse[],
    /** `<number of the use>\0<text>` → the first table that names it */
    private readonly index: LookupIndex,
  ) {}

  /** Scans the tables that name rows of this one. Those already gone through give only what they name. */
  static async build(table: string, uses: readonly RowUse[], parts: RowsInUseParts): Promise<RowsInUse> {
    const asked = uses.filter((use) => use.table === table);
    const index = parts.indexes.create(`in-use-${table}`);
    try {
      for (const [number, { by }] of asked.entries())
        for (const { table: other, attribute } of by) {
          const scopes = parts.ahead.filter(({ tables }) => tables.includes(other)).map(({ scope }) => scope);
          await feed(parts, other, scopes.length === 0 ? [attribute] : undefined, async (row) => {
            const text = textOf(own(row, attribute));
            if (text === undefined || scopes.some((scope) => ownershipOf(row, scope) === 'ours')) return;
            const entry = entryOf(number, text);
            if (index.get(entry) === undefined) await index.put(entry, other);
          });
        }
    } catch (error) {
      await index.close();
      throw error;
    }
    return new RowsInUse(asked, index);
  }

  /** Why a row of ours stays; undefined: nobody needs it. */
  fateOf(row: StoredItem): Fate | undefined {
    for (const [number, { key }] of this.uses.entries()) {
      const text = textOf(own(row, key));
      const by = text === undefined ? undefined : this.index.get(entryOf(number, text));
      if (by !== undefined)
        return { kind: 'kept', reason: 'IN_USE', detail: `rows of ${by}, which stay, need it` };
    }
    return undefined;
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

function entryOf(number: number, text: string): string {
  return `${number}\0${text}`;
}
