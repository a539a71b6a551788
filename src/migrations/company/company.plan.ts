import type { IMigrationStep } from '../contract/migration-step.js';
import type { MigrationPlan } from '../contract/migration-plan.js';
import { COMPANY_OUTLINE } from './company.outline.js';
import { ContractorsStep } from './contractors.step.js';
import { ExpensesStep } from './expenses.step.js';
import { MappingStep } from './mapping.step.js';
import { ProjectsStep } from './projects.step.js';
import { WorksStep } from './works.step.js';

const CLASSES = {
  mapping: MappingStep,
  projects: ProjectsStep,
  contractors: ContractorsStep,
  works: WorksStep,
  expenses: ExpensesStep,
};

/** What carries the plan out, in its order. */
export const COMPANY_STEPS = COMPANY_OUTLINE.steps.map(({ name }) => CLASSES[name]);

export function companyPlan(steps: readonly IMigrationStep[]): MigrationPlan {
  return { ...COMPANY_OUTLINE, steps };
}
