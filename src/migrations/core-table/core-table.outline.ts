import type { PlanOutline, StepOutline } from '../contract/plan-outline.js';
import { CORE_TABLE_TABLES } from './core-table.tables.js';

export const SERVERS = {
  name: 'servers',
  title: 'Servers become items of CoreTable',
  phase: { number: 1, title: 'Server migration' },
} as const satisfies StepOutline;

export const MEMBERSHIPS = {
  name: 'memberships',
  title: 'Memberships become items of CoreTable',
  phase: { number: 2, title: 'Membership migration' },
} as const satisfies StepOutline;

export const USERS = {
  name: 'users',
  title: 'Users are made of their memberships',
  phase: { number: 3, title: 'User records' },
} as const satisfies StepOutline;

/**
 * Plan `core-table`: servers and memberships into one table, with an item for each user. The order of the steps: this
 * list and nothing else (docs/adr/0003, C-08).
 */
export const CORE_TABLE_OUTLINE = {
  name: 'core-table',
  title: 'Servers, memberships and users into one table',
  steps: [SERVERS, MEMBERSHIPS, USERS],
  tables: CORE_TABLE_TABLES,
  acceptable: new Map([
    ['SERVER_MISSING', 'allow-missing-servers'],
    ['ROLE_UNKNOWN', 'allow-unknown-roles'],
  ]),
  checklists: async () => (await import('./core-table.checklists.js')).CORE_TABLE_CHECKLISTS,
  mapping: async () => (await import('./core-table.mapping.js')).CORE_TABLE_MAPPING,
  summary: async () => (await import('./core-table.summary.js')).coreTableSummary,
  options: async () => (await import('./core-table.options.js')).CORE_TABLE_OPTIONS,
} as const satisfies PlanOutline;
