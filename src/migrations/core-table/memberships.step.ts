import { inject, injectable, optional } from 'inversify';
import { Cohort } from '../../domain/core-table/cohort.js';
import type { Membership } from '../../domain/core-table/membership.js';
import type { RolePolicy } from '../../domain/core-table/permissions.js';
import type { Server } from '../../domain/core-table/server.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { MEMBERSHIPS } from './core-table.outline.js';
import { TABLES } from './core-table.tables.js';
import { COHORT, MEMBERSHIP_MAPPER, ROLE_POLICY, SERVER_MAPPER } from './core-table.tokens.js';
import { kindOf } from './item-keys.js';

/**
 * Memberships become items under their users. Needs validated servers: without them each one would be an orphan. Safe
 * to repeat: keys follow from ids, writes are insert-if-absent.
 */
@injectable()
export class MembershipsStep implements IMigrationStep {
  readonly name = MEMBERSHIPS.name;
  readonly title = MEMBERSHIPS.title;
  readonly phase = MEMBERSHIPS.phase;
  readonly source = TABLES.memberships;
  readonly sourceKey = 'userId';
  readonly sourceSortKey = 'serverId';
  readonly companionTables = [];
  readonly requires = ['servers'];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(
    @inject(MEMBERSHIP_MAPPER) private readonly membership: AggregateMapper<Membership>,
    @inject(SERVER_MAPPER) private readonly server: AggregateMapper<Server>,
    @inject(ROLE_POLICY) private readonly policy: RolePolicy,
    @inject(COHORT) @optional() private readonly cohort = new Cohort(),
  ) {
    this.mappers = new Map([[TABLES.core, membership]]);
  }

  /** All but the users' own items, so that nothing that is stamped with a membership belongs to nobody. */
  owns(row: StoredItem): boolean {
    return kindOf(row) !== 'user';
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { MembershipsPlanner } = await import('./memberships.planner.js');
    const mappers = { membership: this.membership, server: this.server };
    return MembershipsPlanner.build(mappers, this.policy, this.cohort, context);
  }
}
