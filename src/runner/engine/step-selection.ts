import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { RefusedError, UsageError } from '../ports/errors.js';
import type { StepState } from '../ports/journal.js';

/** The steps asked for, in the plan's order whatever the order given; undefined: all. */
export function selectSteps(
  plan: MigrationPlan,
  names: readonly string[] | undefined,
): readonly IMigrationStep[] {
  if (names === undefined || names.length === 0) return plan.steps;
  const known = plan.steps.map((step) => step.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      'STEP_UNKNOWN',
      `plan ${plan.name} has no step ${unknown.join(', ')}`,
      `Valid steps: ${known.join(', ')}.`,
    );
  }
  return plan.steps.filter((step) => names.includes(step.name));
}

/**
 * Refuses a selection in which a step would run without what it builds on: each required step must stand validated
 * in this environment, or come earlier in the same run (K-X21: milestones on an empty link table all vanish).
 */
export function requirePrerequisites(
  plan: MigrationPlan,
  selected: readonly IMigrationStep[],
  states: readonly StepState[],
  env: string,
): void {
  const names = new Set(selected.map((step) => step.name));
  for (const step of selected) {
    for (const required of step.requires) {
      if (names.has(required)) continue;
      const state = states.find((candidate) => candidate.step === required);
      if (state?.status === 'validated') continue;
      throw new RefusedError(
        'STEP_PREREQUISITE',
        `step ${step.name} needs a validated ${required} step in ${env}, but ${required} ${standing(state)}`,
        `Run it first: node runner --env ${env}${plan.name === 'kpi' ? '' : ` --plan ${plan.name}`} --step ${required}`,
      );
    }
  }
}

function standing(state: StepState | undefined): string {
  return state === undefined ? 'has not run here' : `failed its validation (run ${state.run})`;
}
