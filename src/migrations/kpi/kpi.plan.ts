import type { IMigrationStep } from '../contract/migration-step.js';
import type { MigrationPlan } from '../contract/migration-plan.js';
import { ActualsStep } from './actuals.step.js';
import { KPI_OUTLINE } from './kpi.outline.js';
import { LinksStep } from './links.step.js';
import { MilestonesStep } from './milestones.step.js';
import { ReadingsStep } from './readings.step.js';

const CLASSES = {
  links: LinksStep,
  milestones: MilestonesStep,
  actuals: ActualsStep,
  readings: ReadingsStep,
};

/** What carries the plan out, in its order. */
export const KPI_STEPS = KPI_OUTLINE.steps.map(({ name }) => CLASSES[name]);

export function kpiPlan(steps: readonly IMigrationStep[]): MigrationPlan {
  return { ...KPI_OUTLINE, steps };
}
