import { v5 } from 'uuid';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { ModelProblem, ModelRecord } from './model-records.js';
import { textIn } from './model-records.js';
import type { ModelStore } from './model-store.js';
import { canonicalId, lookupText, sourceOf, stamped, textOf } from './model-store.js';
import { TABLE } from './tables.js';
import { NIL, compareText, guidOf } from './model-values.js';

/** The plan's fixed namespace for derived ids. */
const NAMESPACE = '5c1f0a3e-8d27-4b96-9e54-27d1c6a0b8f3';

/** UUIDv5 over the parts, each preceded by its length in UTF-8 bytes as four bytes, highest first. */
export function derivedId(...parts: readonly string[]): string {
  const encoded = parts.flatMap((part) => {
    const text = Buffer.from(part, 'utf8');
    const length = Buffer.from([text.length >>> 24, text.length >>> 16, text.length >>> 8, text.length]);
    return [length, text];
  });
  return v5(Buffer.concat(encoded), NAMESPACE);
}

/** Whose link it is: a GUID, and the attribute that says so. */
export interface ModelUser {
  readonly id: string;
  readonly field: 'ownerId' | 'createdBy';
}

/** The KPI's owner, else the creator of the link. An owner that is no text is there, and no GUID. */
export function userOf(record: ModelRecord, kpi: StoredItem): ModelUser | ModelProblem {
  const owner = kpi['ownerId'];
  if (owner !== undefined && !('S' in owner || 'NULL' in owner))
    return { reason: 'ID_INVALID', field: 'ownerId' };
  const candidates = [
    { text: textOf(owner), field: 'ownerId' as const },
    { text: textIn(record.written, 'createdBy'), field: 'createdBy' as const },
  ];
  for (const { text, field } of candidates) {
    if (text === undefined || text.trim() === '' || guidOf(text) === NIL) continue;
    const id = guidOf(text);
    return id === undefined ? { reason: 'ID_INVALID', field } : { id, field };
  }
  return { reason: 'ID_INVALID', field: 'createdBy' };
}

/** A link that is otherwise sound, with the user whose person it wants. */
export interface Claim {
  readonly record: ModelRecord;
  readonly source: string;
  readonly user: ModelUser;
}

/** Who becomes the person of a user in a tenant: a person that is there, a placeholder, or nobody certain. */
export type Resolution =
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'placeholder'; readonly id: string; readonly row: StoredItem }
  | { readonly kind: 'ambiguous' };

export function pairKey(tenantId: string, user: string): string {
  return JSON.stringify([tenantId, user]);
}

/** Decides on every pair of tenant and user that the claims name. */
export function resolvePersons(claims: readonly Claim[], store: ModelStore): Map<string, Resolution> {
  const people = store.rows(TABLE.people);
  const resolved = new Map<string, Resolution>();
  const wanting = new Map<string, Map<string, Claim[]>>();
  for (const claim of claims) {
    const { user, record } = claim;
    const matches = people.filter(
      (person) =>
        lookupText(person, 'linkedUserId') === user.id && lookupText(person, 'tenantId') === record.tenantId,
    );
    const [only] = matches;
    if (matches.length > 1) resolved.set(pairKey(record.tenantId, user.id), { kind: 'ambiguous' });
    else if (only !== undefined) {
      resolved.set(pairKey(record.tenantId, user.id), { kind: 'person', id: canonicalId(only) });
    } else {
      const tenants = wanting.get(user.id) ?? new Map<string, Claim[]>();
      wanting.set(user.id, tenants.set(record.tenantId, [...(tenants.get(record.tenantId) ?? []), claim]));
    }
  }
  for (const [user, tenants] of wanting) {
    const first = holderOf(user, people) ?? [...tenants.keys()].sort(compareText)[0];
    for (const [tenantId, needed] of tenants) {
      const id = tenantId === first ? user : derivedId('person', tenantId, user);
      const taken = people.some((person) => canonicalId(person) === id);
      resolved.set(
        pairKey(tenantId, user),
        taken
          ? { kind: 'ambiguous' }
          : { kind: 'placeholder', id, row: placeholder(id, tenantId, user, needed) },
      );
    }
  }
  return resolved;
}

/** The tenant whose placeholder of an earlier run has the user's own GUID as id. */
function holderOf(user: string, people: readonly StoredItem[]): string | undefined {
  const row = people.find((person) => canonicalId(person) === user && sourceOf(person) !== undefined);
  const flag = row?.['isPlaceholder'];
  return row !== undefined && flag !== undefined && 'BOOL' in flag && flag.BOOL
    ? lookupText(row, 'tenantId')
    : undefined;
}

function placeholder(id: string, tenantId: string, user: string, needed: readonly Claim[]): StoredItem {
  const [lowest] = [...needed].sort((left, right) => compareText(left.record.id, right.record.id));
  if (lowest === undefined) throw new TypeError('a placeholder that nobody needs');
  return stamped(
    {
      id: { S: id },
      tenantId: { S: tenantId },
      linkedUserId: { S: user },
      displayName: { S: `Placeholder for ${user}` },
      isPlaceholder: { BOOL: true },
      createdBy: { S: 'system' },
      createdAt: { S: textIn(lowest.record.written, 'createdAt') },
    },
    lowest.source,
  );
}
