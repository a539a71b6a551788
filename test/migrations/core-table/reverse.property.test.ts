import fc from 'fast-check';
import { DEFAULT_ROLES } from '../../../src/domain/core-table/permissions.js';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { withStamp } from '../../../src/domain/storage/stored.js';
import { MembershipMapper } from '../../../src/infrastructure/persistence/core-table/membership.mapper.js';
import { ServerMapper } from '../../../src/infrastructure/persistence/core-table/server.mapper.js';
import { readMembership } from '../../../src/migrations/core-table/membership-reading.js';
import { legacyRowOf } from '../../../src/migrations/core-table/reverse.js';
import { readServer } from '../../../src/migrations/core-table/server-reading.js';

const STAMP = { source: 'ServersTable#a', run: 'r', digest: 'd' };

const value: fc.Arbitrary<StoredValue> = fc.oneof(
  fc.string({ maxLength: 5 }).map((S) => ({ S })),
  fc.integer().map((n) => ({ N: String(n) })),
  fc.constant<StoredValue>({ NULL: true }),
  fc.uint8Array({ maxLength: 4 }).map((B) => ({ B })),
  fc.constant<StoredValue>({ M: { PK: { S: 'inner' } } }),
  fc.constant<StoredValue>({ SS: ['b', 'a'] }),
);
/** The names that get in each other's way, and others. */
const name = fc.oneof(
  fc.constantFrom('PK', 'SK', 'Type', '_migration', '__proto__', 'name', 'email', 'constructor'),
  fc
    .tuple(fc.constantFrom('PK', 'SK', 'Type', '_migration'), fc.integer({ min: 1, max: 3 }))
    .map(([one, times]) => 'legacy_'.repeat(times) + one),
  fc.string({ minLength: 1, maxLength: 4 }),
);
const attributes = (...own: readonly string[]): fc.Arbitrary<StoredItem> =>
  fc
    .array(fc.tuple(name, value), { maxLength: 8 })
    .map((entries) => Object.fromEntries(entries.filter(([one]) => !own.includes(one))));
const id = fc.stringMatching(/^[a-z|\\#]{1,4}$/);
const servers = fc.tuple(id, attributes('id')).map(([S, others]): StoredItem => ({ ...others, id: { S } }));
const permissions = fc.constantFrom<StoredItem>(
  {},
  { permissions: { NULL: true } },
  { permissions: { L: [] } },
  { permissions: { L: [{ S: 'read' }] } },
  { permissions: { SS: ['write', 'read'] } },
);
const memberships = fc
  .tuple(
    ...([id, id, fc.constantFrom('admin', ' Viewer', 'owner')] as const),
    ...([permissions, attributes('userId', 'serverId', 'role', 'permissions')] as const),
  )
  .map(([userId, serverId, role, own, others]): StoredItem => {
    return { ...others, ...own, userId: { S: userId }, serverId: { S: serverId }, role: { S: role } };
  });

/** The stored item of an old server. */
function serverItem(record: StoredItem): StoredItem {
  const read = readServer(record);
  if (!read.ok) throw new Error(read.problem.reason);
  return withStamp(new ServerMapper().toItem(read.stored), STAMP);
}

function membershipItem(record: StoredItem): StoredItem {
  const read = readMembership(record, DEFAULT_ROLES);
  if (!read.ok) throw new Error(read.problem.reason);
  return withStamp(new MembershipMapper().toItem(read.stored), STAMP);
}

const back = (item: StoredItem, before?: StoredItem): StoredItem | undefined =>
  legacyRowOf(item, before, DEFAULT_ROLES)?.item;

describe('the way back of core-table (C-X15)', () => {
  it('makes of a server exactly the row that it came from', () => {
    fc.assert(
      fc.property(servers, (record) => {
        expect(legacyRowOf(serverItem(record), record, DEFAULT_ROLES)).toEqual({
          table: 'ServersTable',
          item: record,
        });
      }),
      { numRuns: 400 },
    );
  });

  it('makes of a membership exactly the row that it came from', () => {
    fc.assert(
      fc.property(memberships, (record) => {
        const made = legacyRowOf(membershipItem(record), record, DEFAULT_ROLES);
        expect(made).toEqual({ table: 'UserMembershipTable', item: record });
      }),
      { numRuns: 400 },
    );
  });

  it('takes over what was changed since the switch, and makes the same item again', () => {
    fc.assert(
      fc.property(
        memberships,
        attributes('PK', 'SK', 'Type', '_migration', 'role', 'permissions'),
        (record, edit) => {
          const roles: StoredItem = { role: { S: 'admin' }, permissions: { L: [{ S: 'read' }] } };
          const names = Object.keys(edit).filter(
            (one) => !/^(?:legacy_)*(?:PK|SK|Type|_migration|userId|serverId)$/.test(one),
          );
          const edited = { ...membershipItem(record), ...roles };
          for (const one of names)
            Object.defineProperty(edited, one, { value: edit[one], enumerable: true, configurable: true });
          const record2 = back(edited, record)!;
          expect(membershipItem(record2)).toEqual(edited);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives a list of its own where the role alone would say another thing now', () => {
    const record = { userId: { S: 'ann' }, serverId: { S: 'a' }, role: { S: 'viewer' } };
    const item = membershipItem(record);
    expect(back(item, record)).toEqual(record);
    expect(back({ ...item, role: { S: 'admin' } }, record)).toEqual({
      ...{ ...record, role: { S: 'admin' } },
      permissions: { L: [{ S: 'read' }] },
    });
    const isAdmin = {
      role: { S: 'moderator' },
      permissions: { L: ['read', 'write', 'restart'].map((S) => ({ S })) },
    };
    expect(back({ ...item, ...isAdmin }, record)).toEqual({ ...record, role: { S: 'moderator' } });
  });

  it('makes rows of what the application has made, and none of users', () => {
    const made: StoredItem = {
      ...{ PK: { S: 'SERVER#new' }, SK: { S: 'METADATA' }, Type: { S: 'Server' } },
      legacy_Type: { S: 'x' },
    };
    expect(back(made)).toEqual({ id: { S: 'new' }, legacy_Type: { S: 'x' } });
    const member = {
      PK: { S: 'USER#ann' },
      SK: { S: 'SERVER#new' },
      Type: { S: 'UserServer' },
      role: { S: 'viewer' },
    };
    expect(back({ ...member, permissions: { L: [{ S: 'read' }] } })).toEqual({
      ...{ userId: { S: 'ann' }, serverId: { S: 'new' }, role: { S: 'viewer' } },
      permissions: { L: [{ S: 'read' }] },
    });
    expect(back({ PK: { S: 'USER#ann' }, SK: { S: 'METADATA' }, Type: { S: 'User' } })).toBeUndefined();
    expect(back({ PK: { S: 'OTHER#1' }, SK: { S: 'X' } })).toBeUndefined();
  });
});
