import type { MigrationPlan } from '../contract/migration-plan.js';
import type { IMigrationStep } from '../contract/migration-step.js';
import { EmployeesStep } from './employees.step.js';
import { PERSONNEL_OUTLINE } from './personnel.outline.js';

/** What carries the plan out, in its order. */
export const PERSONNEL_STEPS = [EmployeesStep] as const;

export function personnelPlan(steps: readonly IMigrationStep[]): MigrationPlan {
  return { ...PERSONNEL_OUTLINE, steps };
}
