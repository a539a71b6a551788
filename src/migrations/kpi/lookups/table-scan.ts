import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { textOf } from '../../../domain/storage/stored-value.js';
import { Guid } from '../../../domain/values/guid.js';
import type { StepContext } from '../../contract/migration-step.js';

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

/** The text of an attribute in canonical form where it is a GUID, else as stored; undefined for blanks and other types. */
export function reference(row: StoredItem, name: string): string | undefined {
  const text = textOf(row[name]);
  if (text === undefined || text.trim() === '') return undefined;
  return Guid.canonical(text) ?? text;
}
