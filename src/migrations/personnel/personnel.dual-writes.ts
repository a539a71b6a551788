import { own, textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { AccessReader } from '../contract/access-pattern.js';
import type { DualWriteRules } from '../contract/dual-write-rules.js';
import type { IMigrationStep } from '../contract/migration-step.js';
import type { TableDefinition } from '../contract/table.js';
import { ledgerOf } from './translation/ledger.js';
import { legacyRecordOf } from './translation/reverse.js';
import { PERSONNEL_OUTLINE } from './personnel.outline.js';
import { NEW_TABLE, PERSONNEL_KEY, PERSONNEL_TABLES, TABLES } from './personnel.tables.js';

const NUMBER = 'employee_number';
const NUMBER_INDEX = 'GSI2-EmployeeNumberIndex';

/**
 * Dual writes of employees (P-11, P-12). `step` decides as it does in a run, its way of assigning numbers included; that a
 * number is free is asked of the index of numbers (P-X31), and which row of an employee is the profile of all rows with
 * the same partition key. An index lags and knows the new table only: two that are created at the same moment
 * may get one number, which every validation reports (P-X05).
 */
export function personnelDualWrites(step: IMigrationStep, tables: AccessReader): DualWriteRules {
  return {
    plan: PERSONNEL_OUTLINE.name,
    step,
    legacy: legacyTable(),
    current: NEW_TABLE,
    rowKey: (key) => PERSONNEL_KEY.of(key),
    recordOf: legacyRecordOf,
    neighbours: async (record) => {
      const all = await collected(tables.query(TABLES.legacy, pick(record, 'PK')));
      return all.filter((one) => PERSONNEL_KEY.text(one) !== PERSONNEL_KEY.text(record));
    },
    rivals: async (_record, row) => {
      if (!isAssigned(row)) return [];
      const holders = await collected(tables.query(TABLES.personnel, pick(row, NUMBER), NUMBER_INDEX));
      return holders.filter((one) => PERSONNEL_KEY.text(one) !== PERSONNEL_KEY.text(row));
    },
  };
}

/** Whether the step has chosen the number of a row, rather than read it in the record. */
function isAssigned(row: StoredItem): boolean {
  const written = ledgerOf(row)?.written;
  return written !== undefined && textOf(own(written, NUMBER)) !== undefined;
}

function legacyTable(): TableDefinition {
  const [table] = PERSONNEL_TABLES.filter(({ name }) => name === TABLES.legacy);
  if (table === undefined) throw new TypeError('the plan has no legacy table');
  return table;
}

function pick(item: StoredItem, name: string): StoredItem {
  const value = own(item, name);
  return value === undefined ? {} : { [name]: value };
}

async function collected(rows: AsyncIterable<StoredItem>): Promise<readonly StoredItem[]> {
  const all: StoredItem[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
