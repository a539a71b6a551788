import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import { PERSONNEL_KEY, PERSONNEL_TABLES, TABLES } from './personnel.tables.js';

/** A question that the application asks the new table, and a row that has to be among the answers. */
export interface AccessProbe {
  /** the access pattern (P-08) */
  readonly pattern: string;
  readonly table: string;
  /** omitted: by primary key */
  readonly index?: string;
  /** attributes and values that the key condition demands; every name has to be aliased (`role` is a reserved word) */
  readonly key: StoredItem;
  /** key text of the row that must be found */
  readonly finds: string;
}

const PATTERNS: Readonly<Record<string, string>> = {
  'GSI1-NameIndex': 'employees of a name',
  'GSI2-EmployeeNumberIndex': 'the employee with a number',
  'GSI3-TeamIndex': 'the members of a team',
  'GSI4-RoleStatusIndex': 'everybody of a role and status',
};

/** Every access pattern that a stored row must be found by: itself, and each index whose key attributes it has (P-X24). */
export function probesOf(row: StoredItem): readonly AccessProbe[] {
  const finds = PERSONNEL_KEY.text(row);
  const base = { table: TABLES.personnel, finds };
  const indexes = PERSONNEL_TABLES.find(({ name }) => name === TABLES.personnel)?.indexes ?? [];
  const byIndex = indexes.flatMap(({ name, partitionKey, sortKey }): AccessProbe[] => {
    const names = sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
    if (!names.every((one) => (textOf(row[one]) ?? '') !== '')) return [];
    return [{ ...base, pattern: PATTERNS[name] ?? name, index: name, key: picked(row, names) }];
  });
  return [{ ...base, pattern: 'an employee by id', key: picked(row, PERSONNEL_KEY.names) }, ...byIndex];
}

function picked(row: StoredItem, names: readonly string[]): StoredItem {
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)));
}
