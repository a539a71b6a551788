import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { isUnfinished } from '../engine/unfinished-run.js';
import type { Environment } from '../ports/environment.js';
import { RefusedError } from '../ports/errors.js';
import type { RunPins, RunRecord, StepState } from '../ports/journal.js';
import { isSameWork, rollbackCommand, type RollbackWork } from './rollback-command.js';

type Plan = Pick<MigrationPlan, 'name' | 'steps'>;
type Place = Pick<Environment, 'name' | 'production'>;

/**
 * Refuses to take the ground from under steps that stand: their rows hang on those that are to go. Throws
 * `ROLLBACK_DEPENDENTS` with the command that rolls all of them back.
 */
export function requireNoDependents(
  plan: Plan,
  work: RollbackWork,
  states: readonly StepState[],
  environment: Place,
): void {
  const going = new Set(work.steps);
  const dependents: IMigrationStep[] = [];
  for (const step of plan.steps) {
    if (going.has(step.name) || !step.requires.some((required) => going.has(required))) continue;
    const state = states.find((candidate) => candidate.step === step.name);
    if (state === undefined || state.status === 'rolled-back') continue;
    dependents.push(step);
    // what requires this one stands no better without it
    going.add(step.name);
  }
  if (dependents.length === 0) return;
  const names = dependents.map(({ name }) => name).join(', ');
  const all = plan.steps.map(({ name }) => name).filter((name) => going.has(name));
  throw new RefusedError(
    'ROLLBACK_DEPENDENTS',
    `rows of ${names} hang on those of ${work.steps.join(', ')} and are not to be rolled back`,
    `Roll them back, too: ${rollbackCommand(plan, environment, { steps: all })}`,
  );
}

/**
 * The rollback to go on with; undefined for a new one. Whoever finds that the plan or its tables changed since begins
 * anew: what is removed stays removed, and no checkpoint of one table is taken for another's. Throws
 * `ROLLBACK_UNFINISHED` where a rollback of other work is unfinished.
 */
export function rollbackToResume(
  latest: RunRecord | undefined,
  asked: RollbackWork & { readonly planVersion: string; readonly pins: Pick<RunPins, 'tables'> },
  plan: Plan,
  environment: Place,
): RunRecord | undefined {
  if (!isUnfinished(latest) || latest.kind !== 'rollback') return undefined;
  if (!isSameWork(latest, asked)) {
    const { run, steps, ofRun } = latest;
    const rows = ofRun === undefined ? 'rows' : `rows of run ${ofRun}`;
    throw new RefusedError(
      'ROLLBACK_UNFINISHED',
      `rollback ${run} (${rows} of ${steps.join(', ')}) is unfinished`,
      `Finish it first: ${rollbackCommand(plan, environment, latest)}`,
    );
  }
  const isSamePlace = sameTables(latest.pins?.tables, asked.pins.tables);
  return isSamePlace && latest.planVersion === asked.planVersion ? latest : undefined;
}

function sameTables(before: RunPins['tables'] | undefined, now: RunPins['tables']): boolean {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(now)]);
  return before !== undefined && [...names].every((name) => before[name] === now[name]);
}
