import type { RolePolicy } from '../../../domain/core-table/permissions.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { StepContext } from '../../contract/migration-step.js';
import type { Warning } from '../../contract/outcome.js';
import { TABLES } from '../core-table.tables.js';
import { readMembership } from '../membership-reading.js';
import { feed } from '../../contract/table-feed.js';

const ADMIN = 'admin';
const MEMBER = 'member';

/** Which servers have members, and somebody among them who may manage users (C-X11). */
export class ServerMembers {
  private constructor(private readonly strongest: LookupIndex) {}

  /** Memberships that will be set aside are none. */
  static async build(context: StepContext, policy: RolePolicy): Promise<ServerMembers> {
    const strongest = context.indexes.create('server-members');
    const attributes = ['userId', 'serverId', 'role', 'permissions'];
    await feed(context, TABLES.memberships, attributes, async (row) => {
      const read = readMembership(row, policy);
      if (!read.ok) return;
      const { serverId, isAdministration } = read.stored.aggregate;
      if (strongest.get(serverId) === ADMIN) return;
      await strongest.put(serverId, isAdministration ? ADMIN : MEMBER);
    });
    return new ServerMembers(strongest);
  }

  /** What is odd about the members of a server. */
  inspect(serverId: string): readonly Warning[] {
    const found = this.strongest.get(serverId);
    if (found === ADMIN) return [];
    if (found === MEMBER)
      return [{ code: 'SERVER_WITHOUT_ADMIN', detail: 'no member of the server may manage users' }];
    return [{ code: 'SERVER_WITHOUT_MEMBERS', detail: 'nobody is a member of the server' }];
  }

  close(): Promise<void> {
    return this.strongest.close();
  }
}
