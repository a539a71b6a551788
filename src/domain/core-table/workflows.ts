import type { CoreTableRepository } from './core-table.repository.js';

/** Whom a workflow is tried for. */
export interface Visit {
  readonly userId: string;
  readonly serverId: string;
  /** what the user may do there */
  readonly permissions: readonly string[];
}

/** What users do with the table, as far as a program can try it before traffic is switched (C-23). */
export interface Workflow {
  readonly name: string;
  readonly title: string;
  /** What does not work, naming kinds and ids; nothing where it works. Only reads, by key. */
  tried(table: CoreTableRepository, visit: Visit): Promise<readonly string[]>;
}

/** The key workflows of the application. */
export const WORKFLOWS: readonly Workflow[] = [
  {
    name: 'my-servers',
    title: 'A user sees the servers that the user belongs to',
    tried: async (table, { userId, serverId }) => {
      const memberships = await table.membershipsOf(userId);
      const ids = memberships.map(({ aggregate }) => aggregate.serverId);
      const servers = await Promise.all(ids.map((id) => table.findServer(id)));
      const gone = ids.filter((_, index) => servers[index] === undefined);
      return [
        ...(ids.includes(serverId) ? [] : [`user ${userId} does not see server ${serverId}`]),
        ...gone.map((id) => `user ${userId} sees server ${id}, which is not there`),
      ];
    },
  },
  {
    name: 'my-profile',
    title: 'A user sees the own name and address',
    tried: async (table, { userId }) =>
      (await table.findUser(userId)) === undefined ? [`user ${userId} has no profile`] : [],
  },
  {
    name: 'server-detail',
    title: 'A server can be opened',
    tried: async (table, { serverId }) =>
      (await table.findServer(serverId)) === undefined ? [`server ${serverId} can't be opened`] : [],
  },
  {
    name: 'permission-check',
    title: 'A user may do what the membership says, and nothing else',
    tried: async (table, { userId, serverId, permissions }) => {
      const found = await table.findMembership(userId, serverId);
      const held = found?.aggregate.state().permissions ?? [];
      const [lacks, exceeds] = [without(permissions, held), without(held, permissions)];
      return [
        ...(lacks === 0 ? [] : [`user ${userId} lacks ${lacks} permissions for server ${serverId}`]),
        ...(exceeds === 0
          ? []
          : [`user ${userId} has ${exceeds} permissions too many for server ${serverId}`]),
      ];
    },
  },
];

function without(some: readonly string[], others: readonly string[]): number {
  return some.filter((one) => !others.includes(one)).length;
}
