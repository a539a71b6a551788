import type { RowUse } from '../contract/row-use.js';
import { TABLES } from './company.tables.js';

/** The tables whose rows belong to a company. */
const SCOPED = [TABLES.companyUsers, TABLES.projects, TABLES.contractors, TABLES.works, TABLES.expenses];

/**
 * A company that was made for a user is theirs: once somebody else is a member of it, or anything stands in it that stays,
 * taking it away would leave that where nobody sees it. A company that stays, for whatever reason, keeps its member (E-X07).
 */
export const COMPANY_USE: readonly RowUse[] = [
  {
    table: TABLES.companies,
    key: 'companyId',
    by: SCOPED.map((table) => ({ table, attribute: 'companyId' })),
  },
  {
    table: TABLES.companyUsers,
    key: 'companyId',
    by: [{ table: TABLES.companies, attribute: 'companyId' }],
  },
];
