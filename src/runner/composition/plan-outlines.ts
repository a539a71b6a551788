import { COMPANY_OUTLINE } from '../../migrations/company/company.outline.js';
import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import { CORE_TABLE_OUTLINE } from '../../migrations/core-table/core-table.outline.js';
import { KPI_OUTLINE } from '../../migrations/kpi/kpi.outline.js';
import { PERSONNEL_OUTLINE } from '../../migrations/personnel/personnel.outline.js';

/** What plans there are, in the order of `plans.ts`, where each gets what carries it out. */
export const PLAN_OUTLINES: readonly PlanOutline[] = [
  // one line for each, so that a new plan is a new line
  KPI_OUTLINE,
  PERSONNEL_OUTLINE,
  CORE_TABLE_OUTLINE,
  COMPANY_OUTLINE,
  // plans new: outlines
];
