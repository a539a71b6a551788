import { DEFAULT_ROLES } from '../../../src/domain/core-table/permissions.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { aMembership, aServer, contentOf, linesOf, trialOn } from './core-table-trial.js';
import { entriesOf } from '../../support/trial-entries.js';

const S1 = 'UserMembershipTable#ann|s1';
const ADMIN = { role: { S: 'admin' } };

/** Permissions of the only membership. */
async function permissionsFor(attributes: StoredItem): Promise<unknown> {
  const trial = trialOn([aServer('s1')], [aMembership('ann', 's1', attributes)]);
  await trial.wholeRun({ steps: ['servers', 'memberships'] });
  return contentOf(trial)['USER#ann|SERVER#s1']?.['permissions'];
}

describe('what the old sample code got wrong', () => {
  it('C-X01: reads every page of every table', async () => {
    const servers = Array.from({ length: 40 }, (_, n) => aServer(`s${n}`));
    const members = servers.map((_, n) => aMembership(`u${n}`, `s${n}`, ADMIN));
    const trial = trialOn(servers, members);
    await trial.wholeRun();
    expect(Object.keys(contentOf(trial))).toHaveLength(120);
  });

  it('C-03, C-X02: computed keys win; attributes with their names are renamed and reported', async () => {
    const clash = { Type: { S: 't3.large' }, PK: { N: '7' }, SK: { S: 'rack-4' }, legacy_SK: { S: 'older' } };
    const trial = trialOn([aServer('s1', clash)], [aMembership('ann', 's1', ADMIN)]);
    await trial.wholeRun();
    expect(contentOf(trial)['SERVER#s1|METADATA']).toEqual({
      PK: { S: 'SERVER#s1' },
      SK: { S: 'METADATA' },
      Type: { S: 'Server' },
      legacy_Type: { S: 't3.large' },
      legacy_PK: { N: '7' },
      legacy_SK: { S: 'older' },
      legacy_legacy_SK: { S: 'rack-4' },
    });
    expect(await linesOf(trial, 'servers')).toEqual([
      'warning ATTRIBUTE_RENAMED ServersTable#s1 PK',
      'warning ATTRIBUTE_RENAMED ServersTable#s1 SK',
      'warning ATTRIBUTE_RENAMED ServersTable#s1 Type',
    ]);
  });

  it('C-X02: an attribute with the name of the stamp is renamed, too, and the row validates', async () => {
    const trial = trialOn([aServer('s1', { _migration: { S: 'by hand' } })], []);
    const { steps } = await trial.wholeRun({ steps: ['servers'] });
    expect(contentOf(trial)['SERVER#s1|METADATA']).toMatchObject({ legacy__migration: { S: 'by hand' } });
    expect(steps[0]?.status).toBe('validated');
  });

  it('C-03, C-04, C-X03, C-X19: carries every other attribute of servers and memberships, whatever its name and type', async () => {
    const odd = Object.fromEntries([
      ['__proto__', { S: 'own' }],
      ['region', { SS: ['a', 'b'] }],
      ['size', { N: '12345678901234567890.123456789' }],
      ['status', { NULL: true as const }],
    ]);
    const joined = { createdAt: { S: '2023-02-30' }, invitedBy: { S: 'bob' }, email: { S: 'a@example.org' } };
    const trial = trialOn(
      [aServer('s1', odd)],
      [aMembership('ann', 's1', { ...joined, Type: { S: 'guest' } })],
    );
    await trial.wholeRun();
    const rows = contentOf(trial);
    expect(Object.entries(rows['SERVER#s1|METADATA'] ?? {})).toEqual(
      expect.arrayContaining(Object.entries(odd)),
    );
    expect(rows['USER#ann|SERVER#s1']).toEqual({
      PK: { S: 'USER#ann' },
      SK: { S: 'SERVER#s1' },
      Type: { S: 'UserServer' },
      role: { S: 'viewer' },
      permissions: { L: [{ S: 'read' }] },
      legacy_Type: { S: 'guest' },
      ...joined,
    });
  });

  it('C-X04: looks roles up trimmed and in lower case, and keeps them as they are', async () => {
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1', { role: { S: ' Admin' } })]);
    await trial.wholeRun();
    expect(contentOf(trial)['USER#ann|SERVER#s1']).toMatchObject({
      role: { S: ' Admin' },
      permissions: { L: [{ S: 'read' }, { S: 'write' }, { S: 'delete' }, { S: 'manage_users' }] },
    });
    expect(await linesOf(trial, 'memberships')).toEqual([]);
  });

  it('C-X04, A-26: an unknown role reads only, with a warning', async () => {
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1', { role: { S: ' owner ' } })]);
    await trial.wholeRun();
    expect(contentOf(trial)['USER#ann|SERVER#s1']).toMatchObject({
      role: { S: ' owner ' },
      permissions: { L: [{ S: 'read' }] },
    });
    expect(await linesOf(trial, 'memberships')).toEqual([`warning ROLE_UNKNOWN ${S1} role`]);
    expect(JSON.stringify(await entriesOf(trial, 'memberships'))).not.toContain('owner');
  });

  it('A-26: where roles are strict, an unknown one sets the membership aside, unless it has permissions', async () => {
    const own = { permissions: { L: [{ S: 'restart' }] } };
    const members = [
      aMembership('ann', 's1', { role: { S: 'owner' } }),
      aMembership('bob', 's1', { role: { S: 'owner' }, ...own }),
    ];
    const trial = trialOn([aServer('s1')], members, { policy: { ...DEFAULT_ROLES, strict: true } });
    await trial.wholeRun();
    expect(Object.keys(contentOf(trial))).not.toContain('USER#ann|SERVER#s1');
    expect(contentOf(trial)['USER#bob|SERVER#s1']).toMatchObject(own);
    expect(await linesOf(trial, 'memberships')).toContain(`quarantine ROLE_UNKNOWN ${S1} role`);
    expect(trial.plan.acceptable.get('ROLE_UNKNOWN')).toBe('allow-unknown-roles');
  });

  it.each([
    ['absent', {}, 'FIELD_MISSING'],
    ['NULL', { role: { NULL: true } }, 'FIELD_MISSING'],
    ['blank', { role: { S: ' ' } }, 'FIELD_MISSING'],
    ['a number', { role: { N: '1' } }, 'TYPE_INVALID'],
  ] as const)(
    'C-X05: a role that is %s sets that membership aside, and nothing else',
    async (_, role, reason) => {
      const record = { userId: { S: 'ann' }, serverId: { S: 's1' }, ...role };
      const trial = trialOn([aServer('s1')], [record, aMembership('bob', 's1', ADMIN)]);
      await trial.wholeRun();
      expect(await linesOf(trial, 'memberships')).toEqual([`quarantine ${reason} ${S1} role`]);
      expect(Object.keys(contentOf(trial)).sort()).toEqual([
        'SERVER#s1|METADATA',
        'USER#ann|METADATA',
        'USER#bob|METADATA',
        'USER#bob|SERVER#s1',
      ]);
    },
  );

  it('C-05, C-X06, A-24: gives roles exactly the permissions that they have always had', async () => {
    const list = (...texts: string[]): StoredItem['permissions'] => ({ L: texts.map((S) => ({ S })) });
    expect(await permissionsFor({ role: { S: 'admin' } })).toEqual(
      list('read', 'write', 'delete', 'manage_users'),
    );
    expect(await permissionsFor({ role: { S: 'moderator' } })).toEqual(list('read', 'write', 'restart'));
    expect(await permissionsFor({ role: { S: 'viewer' } })).toEqual(list('read'));
  });

  it('takes another map of roles', async () => {
    const policy = { permissions: new Map([['owner', ['read', 'manage_users']]]), strict: false };
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1', { role: { S: 'Owner' } })], { policy });
    await trial.wholeRun();
    expect(contentOf(trial)['USER#ann|SERVER#s1']).toMatchObject({
      permissions: { L: [{ S: 'read' }, { S: 'manage_users' }] },
    });
    expect([...(await linesOf(trial, 'servers')), ...(await linesOf(trial, 'memberships'))]).toEqual([]);
  });

  it.each([
    ['a list', { L: [{ S: 'restart' }, { S: 'read' }] }, ['restart', 'read']],
    ['a set', { SS: ['write', 'read'] }, ['read', 'write']],
    ['an empty list', { L: [] }, []],
  ] as const)(
    'C-X03: permissions of its own, %s, win over those of the role, and are reported',
    async (_, own, wanted) => {
      const trial = trialOn([aServer('s1')], [aMembership('ann', 's1', { permissions: own })]);
      await trial.wholeRun();
      expect(contentOf(trial)['USER#ann|SERVER#s1']?.['permissions']).toEqual({
        L: wanted.map((S) => ({ S })),
      });
      expect(await linesOf(trial, 'memberships')).toEqual([`warning PERMISSIONS_CUSTOM ${S1} permissions`]);
    },
  );

  it.each([
    ['text', { S: 'read,write' }],
    ['a list with a number', { L: [{ S: 'read' }, { N: '1' }] }],
  ] as const)('sets permissions aside that are %s', async (_, permissions) => {
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1', { permissions })]);
    await trial.wholeRun();
    expect(await linesOf(trial, 'memberships')).toEqual([`quarantine TYPE_INVALID ${S1} permissions`]);
  });

  it('C-X09: leaves items of the newer functions alone and reports each', async () => {
    const core = [
      { PK: { S: 'SERVER#s1' }, SK: { S: 'METADATA' }, Type: { S: 'Server' }, name: { S: 'Newer' } },
      { PK: { S: 'USER#ann' }, SK: { S: 'METADATA' }, Type: { S: 'User' }, theme: { S: 'dark' } },
      { PK: { S: 'USER#ann' }, SK: { S: 'SERVER#s1' }, Type: { S: 'UserServer' } },
    ];
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1', ADMIN)], { core });
    const { steps } = await trial.wholeRun();
    expect(trial.tables().get('CoreTable')).toEqual(expect.arrayContaining(core));
    expect(steps.map(({ counters }) => counters.conflict)).toEqual([1, 1, 1]);
    expect(await linesOf(trial, 'users')).toContain(`conflict CONFLICT ${S1}`);
  });

  it('C-X11: a membership of a server that does not exist is set aside; one of the newer functions’ servers is not', async () => {
    const newer = { PK: { S: 'SERVER#new' }, SK: { S: 'METADATA' }, Type: { S: 'Server' } };
    const members = [aMembership('ann', 's1', ADMIN), aMembership('ann', 's2'), aMembership('ann', 'new')];
    const trial = trialOn([aServer('s1')], members, { core: [newer] });
    await trial.wholeRun();
    expect(await linesOf(trial, 'memberships')).toEqual([
      'quarantine SERVER_MISSING UserMembershipTable#ann|s2 serverId',
    ]);
    expect(Object.keys(contentOf(trial))).toContain('USER#ann|SERVER#new');
    expect(trial.plan.acceptable.get('SERVER_MISSING')).toBe('allow-missing-servers');
  });

  it('C-X11: servers without members, or with none who may manage users, are reported', async () => {
    const members = [
      aMembership('ann', 'headless'),
      aMembership('ann', 'custom', { permissions: { L: [{ S: 'manage_users' }] } }),
      { userId: { S: 'ann' }, serverId: { S: 'unreadable' } },
    ];
    const servers = ['deserted', 'headless', 'custom', 'unreadable'].map((id) => aServer(id));
    const trial = trialOn(servers, members);
    await trial.wholeRun();
    expect(await linesOf(trial, 'servers')).toEqual([
      'warning SERVER_WITHOUT_ADMIN ServersTable#headless',
      'warning SERVER_WITHOUT_MEMBERS ServersTable#deserted',
      'warning SERVER_WITHOUT_MEMBERS ServersTable#unreadable',
    ]);
  });

  it('C-10, C-21, C-X17, C-X20: counts what was stored, and the table holds servers, memberships and distinct users', async () => {
    const members = [
      aMembership('ann', 's1', ADMIN),
      aMembership('ann', 's2', ADMIN),
      aMembership('bob', 's1'),
    ];
    const trial = trialOn([aServer('s1'), aServer('s2')], members);
    const { steps } = await trial.wholeRun();
    expect(steps.map(({ counters: { created, skipped, rows } }) => [created, skipped, rows])).toEqual([
      [2, 0, 2],
      [3, 0, 3],
      [2, 1, 2],
    ]);
    const again = await trial.wholeRun();
    expect(again.steps.map(({ counters: { created, unchanged } }) => [created, unchanged])).toEqual([
      [0, 2],
      [0, 3],
      [0, 2],
    ]);
    const types = Object.values(contentOf(trial)).map(({ Type }) => Type);
    expect(types.filter((type) => type !== undefined && 'S' in type && type.S === 'User')).toHaveLength(2);
    expect(types).toHaveLength(7);
  });

  it('C-X18: ids with the prefix of a key, and blank ones, are set aside, and nothing is taken off', async () => {
    const members = [
      aMembership('USER#ann', 's1'),
      aMembership('ann', 'SERVER#s1'),
      aMembership(' ', 's1'),
      aMembership('SERVER#bob', 's1', ADMIN),
    ];
    const trial = trialOn([aServer('s1'), aServer('SERVER#s1'), aServer(' ')], members);
    await trial.wholeRun();
    expect(Object.keys(contentOf(trial)).sort()).toEqual([
      'SERVER#s1|METADATA',
      'USER#SERVER#bob|METADATA',
      'USER#SERVER#bob|SERVER#s1',
    ]);
    expect(await linesOf(trial, 'servers')).toEqual([
      'quarantine FIELD_MISSING ServersTable#  id',
      'quarantine ID_INVALID ServersTable#SERVER#s1 id',
    ]);
    const both = [
      'quarantine FIELD_MISSING UserMembershipTable# |s1 userId',
      'quarantine ID_INVALID UserMembershipTable#USER#ann|s1 userId',
      'quarantine ID_INVALID UserMembershipTable#ann|SERVER#s1 serverId',
    ];
    expect(await linesOf(trial, 'memberships')).toEqual(both);
    expect(await linesOf(trial, 'users')).toEqual(expect.arrayContaining(both));
  });
});
