import type { PlanOutline, StepOutline } from '../contract/plan-outline.js';
import { PERSONNEL_TABLES } from './personnel.tables.js';

export const EMPLOYEES = {
  name: 'employees',
  title: 'Employees into the second version of the personnel table',
  phase: { number: 2, title: 'Backfill' },
} as const satisfies StepOutline;

/** Plan `personnel`: employees into the second version of their table. */
export const PERSONNEL_OUTLINE = {
  name: 'personnel',
  title: 'Employees into the second version of the personnel table',
  steps: [EMPLOYEES],
  tables: PERSONNEL_TABLES,
  acceptable: new Map(),
  checklists: async () => (await import('./personnel.checklists.js')).PERSONNEL_CHECKLISTS,
  mapping: async () => (await import('./personnel.mapping.js')).PERSONNEL_MAPPING,
  summary: async () => (await import('./personnel.summary.js')).personnelSummary,
  options: async () => (await import('./personnel.options.js')).PERSONNEL_OPTIONS,
} as const satisfies PlanOutline;
