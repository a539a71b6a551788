import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { StepContext } from '../../contract/migration-step.js';

/**
 * Feeds every row of a table to a look-up, in parallel segments. Rows of different segments arrive in any order but never
 * at the same time, so that a look-up can read and put without a lock.
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
    for await (const { items } of reader.scan(table, options)) {
      turn = turn.then(() => takeAll(items));
      await turn;
    }
  };
  await Promise.all(Array.from({ length: segments }, (_, index) => segment(index)));
}
