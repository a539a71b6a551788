import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndex } from './lookup-index.js';
import type { StepContext } from './migration-step.js';

/**
 * Feeds every row of a table to a look-up, in parallel segments. Rows of different segments arrive in any order but
 * never at the same time, so that a look-up can read and put without a lock. `attributes` undefined: whole rows.
 */
export async function feed(
  { reader, segments, signal }: Pick<StepContext, 'reader' | 'segments' | 'signal'>,
  table: string,
  attributes: readonly string[] | undefined,
  take: (row: StoredItem) => Promise<void>,
): Promise<void> {
  let turn = Promise.resolve();
  const takeAll = async (rows: readonly StoredItem[]): Promise<void> => {
    for (const row of rows) await take(row);
  };
  const segment = async (index: number): Promise<void> => {
    const options = {
      segment: { index, total: segments },
      ...(attributes === undefined ? {} : { attributes }),
      ...(signal === undefined ? {} : { signal }),
    };
    for await (const page of reader.scan(table, options)) {
      turn = turn.then(() => takeAll(page.items));
      await turn;
    }
  };
  await Promise.all(Array.from({ length: segments }, (_, index) => segment(index)));
}

/** A look-up index of this name, filled here, or before by another step that has it in common with this one. */
export async function filledIndex(
  context: Pick<StepContext, 'indexes' | 'shared'>,
  name: string,
  fill: (index: LookupIndex) => Promise<void>,
): Promise<LookupIndex> {
  const [index] = await filledIndexes(context, [name] as const, ([one]) => fill(one));
  return index;
}

/** As `filledIndex`, several that are filled together. */
export async function filledIndexes<const N extends readonly string[]>(
  { indexes, shared }: Pick<StepContext, 'indexes' | 'shared'>,
  names: N,
  fill: (filled: Indexes<N>) => Promise<void>,
): Promise<Indexes<N>> {
  if (shared !== undefined)
    return (await shared.filled(names, (all) => fill(all as Indexes<N>))) as Indexes<N>;
  const own = names.map((name) => indexes.create(name)) as unknown as Indexes<N>;
  await fill(own);
  return own;
}

/** One index for each name. */
type Indexes<N extends readonly string[]> = { readonly [P in keyof N]: LookupIndex };
