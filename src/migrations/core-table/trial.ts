import type { Cohort } from '../../domain/core-table/cohort.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { Decision } from '../contract/outcome.js';

/** The rule by which a record of somebody who takes no part in a trial yields nothing (C-26). */
export const OUTSIDE = 'outside-cohort';

export const OUTSIDE_COHORT: Decision = { kind: 'skipped', rule: OUTSIDE, warnings: [] };

/** Whether a membership takes no part, whatever else is wrong with it. One whose ids can't be read is told as such. */
export function isOutside(cohort: Cohort, item: StoredItem): boolean {
  const [userId, serverId] = [textOf(item['userId']), textOf(item['serverId'])];
  return userId !== undefined && serverId !== undefined && !cohort.hasMembership(userId, serverId);
}
