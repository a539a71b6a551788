import { contentDigest, sameValue } from '../../domain/storage/canonical-digest.js';
import { LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE, stampOf, withStamp } from '../../domain/storage/stored.js';
import { own, type StoredItem } from '../../domain/storage/stored-value.js';
import { DUAL_WRITE_RUN } from '../../migrations/contract/dual-write-rules.js';
import type { Translated } from './step-translation.js';

/**
 * Whose a stored row is, as the engine tells it:
 * - `own`: written for this record, and nobody has touched it since;
 * - `edited`: written for this record, and the application has changed it since, in the new model alone;
 * - `foreign`: not written for this record, e.g. born in the new model.
 */
export type RowState = 'own' | 'edited' | 'foreign';

export function stateOf(row: StoredItem, source: string): RowState {
  const stamp = stampOf(row);
  if (stamp?.source !== source) return 'foreign';
  return contentDigest(row) === stamp.digest ? 'own' : 'edited';
}

type TranslatedRow = Extract<Translated, { kind: 'row' }>;

/** The row with the stamp that a run would give it but for the run's name: the next run finds it unchanged. */
export function stamped({ item, digest }: TranslatedRow, source: string): StoredItem {
  return withStamp(item, { source, run: DUAL_WRITE_RUN, digest });
}

/**
 * A stored row after its record has changed. A row that nobody touched is what its record is now. Of any other only the
 * attributes that the change of the record changes are changed (P-X27): what the application has set in the new model,
 * where the record says nothing and has a default, stays. Its stamp tells of the new state of the record then, unless it
 * did not tell of the old one: what it missed before is still missing.
 */
export function changedRow(
  row: StoredItem,
  before: TranslatedRow,
  after: TranslatedRow,
  source: string,
): StoredItem {
  const state = stateOf(row, source);
  if (state === 'own') return stamped(after, source);
  const patched = patchedRow(row, before, after, state === 'foreign');
  const isUpToDate = state === 'edited' && stampOf(row)?.digest === before.digest;
  return isUpToDate ? withStamp(patched, { source, run: DUAL_WRITE_RUN, digest: after.digest }) : patched;
}

/** The row with what differs between two states of its record. A row born in the new model gets no account of a way here. */
export function patchedRow(
  row: StoredItem,
  before: TranslatedRow,
  after: TranslatedRow,
  isForeign: boolean,
): StoredItem {
  const isKept = (name: string): boolean =>
    name === STAMP_ATTRIBUTE || (isForeign && name === LEGACY_ATTRIBUTES);
  const names = [...new Set([...Object.keys(before.item), ...Object.keys(after.item)])];
  const changed = new Set(
    names.filter((name) => !isKept(name) && !sameValue(own(before.item, name), own(after.item, name))),
  );
  const kept = Object.entries(row).filter(([name]) => !changed.has(name));
  const set = Object.entries(after.item).filter(([name]) => changed.has(name));
  return Object.fromEntries([...kept, ...set]);
}
