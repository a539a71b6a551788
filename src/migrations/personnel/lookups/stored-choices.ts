import { stampOf } from '../../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import { isBlank } from '../../../domain/values/white-space.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import { PERSONNEL_KEY, TABLES } from '../personnel.tables.js';
import { MIGRATED_AT } from '../translation/employee.js';
import { ledgerOf } from '../translation/ledger.js';

/** The attributes of a target row that its choice is read from. */
export const CHOICE_ATTRIBUTES = [
  'PK',
  'SK',
  'employee_number',
  MIGRATED_AT,
  'legacyAttributes',
  '_migration',
];

/** What an earlier run has chosen for a record, or what the application has given its employee. */
export interface StoredChoice {
  readonly number?: string;
  readonly migratedAt?: string;
}

const SOURCE = `${TABLES.legacy}#`;

/** What stored rows pin: number and time of their record stay what they are, whatever would be chosen today. */
export class StoredChoices {
  /** key text of the record → its choice */
  constructor(private readonly index: LookupIndex) {}

  of(key: string): StoredChoice | undefined {
    const text = this.index.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as StoredChoice);
  }

  /** Whether the row pins nothing that is not known. */
  isKnown(row: StoredItem): boolean {
    const key = recordKey(row);
    const known = this.index.get(key);
    // of two rows of one record the one counts that stands where it belongs
    if (known !== undefined && key !== PERSONNEL_KEY.text(row)) return true;
    return known === JSON.stringify(choiceOf(row));
  }

  async pin(row: StoredItem): Promise<void> {
    await this.index.put(recordKey(row), JSON.stringify(choiceOf(row)));
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

/** The number that a row chose; the ledger knows it also where somebody has edited the row since. */
function choiceOf(row: StoredItem): StoredChoice {
  const written = ledgerOf(row)?.written;
  const number = textOf(written?.['employee_number']) ?? numberOf(row);
  const migratedAt = isOurs(row) ? (textOf(written?.[MIGRATED_AT]) ?? textOf(row[MIGRATED_AT])) : undefined;
  return { ...(number !== undefined && { number }), ...(migratedAt !== undefined && { migratedAt }) };
}

/** The number that a row has; undefined where that is blank. */
export function numberOf(row: StoredItem): string | undefined {
  const number = textOf(row['employee_number']);
  return number === undefined || isBlank(number) ? undefined : number;
}

/** The partition key of the employee whose number a row has: a row of ours may have been moved. */
export function ownerOf(row: StoredItem): string {
  return textOf(PERSONNEL_KEY.parse(recordKey(row))['PK']) ?? '';
}

function recordKey(row: StoredItem): string {
  return isOurs(row) ? (stampOf(row)?.source.slice(SOURCE.length) ?? '') : PERSONNEL_KEY.text(row);
}

function isOurs(row: StoredItem): boolean {
  return stampOf(row)?.source.startsWith(SOURCE) === true;
}
