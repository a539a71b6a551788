import { Membership } from '../../domain/core-table/membership.js';
import { MembershipRecord } from '../../domain/core-table/legacy/membership.record.js';
import { permissionsOf, type RolePolicy } from '../../domain/core-table/permissions.js';
import { readLegacyRecord } from '../../domain/legacy/read-legacy-record.js';
import { typeOf, type StoredItem, type StoredValue } from '../../domain/storage/stored-value.js';
import type { Stored } from '../../domain/storage/stored.js';
import type { Problem, Warning } from '../contract/outcome.js';
import { carried } from './carried.js';
import { textsOf } from './membership-permissions.js';

export type ReadMembership =
  | { readonly ok: true; readonly stored: Stored<Membership>; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly problem: Problem };

/** An old membership with its permissions; everything that is no part of it is carried (C-04, C-X03). */
export function readMembership(item: StoredItem, policy: RolePolicy): ReadMembership {
  const read = readLegacyRecord(MembershipRecord, item);
  if (!read.ok) return read;
  const { userId, serverId, role, legacyAttributes } = read.record;
  const { permissions: own, ...others } = legacyAttributes ?? {};
  const granted = grant(role, own, policy);
  if (!granted.ok) return granted;
  const { attributes, warnings } = carried(others);
  const aggregate = Membership.restore({ userId, serverId, role, permissions: granted.permissions });
  return {
    ok: true,
    stored: { aggregate, envelope: { otherAttributes: attributes } },
    warnings: [...granted.warnings, ...warnings],
  };
}

type Grant =
  | { readonly ok: true; readonly permissions: readonly string[]; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly problem: Problem };

/** A list of the membership's own wins over that of its role, and is reported. */
function grant(role: string, own: StoredValue | undefined, policy: RolePolicy): Grant {
  const { permissions, known } = permissionsOf(role, policy);
  const warnings: Warning[] = known ? [] : [unknownRole(role)];
  if (own === undefined || 'NULL' in own) {
    if (known || !policy.strict) return { ok: true, permissions, warnings };
    const { field, detail } = unknownRole(role, 'none may be guessed for it');
    return { ok: false, problem: { reason: 'ROLE_UNKNOWN', detail, ...(field !== undefined && { field }) } };
  }
  const custom = textsOf(own);
  if (custom === undefined) {
    const detail = `expected a list of texts, found type ${typeOf(own)}`;
    return { ok: false, problem: { reason: 'TYPE_INVALID', field: 'permissions', detail } };
  }
  const detail = `a list of its own with ${custom.length} permissions wins over that of the role`;
  const reported: Warning = { code: 'PERMISSIONS_CUSTOM', field: 'permissions', detail };
  return { ok: true, permissions: custom, warnings: [...warnings, reported] };
}

function unknownRole(
  role: string,
  so = 'read access is given unless it has permissions of its own',
): Warning {
  const detail = `the role (${role.length} characters) is none that has permissions; ${so}`;
  return { code: 'ROLE_UNKNOWN', field: 'role', detail };
}
