import { RestoreError } from '../errors.js';
import { Rules } from '../values/rules.js';
import { identifierFault } from './identifier.js';
import { isAdministration, permissionsOf, type RolePolicy } from './permissions.js';

export interface MembershipState {
  readonly userId: string;
  readonly serverId: string;
  /** as it was given, in whatever spelling */
  readonly role: string;
  readonly permissions: readonly string[];
}

const RULES = new Rules('Membership');

/** That a user belongs to a server, and what the user may do there. */
export class Membership {
  private constructor(private readonly held: MembershipState) {}

  /** Birth, under today's rules: plain ids, and a role that has permissions. Throws DomainRuleError. */
  static create(userId: string, serverId: string, role: string, policy: RolePolicy): Membership {
    for (const [field, kind, id] of [
      ['userId', 'user', userId],
      ['serverId', 'server', serverId],
    ] as const)
      RULES.demand(
        identifierFault(kind, id) === undefined,
        `${field}-plain`,
        `${field} is blank or has a prefix`,
      );
    const { permissions, known } = permissionsOf(role, policy);
    RULES.demand(known, 'role-known', 'the role has no permissions');
    return new Membership({ userId, serverId, role, permissions });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: MembershipState): Membership {
    for (const field of ['userId', 'serverId'] as const)
      if (state[field] === '') throw new RestoreError('Membership', field, 'empty');
    return new Membership(state);
  }

  get serverId(): string {
    return this.held.serverId;
  }

  permits(permission: string): boolean {
    return this.held.permissions.includes(permission);
  }

  get isAdministration(): boolean {
    return isAdministration(this.held.permissions);
  }

  state(): MembershipState {
    return this.held;
  }
}
