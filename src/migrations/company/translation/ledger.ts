import { sameValue } from '../../../domain/storage/canonical-digest.js';
import { LEGACY_ATTRIBUTES } from '../../../domain/storage/stored.js';
import { own, type StoredItem, type StoredValue } from '../../../domain/storage/stored-value.js';

/**
 * What a migrated row keeps of its way, in `legacyAttributes`: all that the row itself does not say, so that the way back
 * loses nothing (E-X22). Company, user and ids are not in it: they stand in the row and its stamp. A row that says all by
 * itself has none.
 */
export interface Ledger {
  /** attributes of the record that are gone from the row or have another value in it, as they were */
  readonly original: StoredItem;
  /** attributes of the row that the record did not have, or not so, as they were written */
  readonly written: StoredItem;
  /** other users who had the very same record: the row is theirs, too (E-X02) */
  readonly merged: readonly string[];
}

export const COMPANY_ID = 'companyId';
export const CREATED_BY = 'createdBy';
const USER_ID = 'userId';

/** The ledger that a row needs; undefined where it needs none. */
export function ledgerFor(
  record: StoredItem,
  row: StoredItem,
  idName: string,
  merged: readonly string[],
): Ledger | undefined {
  const isOriginal = ([name, value]: readonly [string, StoredValue]): boolean => {
    if (name === USER_ID || name === idName) return false;
    // every row has a creator and a company, so that a record which had them has to say so
    return name === CREATED_BY || name === COMPANY_ID || !sameValue(value, own(row, name));
  };
  const isWritten = ([name, value]: readonly [string, StoredValue]): boolean =>
    name !== COMPANY_ID && name !== CREATED_BY && name !== idName && !sameValue(value, own(record, name));
  const original = Object.fromEntries(Object.entries(record).filter(isOriginal));
  const written = Object.fromEntries(Object.entries(row).filter(isWritten));
  const isEmpty = Object.keys(original).length + Object.keys(written).length + merged.length === 0;
  return isEmpty ? undefined : { original, written, merged };
}

export function withLedger(row: StoredItem, { original, written, merged }: Ledger): StoredItem {
  const parts: StoredItem = {
    ...(Object.keys(original).length > 0 && { original: { M: original } }),
    ...(Object.keys(written).length > 0 && { written: { M: written } }),
    ...(merged.length > 0 && { merged: { SS: merged } }),
  };
  return { ...row, [LEGACY_ATTRIBUTES]: { M: parts } };
}

/** The ledger of a row; undefined where it has none. */
export function ledgerOf(row: StoredItem): Ledger | undefined {
  const ledger = mapOf(own(row, LEGACY_ATTRIBUTES));
  if (ledger === undefined) return undefined;
  const merged = ledger['merged'];
  return {
    original: mapOf(ledger['original']) ?? {},
    written: mapOf(ledger['written']) ?? {},
    merged: merged !== undefined && 'SS' in merged ? merged.SS : [],
  };
}

function mapOf(value: StoredValue | undefined): StoredItem | undefined {
  return value !== undefined && 'M' in value ? value.M : undefined;
}
