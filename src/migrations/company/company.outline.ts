import type { PlanOutline, StepOutline } from '../contract/plan-outline.js';
import { ARCHIVED_TABLES, COMPANY_TABLES, UNTOUCHED_TABLES } from './company.tables.js';

export const MAPPING = {
  name: 'mapping',
  title: 'Each user gets the company that their records go to',
  phase: { number: 1, title: 'User and company mapping' },
} as const satisfies StepOutline;

export const PROJECTS = {
  name: 'projects',
  title: 'Projects move to the company of their user',
  phase: { number: 2, title: 'Project migration' },
} as const satisfies StepOutline;

export const CONTRACTORS = {
  name: 'contractors',
  title: 'Contractors move to the company of their user',
  phase: { number: 3, title: 'Contractor migration' },
} as const satisfies StepOutline;

export const WORKS = {
  name: 'works',
  title: 'Works move to the company of their user',
  phase: { number: 4, title: 'Work migration' },
} as const satisfies StepOutline;

export const EXPENSES = {
  name: 'expenses',
  title: 'Expenses move to the company of their user',
  phase: { number: 5, title: 'Expense migration' },
} as const satisfies StepOutline;

/**
 * Plan `company`: records of users become records of companies. The order of the steps: this list and nothing else
 * (docs/adr/0003, E-X12: what expenses refer to is there before them).
 */
export const COMPANY_OUTLINE = {
  name: 'company',
  title: 'Construction expenses from users to companies',
  steps: [MAPPING, PROJECTS, CONTRACTORS, WORKS, EXPENSES],
  tables: COMPANY_TABLES,
  archived: ARCHIVED_TABLES,
  untouched: UNTOUCHED_TABLES,
  acceptable: new Map([
    ['COMPANY_AMBIGUOUS', 'allow-ambiguous-users'],
    ['ID_COLLISION', 'allow-collisions'],
  ]),
  options: async () => (await import('./company.options.js')).COMPANY_OPTIONS,
  checklists: async () => (await import('./company.checklists.js')).COMPANY_CHECKLISTS,
  mapping: async () => (await import('./company.mapping.js')).COMPANY_MAPPING,
  summary: async () => (await import('./company.summary.js')).companySummary,
} as const satisfies PlanOutline;
