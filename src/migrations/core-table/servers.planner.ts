import type { Cohort } from '../../domain/core-table/cohort.js';
import type { RolePolicy } from '../../domain/core-table/permissions.js';
import type { Server } from '../../domain/core-table/server.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { RecordPlanner, StepContext } from '../contract/migration-step.js';
import type { Decision } from '../contract/outcome.js';
import { ServerMembers } from './lookups/server-members.js';
import { readServer } from './server-reading.js';
import { idFor, OUTSIDE_COHORT } from './trial.js';

/** Decides on servers: one item each, everything carried; a server that nobody uses or manages is reported. */
export class ServersPlanner implements RecordPlanner {
  private constructor(
    private readonly mapper: AggregateMapper<Server>,
    private readonly members: ServerMembers,
    private readonly cohort: Cohort,
  ) {}

  static async build(
    mapper: AggregateMapper<Server>,
    policy: RolePolicy,
    cohort: Cohort,
    context: StepContext,
  ): Promise<ServersPlanner> {
    return new ServersPlanner(mapper, await ServerMembers.build(context, policy, cohort), cohort);
  }

  plan(item: StoredItem): Decision {
    const id = idFor(item, 'id');
    if (!this.cohort.hasServer(id, () => this.members.takesPart(id))) return OUTSIDE_COHORT;
    const read = readServer(item);
    if (!read.ok) return { kind: 'quarantined', problem: read.problem, warnings: [] };
    const { stored, warnings } = read;
    return {
      kind: 'rows',
      rows: [{ table: this.mapper.table, item: this.mapper.toItem(stored) }],
      anchored: false,
      warnings: [...warnings, ...this.members.inspect(stored.aggregate.id)],
    };
  }

  close(): Promise<void> {
    return this.members.close();
  }
}
