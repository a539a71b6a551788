import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { StepContext } from '../../contract/migration-step.js';
import { TABLES } from '../personnel.tables.js';
import { CHOICE_ATTRIBUTES } from './stored-choices.js';
import { Turns } from './turns.js';

/** Hands every row of the target table to a look-up, in parallel segments and never two at the same time. */
export async function eachTargetRow(
  { reader, segments, signal }: Pick<StepContext, 'reader' | 'segments' | 'signal'>,
  take: (row: StoredItem) => Promise<void>,
): Promise<void> {
  const turns = new Turns();
  const segment = async (index: number): Promise<void> => {
    const options = {
      segment: { index, total: segments },
      attributes: CHOICE_ATTRIBUTES,
      ...(signal === undefined ? {} : { signal }),
    };
    for await (const { items } of reader.scan(TABLES.personnel, options)) {
      await turns.take(async () => {
        for (const row of items) await take(row);
      });
    }
  };
  await Promise.all(Array.from({ length: segments }, (_, index) => segment(index)));
}
