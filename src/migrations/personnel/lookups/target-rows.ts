import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { StepContext } from '../../contract/migration-step.js';
import { feed } from '../../contract/table-feed.js';
import { TABLES } from '../personnel.tables.js';
import { CHOICE_ATTRIBUTES } from './stored-choices.js';

/** Hands every row of the target table to a look-up, in parallel segments and never two at the same time. */
export function eachTargetRow(
  context: Pick<StepContext, 'reader' | 'segments' | 'signal'>,
  take: (row: StoredItem) => Promise<void>,
): Promise<void> {
  return feed(context, TABLES.personnel, CHOICE_ATTRIBUTES, take);
}
