import { Guid } from '../../../domain/values/guid.js';
import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import { feed } from './table-scan.js';

/** A legacy table whose kind comes first; what else is to be learnt from its rows rides on the same scan. */
export interface EarlierTable {
  readonly name: string;
  readonly attributes?: readonly string[];
  readonly take?: (row: StoredItem) => Promise<void>;
}

/**
 * Who may keep a legacy id (K-X16): of records of one kind that spell one GUID differently the canonical one, else the
 * ordinally lowest spelling; across kinds the first kind whose table holds it, whatever became of the record there.
 */
export class LegacyIds {
  private constructor(
    /** canonical id → winning spelling; '' where that is the canonical one */
    private readonly own: LookupIndex,
    /** canonical ids of kinds that come first */
    private readonly earlier: LookupIndex,
  ) {}

  static async build(
    context: StepContext,
    table: string,
    earlierTables: readonly EarlierTable[],
  ): Promise<LegacyIds> {
    const ids = new LegacyIds(context.indexes.create('ids'), context.indexes.create('earlier-ids'));
    await feed(context, table, ['id'], async (row) => {
      const stored = textOf(row['id']);
      const id = stored === undefined ? undefined : Guid.canonical(stored);
      if (stored !== undefined && id !== undefined) await ids.putOwn(id, stored);
    });
    for (const earlier of earlierTables) {
      await feed(context, earlier.name, ['id', ...(earlier.attributes ?? [])], async (row) => {
        const id = Guid.canonical(textOf(row['id']) ?? '');
        if (id !== undefined) await ids.earlier.put(id, '');
        await earlier.take?.(row);
      });
    }
    return ids;
  }

  /** Whether this record is the one of its kind that the id belongs to; the others are duplicates. */
  wins(id: string, stored: string): boolean {
    const winner = this.own.get(id);
    return winner === undefined || (winner === '' ? stored === id : winner === stored);
  }

  /** Whether a kind that comes first holds the id, so that this kind has to derive its rows' ids. */
  takenByEarlierKind(id: string): boolean {
    return this.earlier.get(id) !== undefined;
  }

  async close(): Promise<void> {
    await Promise.all([this.own.close(), this.earlier.close()]);
  }

  private async putOwn(id: string, stored: string): Promise<void> {
    const known = this.own.get(id);
    if (known === '') return;
    if (stored === id) await this.own.put(id, '');
    else if (known === undefined || stored < known) await this.own.put(id, stored);
  }
}
