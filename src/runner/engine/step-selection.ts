import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { Environment } from '../ports/environment.js';
import { RefusedError, UsageError } from '../ports/errors.js';
import type { StepState } from '../ports/journal.js';
import { confirmation, DEFAULT_PLAN } from '../reports/next-command.js';

/** The steps asked for, in the plan's order whatever the order given; undefined: all. */
export function selectSteps<S extends Pick<IMigrationStep, 'name'>>(
  plan: { readonly name: string; readonly steps: readonly S[] },
  names: readonly string[] | undefined,
): readonly S[] {
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
 * Refuses a selection in which a step would run on shaky ground. Each step that it requires must stand validated in
 * this environment, or come earlier in the same run (K-X21: milestones on an empty link table all vanish). And no step
 * before it may have failed: that blocks everything after it until a clean one (invariant 8). One that was
 * begun and not validated since is no better: its failure may have been forgotten when it was begun again.
 */
export function requirePrerequisites(
  plan: MigrationPlan,
  selected: readonly IMigrationStep[],
  states: readonly StepState[],
  env: Pick<Environment, 'name' | 'production'>,
): void {
  const names = new Set(selected.map((step) => step.name));
  for (const step of selected) {
    for (const earlier of plan.steps.slice(0, plan.steps.indexOf(step))) {
      if (names.has(earlier.name)) continue;
      const state = states.find((candidate) => candidate.step === earlier.name);
      const required = step.requires.includes(earlier.name);
      const blocks = state?.status === 'failed' || state?.status === 'running';
      if (required ? state?.status !== 'validated' : blocks) throw refusal(plan, step, earlier, state, env);
    }
  }
}

function refusal(
  plan: MigrationPlan,
  step: IMigrationStep,
  earlier: IMigrationStep,
  state: StepState | undefined,
  env: Pick<Environment, 'name' | 'production'>,
): RefusedError {
  const standing = {
    none: 'has not run here',
    running: `did not finish (run ${state?.run ?? ''})`,
    failed: `has not passed its validation (run ${state?.run ?? ''})`,
    validated: 'is validated',
    'rolled-back': 'was rolled back',
  }[state?.status ?? 'none'];
  return new RefusedError(
    'STEP_PREREQUISITE',
    `step ${step.name} needs a validated ${earlier.name} step in ${env.name}, but ${earlier.name} ${standing}`,
    `Run it first: node runner --env ${env.name}${plan.name === DEFAULT_PLAN ? '' : ` --plan ${plan.name}`} --step ${earlier.name}${confirmation(env)}`,
  );
}
