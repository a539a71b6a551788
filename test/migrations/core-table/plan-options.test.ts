import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CohortLimits } from '../../../src/domain/core-table/cohort.js';
import type { AskedDirectory } from '../../../src/domain/core-table/user-directory.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { plans } from '../../../src/runner/composition/plans.js';
import { userDirectory } from '../../../src/runner/composition/user-directory.js';
import { Trial } from '../../../src/conformance/trial/trial.js';
import { aMembership, aServer, contentOf, linesOf, tablesOf, trialOn } from './core-table-trial.js';

const mail = (S: string): StoredItem => ({ email: { S } });
const SERVERS = ['a', 'b', 'c'].map((id) => aServer(id));
/** ann: a, b; bob: b; cleo: c. Ids of b's memberships sort behind those of a. */
const MEMBERS = [
  aMembership('ann', 'a', mail('ann@a')),
  aMembership('ann', 'b', mail('ann@b')),
  aMembership('bob', 'b', mail('bob@b')),
  aMembership('cleo', 'c', mail('cleo@c')),
];

/** The plan as an environment with these options makes it. */
function trialWith(options: Record<string, unknown>, members = MEMBERS): Trial {
  const made = () =>
    plans({ plans: { 'core-table': options } }).find(({ plan }) => plan.name === 'core-table');
  return new Trial(() => made()!.plan, tablesOf(SERVERS, members));
}

async function keysAfter(cohort: CohortLimits): Promise<string[]> {
  const trial = trialOn(SERVERS, MEMBERS, { cohort });
  const { steps } = await trial.wholeRun();
  expect(steps.map(({ status }) => status)).toEqual(['validated', 'validated', 'validated']);
  expect((await trial.validate()).passed).toBe(true);
  return Object.keys(contentOf(trial)).sort();
}

