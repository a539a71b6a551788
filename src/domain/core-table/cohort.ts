/** The users and servers of a trial; a list that is absent limits nothing. */
export interface CohortLimits {
  readonly users?: readonly string[];
  readonly servers?: readonly string[];
}

/** Who takes part in a trial of the migration with a part of its users (C-26). Without limits: everybody. */
export class Cohort {
  private readonly users: ReadonlySet<string> | undefined;
  private readonly servers: ReadonlySet<string> | undefined;

  constructor({ users, servers }: CohortLimits = {}) {
    this.users = users === undefined ? undefined : new Set(users);
    this.servers = servers === undefined ? undefined : new Set(servers);
  }

  get isLimited(): boolean {
    return this.users !== undefined || this.servers !== undefined;
  }

  /** A membership takes part if both its user and its server may. */
  hasMembership(userId: string, serverId: string): boolean {
    return this.users?.has(userId) !== false && this.servers?.has(serverId) !== false;
  }

  /** By the list of servers; without one, servers take part that have a membership which does. */
  hasServer(id: string, hasMember: () => boolean): boolean {
    return this.servers?.has(id) ?? (this.users === undefined || hasMember());
  }

  /** By the list of users; without one, users take part that have a membership which does. */
  hasUser(id: string, isMember: () => boolean): boolean {
    return this.users?.has(id) ?? (this.servers === undefined || isMember());
  }
}
