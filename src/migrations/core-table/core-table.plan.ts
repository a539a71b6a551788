import type { IMigrationStep } from '../contract/migration-step.js';
import type { MigrationPlan } from '../contract/migration-plan.js';
import { CORE_TABLE_OUTLINE } from './core-table.outline.js';
import { MembershipsStep } from './memberships.step.js';
import { ServersStep } from './servers.step.js';
import { UsersStep } from './users.step.js';

const CLASSES = { servers: ServersStep, memberships: MembershipsStep, users: UsersStep };

/** What carries the plan out, in its order. */
export const CORE_TABLE_STEPS = CORE_TABLE_OUTLINE.steps.map(({ name }) => CLASSES[name]);

export function coreTablePlan(steps: readonly IMigrationStep[]): MigrationPlan {
  return { ...CORE_TABLE_OUTLINE, steps };
}
