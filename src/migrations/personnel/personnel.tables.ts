import { rowKey } from '../contract/row-key.js';
import type { TableDefinition } from '../contract/table.js';

/** Literal names of the plan's tables (docs/plans/personnel.md). */
export const TABLES = {
  legacy: 'sitelogix-personnel',
  personnel: 'sitelogix-personnel-v2',
} as const;

export const NEW_TABLE: TableDefinition = {
  name: TABLES.personnel,
  role: 'target',
  partitionKey: 'PK',
  sortKey: 'SK',
  indexes: [
    { name: 'GSI1-NameIndex', partitionKey: 'full_name' },
    { name: 'GSI2-EmployeeNumberIndex', partitionKey: 'employee_number' },
    { name: 'GSI3-TeamIndex', partitionKey: 'team_id' },
    { name: 'GSI4-RoleStatusIndex', partitionKey: 'role', sortKey: 'status' },
  ],
};

export const PERSONNEL_TABLES: readonly TableDefinition[] = [
  { name: TABLES.legacy, role: 'source', partitionKey: 'PK', sortKey: 'SK', indexes: [] },
  NEW_TABLE,
];

/** Both tables have the same keys (P-16). */
export const PERSONNEL_KEY = rowKey({ name: TABLES.legacy, partitionKey: 'PK', sortKey: 'SK' });
