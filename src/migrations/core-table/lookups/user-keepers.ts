import { stampOf } from '../../../domain/storage/stored.js';
import { textOf } from '../../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import { sourceRecordKey, type StepContext, type StepSource } from '../../contract/migration-step.js';
import { STAMP_ATTRIBUTE } from '../../../domain/storage/stored.js';
import { TABLES } from '../core-table.tables.js';
import { idOf, kindOf } from '../item-keys.js';
import { feed } from '../../contract/table-feed.js';

/**
 * User → server of the membership that the stamp of the user's stored item names. A membership that keeps the item keeps
 * it as long as it is there, whichever comes first by now: another one would find the item somebody else's.
 */
export async function storedKeepers(context: StepContext, step: StepSource): Promise<LookupIndex> {
  const keepers = context.indexes.create('user-keepers');
  await feed(context, TABLES.core, ['PK', 'SK', STAMP_ATTRIBUTE], async (row) => {
    const source = kindOf(row) === 'user' ? stampOf(row)?.source : undefined;
    const key = source === undefined ? undefined : sourceRecordKey(step, source);
    const [userId, serverId] = [textOf(key?.['userId']), textOf(key?.['serverId'])];
    if (userId !== undefined && serverId !== undefined && userId === idOf(row, 'user'))
      await keepers.put(userId, serverId);
  });
  return keepers;
}
