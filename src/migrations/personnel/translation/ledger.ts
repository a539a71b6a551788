import { sameValue } from '../../../domain/storage/canonical-digest.js';
import { LEGACY_ATTRIBUTES } from '../../../domain/storage/stored.js';
import { own, type StoredItem, type StoredValue } from '../../../domain/storage/stored-value.js';

/**
 * What a migrated profile keeps of the way that it came, in `legacyAttributes`: enough to undo the step, and to repeat
 * what was chosen rather than read.
 */
export interface Ledger {
  /** old attributes that are gone from the row or have another value in it, as they were */
  readonly original: StoredItem;
  /** attributes of the row that the record did not have, or not so, as they were written */
  readonly written: StoredItem;
}

/** The ledger of a row without one. */
export function ledgerFor(record: StoredItem, row: StoredItem): Ledger {
  const differing = (one: StoredItem, other: StoredItem): StoredItem =>
    Object.fromEntries(Object.entries(one).filter(([name, value]) => !sameValue(value, own(other, name))));
  return { original: differing(record, row), written: differing(row, record) };
}

export function withLedger(row: StoredItem, { original, written }: Ledger): StoredItem {
  return { ...row, [LEGACY_ATTRIBUTES]: { M: { original: { M: original }, written: { M: written } } } };
}

/** The ledger of a row; undefined where it has none that is whole. */
export function ledgerOf(row: StoredItem): Ledger | undefined {
  const ledger = mapOf(row[LEGACY_ATTRIBUTES]);
  const [original, written] = [mapOf(ledger?.['original']), mapOf(ledger?.['written'])];
  return original === undefined || written === undefined ? undefined : { original, written };
}

function mapOf(value: StoredValue | undefined): StoredItem | undefined {
  return value !== undefined && 'M' in value ? value.M : undefined;
}
