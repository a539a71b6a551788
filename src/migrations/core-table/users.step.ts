import { inject, injectable, optional } from 'inversify';
import { Cohort } from '../../domain/core-table/cohort.js';
import type { UserDirectory } from '../../domain/core-table/user-directory.js';
import { DEFAULT_ROLES, type RolePolicy } from '../../domain/core-table/permissions.js';
import type { User } from '../../domain/core-table/user.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { AccessPattern } from '../contract/access-pattern.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { USERS } from './core-table.outline.js';
import { TABLES } from './core-table.tables.js';
import { COHORT, CORE_TABLE_ON, ROLE_POLICY, USER_DIRECTORY, USER_MAPPER } from './core-table.tokens.js';
import { kindOf } from './item-keys.js';
import { workflowAccess, type CoreTableOn } from './workflow-access.js';

/**
 * Users are made of their memberships, one item each. Comes after the memberships (C-08). Safe to repeat: the keeper of
 * an item is told by the item itself, writes are insert-if-absent.
 */
@injectable()
export class UsersStep implements IMigrationStep {
  readonly name = USERS.name;
  readonly title = USERS.title;
  readonly phase = USERS.phase;
  readonly source = TABLES.memberships;
  readonly sourceKey = 'userId';
  readonly sourceSortKey = 'serverId';
  readonly companionTables = [];
  readonly requires = ['memberships'];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;
  /** all that a workflow needs is there as soon as the users are */
  readonly accessPatterns: readonly AccessPattern[];

  constructor(
    @inject(USER_MAPPER) private readonly user: AggregateMapper<User>,
    @inject(USER_DIRECTORY) @optional() private readonly directory?: UserDirectory,
    @inject(COHORT) @optional() private readonly cohort = new Cohort(),
    @inject(CORE_TABLE_ON) @optional() open?: CoreTableOn,
    @inject(ROLE_POLICY) policy: RolePolicy = DEFAULT_ROLES,
  ) {
    this.accessPatterns = open === undefined ? [] : workflowAccess({ open, policy, cohort });
    this.mappers = new Map([[TABLES.core, user]]);
  }

  owns(row: StoredItem): boolean {
    return kindOf(row) === 'user';
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { UsersPlanner } = await import('./users.planner.js');
    return UsersPlanner.build(this.user, this, this.directory, context, this.cohort);
  }
}
