import type { Trial } from '../../../src/conformance/trial/trial.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { aMembership, aServer, contentOf, trialOn } from './core-table-trial.js';

const ADMIN = { role: { S: 'admin' } };

/** Two servers, three memberships, two users. */
async function migrated(): Promise<Trial> {
  const members = [
    aMembership('ann', 's1', { ...ADMIN, email: { S: 'ann@example.org' } }),
    aMembership('ann', 's2', ADMIN),
    aMembership('bob', 's1', { email: { S: 'bob@example.org' } }),
  ];
  const trial = trialOn([aServer('s1', { name: { S: 'One' } }), aServer('s2')], members);
  await trial.wholeRun();
  return trial;
}

function rowOf(trial: Trial, key: string): StoredItem {
  const row = (trial.tables().get('CoreTable') ?? []).find((one) => trial.key('CoreTable', one) === key);
  if (row === undefined) throw new RangeError(`no row ${key}`);
  return row;
}

/** `<step> <kind> <key> <field>` of all findings. */
async function findings(trial: Trial): Promise<string[]> {
  const { findings: found } = await trial.validate();
  return found.map(({ step, kind, key, field = '' }) => `${step} ${kind} ${key} ${field}`.trim()).sort();
}

function erase(trial: Trial, key: string): void {
  trial.change({ CoreTable: [rowOf(trial, key)] }, {});
}

describe('C-13, C-22: validation of three steps that share a table', () => {
  it('passes after a run, step by step and all at once', async () => {
    const trial = await migrated();
    for (const step of ['servers', 'memberships', 'users'])
      expect({ step, passed: (await trial.validate([step])).passed }).toEqual({ step, passed: true });
    expect(await findings(trial)).toEqual([]);
  });

  it.each([
    ['SERVER#s1|METADATA', 'servers missing'],
    ['USER#ann|SERVER#s2', 'memberships missing'],
    ['USER#bob|METADATA', 'users missing'],
  ])('a row that is gone is one finding of its step: %s', async (key, finding) => {
    const trial = await migrated();
    erase(trial, key);
    expect(await findings(trial)).toEqual([`${finding} ${key}`]);
  });

  it.each([
    ['SERVER#s1|METADATA', { name: { S: 'Other' } }, 'servers different', 'name'],
    ['USER#ann|SERVER#s1', { permissions: { L: [] } }, 'memberships different', 'permissions'],
    ['USER#bob|METADATA', { email: { S: 'x' } }, 'users different', 'email'],
    ['USER#bob|METADATA', { Type: { S: 'Admin' } }, 'users different', 'Type'],
  ])('an edited row is one finding of its step: %s %#', async (key, edit, finding, field) => {
    const trial = await migrated();
    trial.put('CoreTable', [{ ...rowOf(trial, key), ...edit }]);
    expect(await findings(trial)).toEqual([`${finding} ${key} ${field}`]);
  });

  it('C-X11: a membership of a server that is gone on both sides is an orphan', async () => {
    const trial = await migrated();
    erase(trial, 'SERVER#s2|METADATA');
    trial.change({ ServersTable: [aServer('s2')] }, {});
    expect(await findings(trial)).toEqual(['memberships orphan USER#ann|SERVER#s2 SK']);
  });

  it.each([
    ['USER#copy|METADATA', 'USER#ann|METADATA', 'users'],
    ['USER#copy|SERVER#s1', 'USER#ann|SERVER#s1', 'memberships'],
    ['COPY#1|SERVER#s1', 'USER#ann|SERVER#s1', 'memberships'],
    ['SERVER#copy|METADATA', 'SERVER#s1|METADATA', 'servers'],
  ])('a copy of a row under another key is one finding: %s', async (key, original, step) => {
    const trial = await migrated();
    const [PK = '', SK = ''] = key.split('|');
    trial.put('CoreTable', [{ ...rowOf(trial, original), PK: { S: PK }, SK: { S: SK } }]);
    expect(await findings(trial)).toEqual([`${step} extra ${key}`]);
  });
});

describe('C-X09: a conflict of one step', () => {
  it('excuses no row that another step has made of the same record', async () => {
    const own = { PK: { S: 'USER#ann' }, SK: { S: 'METADATA' }, Type: { S: 'User' } };
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1', ADMIN)], { core: [own] });
    await trial.wholeRun();
    expect(await findings(trial)).toEqual([]);
    erase(trial, 'USER#ann|SERVER#s1');
    expect(await findings(trial)).toEqual(['memberships missing USER#ann|SERVER#s1']);
  });
});

describe('C-18, C-20: rollback of three steps that share a table', () => {
  it('of the users takes back the users alone, and they can be made again', async () => {
    const trial = await migrated();
    const before = contentOf(trial);
    const result = await trial.rollback(undefined, ['users']);
    expect(result?.steps.map(({ step, removed, kept }) => [step, removed, kept])).toEqual([['users', 2, 0]]);
    expect(Object.keys(contentOf(trial)).sort()).toEqual([
      'SERVER#s1|METADATA',
      'SERVER#s2|METADATA',
      'USER#ann|SERVER#s1',
      'USER#ann|SERVER#s2',
      'USER#bob|SERVER#s1',
    ]);
    expect((await trial.validate(['servers', 'memberships'])).passed).toBe(true);
    await trial.wholeRun();
    expect(contentOf(trial)).toEqual(before);
  });

  it('of everything leaves what the newer functions have written', async () => {
    const trial = await migrated();
    const own = { PK: { S: 'USER#zoe' }, SK: { S: 'METADATA' }, Type: { S: 'User' } };
    trial.put('CoreTable', [own]);
    await trial.rollback();
    expect(trial.tables().get('CoreTable')).toEqual([own]);
  });
});
