import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { StepContext } from '../contract/migration-step.js';
import type { Problem } from '../contract/outcome.js';
import type { EntityPolicy } from './entity-policy.js';
import type { EntityParts } from './entity-parts.js';
import { ENTITIES, sourceOf, type EntityKind } from './entities.js';
import { READERS, type OwnedRecord } from './translation/read-owned.js';
import { rowOf } from './translation/row.js';

/** Of rows that nobody writes: a validation and a forecast only imagine those that are not stored. */
export const NOBODY_RUNS = '1970-01-01T00:00:00.000Z';

/** As far as the record alone tells: it is readable, valid, and fits into a row. */
export function isSound(
  kind: EntityKind,
  item: StoredItem,
  companyId: string,
  { parts, context }: { readonly parts: EntityParts; readonly context: StepContext },
): boolean {
  const entity = ENTITIES[kind];
  const read = READERS[kind](item);
  if (!read.ok) return false;
  const { record } = read;
  if (record.userId === undefined || statusProblem(record, parts.policy) !== undefined) return false;
  const named = Object.entries(record.references).flatMap(([field, id]) =>
    id === undefined ? [] : [[field, id] as const],
  );
  const row = rowOf(entity, parts.mappers[kind], record, item, {
    ...{ companyId, id: record.id, userId: record.userId, merged: [], time: NOBODY_RUNS },
    references: Object.fromEntries(named),
  });
  return context.check(row, sourceOf(entity, record.userId, record.id)) === undefined;
}

export function statusProblem({ status }: OwnedRecord, { statuses }: EntityPolicy): Problem | undefined {
  if (status === undefined || statuses === undefined || statuses.has(status)) return undefined;
  const detail = `the status (${status.length} characters) is none of the ${statuses.size} that are valid`;
  return { reason: 'STATUS_INVALID', field: 'status', detail };
}
