import { Guid } from '../../../domain/values/guid.js';
import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import { feed, filledIndex } from '../../contract/table-feed.js';

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
    /** of each kind that comes first the same, or just the canonical ids */
    private readonly earlier: readonly LookupIndex[],
  ) {}

  static async build(
    context: StepContext,
    table: string,
    earlierTables: readonly EarlierTable[],
  ): Promise<LegacyIds> {
    const [own, ...earlier] = await Promise.all([
      winners(context, table),
      ...earlierTables.map((one) =>
        one.take === undefined ? winners(context, one.name) : taken(context, one, one.take),
      ),
    ]);
    return new LegacyIds(own, earlier);
  }

  /** Whether this record is the one of its kind that the id belongs to; the others are duplicates. */
  wins(id: string, stored: string): boolean {
    const winner = this.own.get(id);
    return winner === undefined || (winner === '' ? stored === id : winner === stored);
  }

  /** Whether a kind that comes first holds the id, so that this kind has to derive its rows' ids. */
  takenByEarlierKind(id: string): boolean {
    return this.earlier.some((kind) => kind.get(id) !== undefined);
  }

  async close(): Promise<void> {
    await Promise.all([this.own, ...this.earlier].map((index) => index.close()));
  }
}

/** canonical id → winning spelling; '' where that is the canonical one */
function winners(context: StepContext, table: string): Promise<LookupIndex> {
  return filledIndex(context, `ids-${table}`, (index) =>
    feed(context, table, ['id'], async (row) => {
      const stored = textOf(row['id']);
      const id = stored === undefined ? undefined : Guid.canonical(stored);
      if (stored === undefined || id === undefined) return;
      const known = index.get(id);
      if (known === '') return;
      if (stored === id) await index.put(id, '');
      else if (known === undefined || stored < known) await index.put(id, stored);
    }),
  );
}

/** The canonical ids of a table from which more is learnt on the same scan. */
async function taken(
  context: StepContext,
  { name, attributes = [] }: EarlierTable,
  take: (row: StoredItem) => Promise<void>,
): Promise<LookupIndex> {
  const index = context.indexes.create(`ids-${name}`);
  await feed(context, name, ['id', ...attributes], async (row) => {
    const id = Guid.canonical(textOf(row['id']) ?? '');
    if (id !== undefined) await index.put(id, '');
    await take(row);
  });
  return index;
}
