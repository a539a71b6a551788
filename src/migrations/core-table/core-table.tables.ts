import type { TableDefinition } from '../contract/table.js';

/** Literal names of the plan's tables (docs/plans/core-table.md). */
export const TABLES = {
  servers: 'ServersTable',
  memberships: 'UserMembershipTable',
  core: 'CoreTable',
} as const;

export const CORE_TABLE: TableDefinition = {
  name: TABLES.core,
  role: 'target',
  partitionKey: 'PK',
  sortKey: 'SK',
  indexes: [],
};

export const CORE_TABLE_TABLES: readonly TableDefinition[] = [
  { name: TABLES.servers, role: 'source', partitionKey: 'id', indexes: [] },
  { name: TABLES.memberships, role: 'source', partitionKey: 'userId', sortKey: 'serverId', indexes: [] },
  CORE_TABLE,
];
