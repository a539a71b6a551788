import type { IMigrationStep } from '../contract/migration-step.js';
import type { MigrationPlan } from '../contract/migration-plan.js';
import { ActualsStep } from './actuals.step.js';
import { KPI_TABLES } from './kpi.tables.js';
import { LinksStep } from './links.step.js';
import { MilestonesStep } from './milestones.step.js';
import { ReadingsStep } from './readings.step.js';

/** The order of the steps: this list and nothing else (docs/adr/0003). */
export const KPI_STEPS = [LinksStep, MilestonesStep, ActualsStep, ReadingsStep] as const;

/** Plan `kpi`: goal links, milestones, actuals and readings into links and data of the new KPI model. */
export function kpiPlan(steps: readonly IMigrationStep[]): MigrationPlan {
  return {
    name: 'kpi',
    title: 'KPI links, milestones, actuals and readings into the new KPI model',
    steps,
    tables: KPI_TABLES,
    acceptable: new Map([['KPI_UNLINKED', 'allow-unlinked']]),
  };
}
