import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { Trial } from '../../../src/conformance/trial/trial.js';
import { aMembership, aServer, trialOn } from './core-table-trial.js';

const CHECKS = ['my-servers', 'my-profile', 'server-detail', 'permission-check'].map(
  (one) => `users: workflow ${one}`,
);
const SERVERS = ['a', 'b'].map((id) => aServer(id));
const MEMBERS = [aMembership('ann', 'a'), aMembership('ann', 'b'), aMembership('bob', 'b')];

async function migrated(members = MEMBERS, core: readonly StoredItem[] = []): Promise<Trial> {
  const trial = trialOn(SERVERS, members, { core });
  await trial.wholeRun();
  return trial;
}

/** Check → whether it passed, and of how many users; of the step `users` alone. */
async function tried(trial: Trial): Promise<Record<string, [boolean, unknown, unknown]>> {
  const { checks } = await trial.validate(['users']);
  const own = checks.filter(({ name }) => CHECKS.includes(name));
  return Object.fromEntries(
    own.map(({ name, passed, expected, found }) => [name, [passed, expected, found]]),
  );
}

function rowOf(trial: Trial, partition: string, sort: string): StoredItem {
  const rows = trial.tables().get('CoreTable') ?? [];
  return rows.find(({ PK, SK }) => textOf(PK) === partition && textOf(SK) === sort)!;
}

describe('the workflows of the application (C-23)', () => {
  it('are tried by the run and by every validation, for each user', async () => {
    const trial = trialOn(SERVERS, MEMBERS);
    const { steps } = await trial.wholeRun();
    const told = steps[2]?.checks.filter(({ name }) => CHECKS.includes(name));
    expect(told?.map(({ name, passed, found }) => [name, passed, found])).toEqual(
      CHECKS.map((name) => [name, true, 2]),
    );
    expect(steps[1]?.checks.map(({ name }) => name)).not.toContain(CHECKS[0]);
    expect(Object.values(await tried(trial))).toEqual(Array(4).fill([true, 2, 2]));
  });

  it('fail where a server is gone that the step itself does not look at', async () => {
    const trial = await migrated();
    trial.change({ CoreTable: [rowOf(trial, 'SERVER#a', 'METADATA')] }, {});
    const result = await trial.validate(['users']);
    expect(result.passed).toBe(false);
    expect(result.findings.map(({ kind, key, detail }) => [kind, key, detail])).toEqual([
      ['missing', 'USER#ann|METADATA', 'workflow my-servers: user ann sees server a, which is not there'],
      ['missing', 'USER#ann|METADATA', "workflow server-detail: server a can't be opened"],
    ]);
    expect(await tried(trial)).toEqual({
      [CHECKS[0]!]: [false, 2, 1],
      [CHECKS[1]!]: [true, 2, 2],
      [CHECKS[2]!]: [false, 2, 1],
      [CHECKS[3]!]: [true, 2, 2],
    });
  });

  it('fail where an item can not be loaded any more, and quote nothing of it', async () => {
    const trial = await migrated();
    trial.put('CoreTable', [{ ...rowOf(trial, 'SERVER#b', 'METADATA'), Type: { S: 'Secret' } }]);
    const { findings } = await trial.validate(['users']);
    expect(new Set(findings.map(({ detail }) => detail.split(':')[0]))).toEqual(
      new Set(['workflow my-servers', 'workflow server-detail']),
    );
    expect(JSON.stringify(findings)).not.toContain('Secret');
  });

  it('expect nothing of memberships that were set aside or that the application has made or changed', async () => {
    const changed = await migrated([...MEMBERS, aMembership('ann', 'gone')]);
    const row = rowOf(changed, 'USER#ann', 'SERVER#b');
    changed.put('CoreTable', [{ ...row, permissions: { L: [] } }]);
    expect(Object.values(await tried(changed))).toEqual(Array(4).fill([true, 2, 2]));
    const made = await migrated();
    const own = {
      ...{ PK: { S: 'USER#bob' }, SK: { S: 'SERVER#new' }, Type: { S: 'UserServer' } },
      role: { S: 'x' },
    };
    made.put('CoreTable', [own]);
    // bob is not visited
    expect(Object.values(await tried(made))).toEqual(Array(4).fill([true, 1, 1]));
  });
});
