import type { IMigrationStep } from './migration-step.js';
import type { PlanOutline } from './plan-outline.js';

/** A named migration. The order of its steps is this list, never the container's (ADR 0003). */
export interface MigrationPlan extends PlanOutline {
  readonly steps: readonly IMigrationStep[];
}
