import type { PlanOutline, StepOutline } from '../contract/plan-outline.js';
import { KPI_TABLES } from './kpi.tables.js';

export const LINKS = {
  name: 'links',
  title: 'Goal links become KPI links',
  phase: { number: 2, title: 'GoalKpiLink migration' },
} as const satisfies StepOutline;

export const MILESTONES = {
  name: 'milestones',
  title: 'Milestones become targets',
  phase: { number: 3, title: 'KpiMilestone migration' },
} as const satisfies StepOutline;

export const ACTUALS = {
  name: 'actuals',
  title: 'Actuals become measured values',
  phase: { number: 4, title: 'KpiActual migration' },
} as const satisfies StepOutline;

export const READINGS = {
  name: 'readings',
  title: 'Readings become measured values',
  phase: { number: 5, title: 'KpiReading migration' },
} as const satisfies StepOutline;

/**
 * Plan `kpi`: goal links, milestones, actuals and readings into links and data of the new KPI model. The order of the
 * steps: this list and nothing else (docs/adr/0003).
 */
export const KPI_OUTLINE = {
  name: 'kpi',
  title: 'KPI links, milestones, actuals and readings into the new KPI model',
  steps: [LINKS, MILESTONES, ACTUALS, READINGS],
  tables: KPI_TABLES,
  acceptable: new Map([['KPI_UNLINKED', 'allow-unlinked']]),
  checklists: async () => (await import('./kpi.checklists.js')).KPI_CHECKLISTS,
  mapping: async () => (await import('./kpi.mapping.js')).KPI_MAPPING,
  summary: async () => (await import('./kpi.summary.js')).kpiSummary,
} as const satisfies PlanOutline;
