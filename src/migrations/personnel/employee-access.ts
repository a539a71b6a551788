import type { AccessPattern } from '../contract/access-pattern.js';
import { indexAccess, keyAccess } from '../contract/index-access.js';
import { NEW_TABLE } from './personnel.tables.js';

const QUESTIONS: ReadonlyMap<string, string> = new Map([
  ['GSI1-NameIndex', 'employees of a name'],
  ['GSI2-EmployeeNumberIndex', 'the employee with a number'],
  ['GSI3-TeamIndex', 'the members of a team'],
  ['GSI4-RoleStatusIndex', 'everybody of a role and status'],
]);

/** What the application asks the new table: by id and through all four indexes, with real rows (P-08, P-32, P-X24). */
export const EMPLOYEE_ACCESS: readonly AccessPattern[] = [
  keyAccess(NEW_TABLE, 'an employee by id'),
  ...NEW_TABLE.indexes.map((index) =>
    indexAccess(NEW_TABLE, index, `${QUESTIONS.get(index.name) ?? 'rows'} by ${index.name}`),
  ),
];
