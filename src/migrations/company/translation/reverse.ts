import { sameValue } from '../../../domain/storage/canonical-digest.js';
import { LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE, stampOf } from '../../../domain/storage/stored.js';
import { own, textOf, type StoredItem, type StoredValue } from '../../../domain/storage/stored-value.js';
import { sourceRecordKey } from '../../contract/migration-step.js';
import type { Entity } from '../entities.js';
import { COMPANY_ID, CREATED_BY, ledgerOf, type Ledger } from './ledger.js';
import { without } from './own.js';

const NOTHING: Ledger = { original: {}, written: {}, merged: [] };

/**
 * The old records of a row in a company's table, for the way back (E-41, E-X22): one, and one more for each other user
 * whose identical record was merged into it. Of a row as it was migrated they are exactly the records that it came from.
 * What somebody has changed since is taken over. None for rows of the application's own: the old tables have never had
 * them. Pure.
 */
export function legacyRecordsOf(entity: Entity, row: StoredItem): readonly StoredItem[] {
  const step = { source: entity.legacy, sourceKey: 'userId', sourceSortKey: entity.id };
  const key = sourceRecordKey(step, stampOf(row)?.source ?? '');
  const userId = textOf(key?.['userId']);
  if (key === undefined || userId === undefined || userId === '') return [];
  const ledger = ledgerOf(row) ?? NOTHING;
  const content = without(row, [STAMP_ATTRIBUTE, LEGACY_ATTRIBUTES, COMPANY_ID, entity.id]);
  const record = undone(content, ledger, userId);
  return [userId, ...ledger.merged].map((user) => ({ ...record, ...key, userId: { S: user } }));
}

function undone(content: StoredItem, { original, written }: Ledger, userId: string): StoredItem {
  const isUntouched = (name: string): boolean =>
    name === CREATED_BY
      ? textOf(own(content, name)) === userId
      : sameValue(own(content, name), own(written, name));
  const wasWritten = (name: string): boolean => name === CREATED_BY || own(written, name) !== undefined;
  const kept = Object.entries<StoredValue>(content).filter(
    ([name]) => !(wasWritten(name) && isUntouched(name)),
  );
  // what was left out comes back unless somebody has put another in its place, or taken away what took its place
  const restored = Object.entries<StoredValue>(original).filter(([name]) =>
    wasWritten(name) ? isUntouched(name) : own(content, name) === undefined,
  );
  return Object.fromEntries([...kept, ...restored]);
}
