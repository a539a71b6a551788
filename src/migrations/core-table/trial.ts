import type { Cohort } from '../../domain/core-table/cohort.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { Decision } from '../contract/outcome.js';

/** The rule by which a record of somebody who takes no part in a trial yields nothing (C-26). */
export const OUTSIDE = 'outside-cohort';

export const OUTSIDE_COHORT: Decision = { kind: 'skipped', rule: OUTSIDE, warnings: [] };

/** An id as far as a cohort has to know it, whatever is wrong with it. One that is no text is in no list. */
export function idFor(record: StoredItem, attribute: 'id' | 'userId' | 'serverId'): string {
  return textOf(record[attribute]) ?? '';
}

/** Whether a membership takes part, by its two ids alone. */
export function isMemberIn(cohort: Cohort, record: StoredItem): boolean {
  return cohort.hasMembership(idFor(record, 'userId'), idFor(record, 'serverId'));
}
