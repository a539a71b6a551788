import { Membership } from '../../../src/domain/core-table/membership.js';
import { merged, type UserMention } from '../../../src/domain/core-table/merged-user.js';
import { DEFAULT_ROLES } from '../../../src/domain/core-table/permissions.js';
import { Server } from '../../../src/domain/core-table/server.js';
import { userName } from '../../../src/domain/core-table/user-name.js';
import { User } from '../../../src/domain/core-table/user.js';
import { DomainRuleError, RestoreError } from '../../../src/domain/errors.js';

describe('aggregates of the core table', () => {
  it('are born under today’s rules', () => {
    expect(Server.create('s1', 'One').state()).toEqual({ id: 's1', name: 'One' });
    expect(User.create('ann', '', 'Ann').state()).toEqual({ id: 'ann', email: '', name: 'Ann' });
    const admin = Membership.create('ann', 's1', 'Admin', DEFAULT_ROLES);
    expect(admin.permits('manage_users')).toBe(true);
    // C-X06: what an admin can't do is for the application's owners to decide
    expect(admin.permits('restart')).toBe(false);
    expect(admin.isAdministration).toBe(true);
  });

  it.each([
    ['a server with a prefix', () => Server.create('SERVER#s1', 'One')],
    ['a server without a name', () => Server.create('s1', ' ')],
    ['a blank user', () => User.create(' ', '', 'Ann')],
    ['a user without a name', () => User.create('ann', '', '')],
    [
      'a membership of a user with a prefix',
      () => Membership.create('USER#ann', 's1', 'admin', DEFAULT_ROLES),
    ],
    [
      'a membership of a server with a prefix',
      () => Membership.create('ann', 'SERVER#s1', 'admin', DEFAULT_ROLES),
    ],
    ['a role that has no permissions', () => Membership.create('ann', 's1', 'owner', DEFAULT_ROLES)],
  ])('%s is not born', (_, birth) => {
    expect(birth).toThrow(DomainRuleError);
  });

  it('are restored whatever today’s rules say, as long as they have ids', () => {
    expect(Server.restore({ id: ' ' }).id).toBe(' ');
    expect(User.restore({ id: 'ann', email: '', name: '' }).id).toBe('ann');
    const state = { userId: 'ann', serverId: 's1', role: 'owner', permissions: [] };
    expect(Membership.restore(state).state()).toEqual(state);
    expect(() => Server.restore({ id: '' })).toThrow(RestoreError);
    expect(() => User.restore({ id: '', email: '', name: '' })).toThrow(RestoreError);
    expect(() => Membership.restore({ ...state, serverId: '' })).toThrow(RestoreError);
  });
});

describe('C-X07: merging what memberships say of a user', () => {
  const MENTIONS: readonly UserMention[] = [
    { serverId: 'd', email: 'd@example.org' },
    { serverId: 'a', email: ' ' },
    { serverId: 'c', email: 'c@example.org' },
    { serverId: 'b', email: undefined },
  ];

  it('comes to the same in every order', () => {
    const expected = { first: 'a', email: { text: 'c@example.org', serverId: 'c' }, disagree: true };
    for (const order of permutations(MENTIONS)) {
      let known: ReturnType<typeof merged> | undefined;
      for (const mention of order) known = merged(known, mention);
      expect(known).toEqual(expected);
    }
  });

  it('orders servers by code units, not by the rules of a language', () => {
    const known = merged(merged(undefined, { serverId: 'a', email: 'x' }), { serverId: 'B', email: 'x' });
    expect(known).toEqual({ first: 'B', email: { text: 'x', serverId: 'B' }, disagree: false });
  });
});

describe('C-07, A-27: the name of a user', () => {
  it.each([
    ['Ann Ash', 'ann@example.org', { name: 'Ann Ash', from: 'directory' }],
    [undefined, ' ann.ash@example.org', { name: 'ann.ash', from: 'email' }],
    [' ', 'ann', { name: 'ann', from: 'email' }],
    [undefined, '@example.org', { name: 'id-1', from: 'id' }],
    [undefined, '', { name: 'id-1', from: 'id' }],
  ] as const)('is found in the directory, the address, or the id: %s, %s', (inDirectory, email, expected) => {
    expect(userName('id-1', email, inDirectory)).toEqual(expected);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
