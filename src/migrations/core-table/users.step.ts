import { inject, injectable, optional } from 'inversify';
import type { UserDirectory } from '../../domain/core-table/user-directory.js';
import type { User } from '../../domain/core-table/user.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { USERS } from './core-table.outline.js';
import { TABLES } from './core-table.tables.js';
import { USER_DIRECTORY, USER_MAPPER } from './core-table.tokens.js';
import { kindOf } from './item-keys.js';

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

  constructor(
    @inject(USER_MAPPER) private readonly user: AggregateMapper<User>,
    @inject(USER_DIRECTORY) @optional() private readonly directory?: UserDirectory,
  ) {
    this.mappers = new Map([[TABLES.core, user]]);
  }

  owns(row: StoredItem): boolean {
    return kindOf(row) === 'user';
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { UsersPlanner } = await import('./users.planner.js');
    return UsersPlanner.build(this.user, this, this.directory, context);
  }
}
