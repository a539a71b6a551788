import { inject, injectable, optional } from 'inversify';
import { Cohort } from '../../domain/core-table/cohort.js';
import type { RolePolicy } from '../../domain/core-table/permissions.js';
import type { Server } from '../../domain/core-table/server.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { SERVERS } from './core-table.outline.js';
import { TABLES } from './core-table.tables.js';
import { COHORT, ROLE_POLICY, SERVER_MAPPER } from './core-table.tokens.js';

/**
 * Servers become items of their own. Needs nothing before it. Safe to repeat: keys follow from ids, writes are
 * insert-if-absent.
 */
@injectable()
export class ServersStep implements IMigrationStep {
  readonly name = SERVERS.name;
  readonly title = SERVERS.title;
  readonly phase = SERVERS.phase;
  readonly source = TABLES.servers;
  readonly sourceKey = 'id';
  readonly companionTables = [];
  readonly requires = [];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(
    @inject(SERVER_MAPPER) private readonly server: AggregateMapper<Server>,
    @inject(ROLE_POLICY) private readonly policy: RolePolicy,
    @inject(COHORT) @optional() private readonly cohort = new Cohort(),
  ) {
    this.mappers = new Map([[TABLES.core, server]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { ServersPlanner } = await import('./servers.planner.js');
    return ServersPlanner.build(this.server, this.policy, this.cohort, context);
  }
}
