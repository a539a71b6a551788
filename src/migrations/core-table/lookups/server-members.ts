import type { Cohort } from '../../../domain/core-table/cohort.js';
import type { RolePolicy } from '../../../domain/core-table/permissions.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import type { Warning } from '../../contract/outcome.js';
import { TABLES } from '../core-table.tables.js';
import { readMembership } from '../membership-reading.js';
import { idFor, isMemberIn } from '../trial.js';
import { feed } from '../../contract/table-feed.js';

const ADMIN = 'admin';
const MEMBER = 'member';

/** Which servers have members, and somebody among them who may manage users (C-X11). */
export class ServerMembers {
  private constructor(
    private readonly strongest: LookupIndex,
    /** servers with a member who takes part in a trial; undefined: there is no trial */
    private readonly trial: LookupIndex | undefined,
  ) {}

  /** Memberships that will be set aside give a server no members; who takes part in a trial, their ids say. */
  static async build(context: StepContext, policy: RolePolicy, cohort: Cohort): Promise<ServerMembers> {
    const strongest = context.indexes.create('server-members');
    const trial = cohort.isLimited ? context.indexes.create('trial-servers') : undefined;
    const attributes = ['userId', 'serverId', 'role', 'permissions'];
    await feed(context, TABLES.memberships, attributes, async (row) => {
      if (isMemberIn(cohort, row)) await trial?.put(idFor(row, 'serverId'), '');
      const read = readMembership(row, policy);
      if (!read.ok) return;
      const { serverId, isAdministration } = read.stored.aggregate;
      if (strongest.get(serverId) === ADMIN) return;
      await strongest.put(serverId, isAdministration ? ADMIN : MEMBER);
    });
    return new ServerMembers(strongest, trial);
  }

  /** What is odd about the members of a server. */
  inspect(serverId: string): readonly Warning[] {
    const found = this.strongest.get(serverId);
    if (found === ADMIN) return [];
    if (found === MEMBER)
      return [{ code: 'SERVER_WITHOUT_ADMIN', detail: 'no member of the server may manage users' }];
    return [{ code: 'SERVER_WITHOUT_MEMBERS', detail: 'nobody is a member of the server' }];
  }

  /** Whether somebody is a member who takes part in the trial. */
  takesPart(serverId: string): boolean {
    return this.trial?.get(serverId) !== undefined;
  }

  async close(): Promise<void> {
    await Promise.all([this.strongest.close(), this.trial?.close()]);
  }
}
