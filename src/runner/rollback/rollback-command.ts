import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { Environment } from '../ports/environment.js';
import { confirmation, nextCommand } from '../reports/next-command.js';

/** What a rollback is about: the same again goes on with it. */
export interface RollbackWork {
  /** in the plan's order */
  readonly steps: readonly string[];
  readonly ofRun?: string;
}

export function isSameWork(a: RollbackWork, b: RollbackWork): boolean {
  return a.ofRun === b.ofRun && a.steps.join('\n') === b.steps.join('\n');
}

/** What to type for this work, e.g. `node runner rollback --env dev --step links`. */
export function rollbackCommand(
  plan: Pick<MigrationPlan, 'name' | 'steps'>,
  { name, production }: Pick<Environment, 'name' | 'production'>,
  { steps, ofRun }: RollbackWork,
): string {
  const all = ofRun === undefined && steps.length === plan.steps.length;
  const named = all ? '' : steps.map((step) => ` --step ${step}`).join('');
  const run = ofRun === undefined ? {} : { run: ofRun };
  const command = nextCommand('rollback', { env: name, plan: plan.name, ...run });
  return `${command}${named}${confirmation({ production })}`;
}
