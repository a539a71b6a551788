import type { Cohort } from '../../domain/core-table/cohort.js';
import { METADATA, PREFIX } from '../../domain/core-table/core-key.js';
import type { Membership } from '../../domain/core-table/membership.js';
import type { RolePolicy } from '../../domain/core-table/permissions.js';
import type { Server } from '../../domain/core-table/server.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { RecordPlanner, RowFault, StepContext } from '../contract/migration-step.js';
import type { Decision } from '../contract/outcome.js';
import { keyText } from '../contract/row-key.js';
import { idOf } from './item-keys.js';
import { ServerDirectory } from './lookups/server-directory.js';
import { readMembership } from './membership-reading.js';
import { isMemberIn, OUTSIDE_COHORT } from './trial.js';

export interface MembershipMappers {
  readonly membership: AggregateMapper<Membership>;
  readonly server: AggregateMapper<Server>;
}

/** Decides on memberships: one item each, with the permissions of its role, of a server that is there. */
export class MembershipsPlanner implements RecordPlanner {
  private constructor(
    private readonly mapper: AggregateMapper<Membership>,
    private readonly policy: RolePolicy,
    private readonly servers: ServerDirectory,
    private readonly cohort: Cohort,
  ) {}

  static async build(
    { membership, server }: MembershipMappers,
    policy: RolePolicy,
    cohort: Cohort,
    context: StepContext,
  ): Promise<MembershipsPlanner> {
    const servers = await ServerDirectory.build(context, server);
    return new MembershipsPlanner(membership, policy, servers, cohort);
  }

  plan(item: StoredItem): Decision {
    if (!isMemberIn(this.cohort, item)) return OUTSIDE_COHORT;
    const read = readMembership(item, this.policy);
    if (!read.ok) return { kind: 'quarantined', problem: read.problem, warnings: [] };
    const { stored, warnings } = read;
    const { serverId } = stored.aggregate;
    if (!this.servers.has(serverId)) {
      const detail = `there is no server ${serverId}`;
      return {
        kind: 'quarantined',
        problem: { reason: 'SERVER_MISSING', field: 'serverId', detail },
        warnings,
      };
    }
    const row = { table: this.mapper.table, item: this.mapper.toItem(stored) };
    return { kind: 'rows', rows: [row], anchored: false, warnings };
  }

  /** C-X11: the server of a membership is there. */
  audit(_table: string, row: StoredItem): RowFault | undefined {
    const serverId = idOf(row, 'membership');
    if (this.servers.has(serverId)) return undefined;
    const missing = keyText({ PK: { S: PREFIX.server + serverId }, SK: { S: METADATA } }, 'PK', 'SK');
    return { kind: 'orphan', field: 'SK', missing, detail: `there is no server ${serverId}` };
  }

  close(): Promise<void> {
    return this.servers.close();
  }
}
