import type { TableDefinition } from '../contract/table.js';

/** Literal names of the plan's tables (docs/plans/company.md). */
export const TABLES = {
  legacyUsers: 'construction-expenses-multi-table-users',
  legacyProjects: 'construction-expenses-multi-table-projects',
  legacyContractors: 'construction-expenses-multi-table-contractors',
  legacyWorks: 'construction-expenses-multi-table-works',
  legacyExpenses: 'construction-expenses-multi-table-expenses',
  companies: 'construction-expenses-companies',
  companyUsers: 'construction-expenses-company-users',
  projects: 'construction-expenses-company-projects',
  contractors: 'construction-expenses-company-contractors',
  works: 'construction-expenses-company-works',
  expenses: 'construction-expenses-company-expenses',
} as const;

/** The tables whose rows belong to a user: each of their partition keys mentions one. */
export const OWNED_TABLES = [
  TABLES.legacyProjects,
  TABLES.legacyContractors,
  TABLES.legacyWorks,
  TABLES.legacyExpenses,
] as const;

/** Read by nobody but `analyze` and backups: what stands there has no place in the new model. */
export const ARCHIVED_TABLES = ['construction-expenses-production-table'] as const;

/** The application's own, which the plan has no business with (E-03): no client of it may touch them. */
export const UNTOUCHED_TABLES = [
  'construction-expenses-invitations',
  'construction-expenses-paddle-customers',
  'construction-expenses-paddle-payments',
  'construction-expenses-paddle-subscriptions',
  'construction-expenses-paddle-webhooks',
] as const;

const owned = (name: string, sortKey: string): TableDefinition => {
  return { name, role: 'source', partitionKey: 'userId', sortKey, indexes: [] };
};

const scoped = (name: string, sortKey: string): TableDefinition => {
  return { name, role: 'target', partitionKey: 'companyId', sortKey, indexes: [] };
};

export const COMPANY_TABLES: readonly TableDefinition[] = [
  {
    name: TABLES.legacyUsers,
    role: 'source',
    partitionKey: 'userId',
    indexes: [],
    mentionedIn: OWNED_TABLES,
  },
  owned(TABLES.legacyProjects, 'projectId'),
  owned(TABLES.legacyContractors, 'contractorId'),
  owned(TABLES.legacyWorks, 'workId'),
  owned(TABLES.legacyExpenses, 'expenseId'),
  { name: TABLES.companies, role: 'lookup', partitionKey: 'companyId', indexes: [], insertable: true },
  {
    name: TABLES.companyUsers,
    role: 'lookup',
    partitionKey: 'companyId',
    sortKey: 'userId',
    indexes: [],
    insertable: true,
  },
  scoped(TABLES.projects, 'projectId'),
  scoped(TABLES.contractors, 'contractorId'),
  scoped(TABLES.works, 'workId'),
  {
    ...scoped(TABLES.expenses, 'expenseId'),
    // with the company first: by the number alone it would cross tenants (E-X33, A-13)
    indexes: [{ name: 'invoiceNum-index', partitionKey: 'companyId', sortKey: 'invoiceNum' }],
  },
];
