import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';
import type { DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../core-table.tables.js';

/** Fits the old table, and not the new one with keys and stamp. */
const NEARLY_TOO_LARGE = 409_540;

/** The rows of the defect catalogue (docs/plans/core-table.md). */
export function* defectRows(): Generator<DemoRow> {
  yield* serverDefects();
  yield* roleDefects();
  yield* permissionDefects();
  yield* userDefects();
  yield* orphans();
  yield* identifierDefects();
  yield* newerItems();
}

/** C-X02, C-X19, and names that only look harmless. */
function* serverDefects(): Generator<DemoRow> {
  yield server('x02-clash', {
    Type: { S: 't3.large' },
    PK: { N: '7' },
    SK: { S: 'rack-4' },
    name: { S: 'Clash' },
  });
  yield server('x02-twice', { Type: { S: 't3.large' }, legacy_Type: { S: 't2.micro' } });
  yield server('x02-stamp', { _migration: { S: 'moved by hand' } });
  yield server('x19-words', {
    ...{
      name: { S: 'Words' },
      region: { S: 'eu-central-1' },
      role: { S: 'primary' },
      status: { NULL: true },
    },
    ...{ permissions: { SS: ['a', 'b'] }, hidden: { BOOL: false }, size: { N: '12345678901234567890.5' } },
  });
  yield server('name-number', { name: { N: '42' } });
  yield server('large', { description: { S: 'd'.repeat(NEARLY_TOO_LARGE) } });
  for (const id of ['x02-clash', 'x02-twice', 'x02-stamp', 'x19-words', 'name-number'])
    yield member('keeper', id, 'admin', { email: { S: 'keeper@example.org' } });
}

/** C-X04..C-X06 */
function* roleDefects(): Generator<DemoRow> {
  yield server('x04-roles');
  yield member('x04-upper', 'x04-roles', 'Admin', { email: { S: 'upper@example.org' } });
  yield member('x04-owner', 'x04-roles', ' owner ', { email: { S: 'owner@example.org' } });
  yield member('x06-moderator', 'x04-roles', 'moderator', { email: { S: 'moderator@example.org' } });
  yield membership('x05-no-role', 'x04-roles', { email: { S: 'no-role@example.org' } });
  yield membership('x05-null-role', 'x04-roles', { role: { NULL: true } });
  yield membership('x05-number-role', 'x04-roles', { role: { N: '1' } });
}

/** C-X03, and permissions that were given to somebody alone. */
function* permissionDefects(): Generator<DemoRow> {
  const carried = {
    createdAt: { S: '2023-02-30T99:00:00' },
    invitedBy: { S: 'keeper' },
    Type: { S: 'guest' },
    notes: { M: { seats: { NS: ['1', '2.5'] }, photo: { B: new Uint8Array([0, 255]) } } },
  };
  yield member('x03-all', 'x04-roles', 'viewer', { ...carried, email: { S: 'all@example.org' } });
  yield member('custom-list', 'x04-roles', 'viewer', {
    permissions: { L: [{ S: 'restart' }, { S: 'read' }] },
  });
  yield member('custom-set', 'x04-roles', 'viewer', { permissions: { SS: ['write', 'read'] } });
  yield member('custom-none', 'x04-roles', 'admin', { permissions: { L: [] } });
  yield member('custom-null', 'x04-roles', 'viewer', { permissions: { NULL: true } });
  yield member('custom-text', 'x04-roles', 'viewer', { permissions: { S: 'read,write' } });
}

/** C-X07, C-X08: what several memberships say of one user. */
function* userDefects(): Generator<DemoRow> {
  for (const id of ['x07-a', 'x07-b', 'x07-c']) {
    yield server(id);
    yield member('keeper', id, 'admin', { email: { S: 'keeper@example.org' } });
  }
  yield member('x07-blank-first', 'x07-a', 'viewer', { email: { S: '  ' } });
  yield member('x07-blank-first', 'x07-b', 'viewer', { email: { S: 'later@example.org' } });
  yield member('x07-conflict', 'x07-c', 'viewer', { email: { S: 'third@example.org' } });
  yield member('x07-conflict', 'x07-b', 'viewer', { email: { S: 'second@example.org' } });
  yield member('x07-null', 'x07-a', 'viewer', { email: { NULL: true } });
  yield member('x07-number', 'x07-a', 'viewer', { email: { N: '5' } });
  yield member('x08-no-mail', 'x07-a', 'viewer');
  yield member('x08-no-local-part', 'x07-a', 'viewer', { email: { S: '@example.org' } });
}

/** C-X11 */
function* orphans(): Generator<DemoRow> {
  yield server('x11-deserted');
  yield server('x11-headless');
  yield member('x11-guest', 'x11-headless', 'viewer', { email: { S: 'guest@example.org' } });
  yield member('x11-lost', 'x11-gone', 'admin', { email: { S: 'lost@example.org' } });
  yield member('large-fan', 'large', 'viewer', { email: { S: 'fan@example.org' } });
}

/** C-X18 */
function* identifierDefects(): Generator<DemoRow> {
  yield server('SERVER#x18');
  yield server(' ');
  yield member('USER#x18', 'x04-roles', 'viewer');
  yield member('x18-server', 'SERVER#x04-roles', 'viewer');
  yield member(' ', 'x04-roles', 'viewer');
}

/** C-X09: newer functions have written what the old tables still say otherwise. */
function* newerItems(): Generator<DemoRow> {
  yield server('x09-server', { name: { S: 'Older' } });
  yield member('x09-user', 'x09-server', 'admin', { email: { S: 'older@example.org' } });
  const [user, metadata] = [{ S: 'USER#x09-user' }, { S: 'METADATA' }];
  const items: readonly StoredItem[] = [
    { PK: { S: 'SERVER#x09-server' }, SK: metadata, Type: { S: 'Server' }, name: { S: 'Newer' } },
    { PK: user, SK: { S: 'SERVER#x09-server' }, Type: { S: 'UserServer' }, role: { S: 'owner' } },
    { PK: user, SK: metadata, Type: { S: 'User' }, email: { S: 'newer@example.org' }, name: { S: 'Newer' } },
  ];
  for (const item of items) yield { table: TABLES.core, item };
}

function server(id: string, attributes: StoredItem = {}): DemoRow {
  return { table: TABLES.servers, item: { id: { S: id }, ...attributes } };
}

function member(userId: string, serverId: string, role: string, attributes: StoredItem = {}): DemoRow {
  return membership(userId, serverId, { role: { S: role } satisfies StoredValue, ...attributes });
}

function membership(userId: string, serverId: string, attributes: StoredItem): DemoRow {
  return {
    table: TABLES.memberships,
    item: { userId: { S: userId }, serverId: { S: serverId }, ...attributes },
  };
}