describe('the options of plan core-table', () => {
  it('C-05: an environment has permissions of its own for roles', async () => {
    const trial = trialWith({ roles: { viewer: ['look'], owner: ['read', 'restart'] } }, [
      aMembership('ann', 'a'),
      aMembership('bob', 'a', { role: { S: ' Owner' } }),
      aMembership('cleo', 'a', { role: { S: 'admin' } }),
    ]);
    await trial.wholeRun();
    const rows = contentOf(trial);
    const permissions = ['ann', 'bob', 'cleo'].map((id) => rows[`USER#${id}|SERVER#a`]?.['permissions']);
    expect(permissions).toEqual([
      { L: [{ S: 'look' }] },
      { L: [{ S: 'read' }, { S: 'restart' }] },
      { L: [{ S: 'read' }] },
    ]);
    expect(await linesOf(trial, 'memberships')).toEqual([
      'warning ROLE_UNKNOWN UserMembershipTable#cleo|a role',
    ]);
  });

  it('A-26, C-X04: strict roles set a membership aside that has none of them', async () => {
    const strict = trialWith({ strictRoles: true }, [aMembership('ann', 'a', { role: { S: 'owner' } })]);
    await strict.wholeRun();
    expect(await linesOf(strict, 'memberships')).toContain(
      'quarantine ROLE_UNKNOWN UserMembershipTable#ann|a role',
    );
  });

  it('A-27: names come from the file that the environment names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-directory-'));
    try {
      for (const [file, content] of [
        ['users.JSON', '{"ann": "Ann Ash"}'],
        ['users.csv', 'userId,name\nann,Ann Ash\n'],
      ] as const) {
        const path = join(folder, file);
        writeFileSync(path, content);
        const trial = trialWith({ directory: { kind: 'file', path } });
        await trial.wholeRun();
        expect(contentOf(trial)['USER#ann|METADATA']).toMatchObject({ name: { S: 'Ann Ash' } });
      }
      const broken = userDirectory({ kind: 'file', path: join(folder, 'none.csv') });
      const read = async (): Promise<void> => {
        if ('entries' in broken) for await (const entry of broken.entries()) expect(entry).toBeUndefined();
      };
      await expect(read()).rejects.toMatchObject({ code: 'DIRECTORY_INVALID', exit: 2 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('C-07: a directory that is asked is asked for every user that takes part, once', async () => {
    const asked: string[] = [];
    const directory: AskedDirectory = {
      title: 'pool',
      namesOf: (ids) => {
        asked.push(...ids);
        return Promise.resolve(new Map(ids.filter((id) => id !== 'bob').map((id) => [id, `Name of ${id}`])));
      },
    };
    const trial = trialOn(SERVERS, [...MEMBERS, { userId: { S: ' ' }, serverId: { S: 'a' } }], {
      directory,
      cohort: { users: ['ann', 'bob'] },
    });
    await trial.wholeRun({ steps: ['servers', 'memberships', 'users'] });
    // the run and its verification look separately
    expect(asked.sort()).toEqual(['ann', 'ann', 'bob', 'bob']);
    const rows = contentOf(trial);
    expect(['ann', 'bob'].map((id) => rows[`USER#${id}|METADATA`]?.['name'])).toEqual([
      { S: 'Name of ann' },
      { S: 'bob' },
    ]);
  });
});

describe('a trial with a part of the users (C-26)', () => {
  it('by users: with their memberships and the servers of these', async () => {
    expect(await keysAfter({ users: ['bob', 'cleo'] })).toEqual([
      'SERVER#b|METADATA',
      'SERVER#c|METADATA',
      'USER#bob|METADATA',
      'USER#bob|SERVER#b',
      'USER#cleo|METADATA',
      'USER#cleo|SERVER#c',
    ]);
  });

  it('by servers: with their memberships and the users of these', async () => {
    expect(await keysAfter({ servers: ['b'] })).toEqual([
      'SERVER#b|METADATA',
      'USER#ann|METADATA',
      'USER#ann|SERVER#b',
      'USER#bob|METADATA',
      'USER#bob|SERVER#b',
    ]);
  });

  it('by both: with the memberships of these users on these servers', async () => {
    expect(await keysAfter({ users: ['ann'], servers: ['b', 'c'] })).toEqual([
      'SERVER#b|METADATA',
      'SERVER#c|METADATA',
      'USER#ann|METADATA',
      'USER#ann|SERVER#b',
    ]);
  });

  it('counts everybody else as skipped, and makes of a user what the whole migration will', async () => {
    const trial = trialOn(SERVERS, MEMBERS, { cohort: { servers: ['b'] } });
    const { steps } = await trial.wholeRun();
    expect(
      steps.map(({ counters: { created, skipped, quarantined } }) => [created, skipped, quarantined]),
    ).toEqual([
      [1, 2, 0],
      [2, 2, 0],
      [2, 2, 0],
    ]);
    // from the address of a membership that takes no part
    expect(contentOf(trial)['USER#ann|METADATA']).toMatchObject({ email: { S: 'ann@a' } });
  });

  it.each<[CohortLimits, Record<'servers' | 'memberships' | 'users', string[]>]>([
    [
      { users: ['ann', 'cleo'] },
      {
        servers: ['FIELD_MISSING  '],
        memberships: ['FIELD_MISSING ann| ', 'ID_INVALID cleo|SERVER#c'],
        users: ['FIELD_MISSING ann| ', 'ID_INVALID cleo|SERVER#c'],
      },
    ],
    [
      { servers: ['c'] },
      {
        servers: [],
        memberships: ['FIELD_MISSING  |c', 'ID_INVALID USER#x|c'],
        // cleo takes part by another membership
        users: ['FIELD_MISSING  |c', 'ID_INVALID USER#x|c', 'ID_INVALID cleo|SERVER#c'],
      },
    ],
    [
      { users: ['ann'], servers: ['c'] },
      { servers: [], memberships: [], users: ['FIELD_MISSING ann| '] },
    ],
  ])('decides by ids before anything else, in every step: %j', async (cohort, aside) => {
    const odd = [
      [' ', 'c'],
      ['USER#x', 'c'],
      ['ann', ' '],
      ['cleo', 'SERVER#c'],
      ['dan', ' '],
    ].map(([userId = '', serverId = '']) => aMembership(userId, serverId));
    const servers = [...SERVERS, aServer(' '), aServer('SERVER#x')];
    const trial = trialOn(servers, [...MEMBERS, ...odd], { cohort });
    await trial.wholeRun();
    for (const [step, expected] of Object.entries(aside)) {
      const lines = await linesOf(trial, step);
      const told = lines.filter((line) => line.startsWith('quarantine'));
      expect(told.map((line) => line.replace(/^quarantine (\w+) \w+#(.*) \w+$/, '$1 $2'))).toEqual(expected);
    }
  });

  it('does not look at what else is wrong with those outside', async () => {
    const odd = { userId: { S: 'dan' }, serverId: { S: 'gone' } };
    const trial = trialOn(SERVERS, [...MEMBERS, odd], { cohort: { users: ['bob'] } });
    await trial.wholeRun();
    expect((await linesOf(trial, 'memberships')).filter((line) => line.startsWith('quarantine'))).toEqual([]);
  });
});
