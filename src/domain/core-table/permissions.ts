import { trimmed } from '../values/white-space.js';

/** Role, as it is looked up (trimmed, lower case) → what it permits. */
export type RolePermissions = ReadonlyMap<string, readonly string[]>;

/** The permission that makes somebody an admin of a server, whatever the role is called. */
const MANAGE_USERS = 'manage_users';

/** A role's permissions under a name that nobody has entered. */
const LEAST = ['read'] as const;

/**
 * The map that the application has always had (C-05). An admin lacks `restart`, which a moderator has (C-X06): that is
 * kept as it was found and is for the owners of the application to change.
 */
export const ROLE_PERMISSIONS: RolePermissions = new Map([
  ['admin', ['read', 'write', 'delete', MANAGE_USERS]],
  ['moderator', ['read', 'write', 'restart']],
  ['viewer', ['read']],
]);

export interface RolePolicy {
  readonly permissions: RolePermissions;
  /** a role that the map does not have sets its membership aside instead of giving read access */
  readonly strict: boolean;
}

/** What the plan does unless it is told otherwise. */
export const DEFAULT_ROLES: RolePolicy = { permissions: ROLE_PERMISSIONS, strict: false };

/** The permissions of a role; `known` is false where the map does not have it and the least is given. */
export function permissionsOf(
  role: string,
  { permissions }: RolePolicy,
): { readonly permissions: readonly string[]; readonly known: boolean } {
  const found = permissions.get(trimmed(role).toLowerCase());
  return { permissions: found ?? LEAST, known: found !== undefined };
}

/** Whether these permissions let somebody look after a server's members. */
export function isAdministration(permissions: readonly string[]): boolean {
  return permissions.includes(MANAGE_USERS);
}
