import type { UserDirectory } from '../../../src/domain/core-table/user-directory.js';
import type { Trial } from '../../../src/conformance/trial/trial.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import { aMembership, aServer, contentOf, linesOf, sourceOf, tablesOf, trialOn } from './core-table-trial.js';
import { entriesOf } from '../../support/trial-entries.js';

const SERVERS = ['a', 'b', 'c'].map((id) => aServer(id));
const mail = (S: string): StoredItem => ({ email: { S } });

function directoryOf(names: Readonly<Record<string, string>>): UserDirectory {
  return {
    title: 'test',
    entries: async function* () {
      await Promise.resolve();
      for (const [userId, name] of Object.entries(names)) yield { userId, name };
    },
  };
}

/** Counters of the step `users`, in a fixed order. */
async function ran(trial: Trial): Promise<Record<string, number>> {
  const { steps } = await trial.wholeRun();
  const { created, updated, unchanged, skipped, conflict } = steps[2]!.counters;
  return { created, updated, unchanged, skipped, conflict };
}

function userIn(trial: Trial): StoredItem | undefined {
  return contentOf(trial)['USER#ann|METADATA'];
}

describe('users are made of all their memberships', () => {
  it('C-06, C-X07: one item for each user, with the first address that is not blank, in the order of servers', async () => {
    const members = [
      aMembership('ann', 'c', mail('third@example.org')),
      aMembership('ann', 'a', mail('  ')),
      aMembership('ann', 'b', mail('Second@example.org')),
    ];
    const trial = trialOn(SERVERS, members);
    expect(await ran(trial)).toEqual({ created: 1, updated: 0, unchanged: 0, skipped: 2, conflict: 0 });
    expect(userIn(trial)).toEqual({
      PK: { S: 'USER#ann' },
      SK: { S: 'METADATA' },
      Type: { S: 'User' },
      email: { S: 'Second@example.org' },
      name: { S: 'Second' },
    });
    expect(sourceOf(trial, 'USER#ann|METADATA')).toBe('UserMembershipTable#ann|a');
    expect(await linesOf(trial, 'users')).toContain('warning EMAIL_CONFLICT UserMembershipTable#ann|a email');
    expect(JSON.stringify(await entriesOf(trial, 'users'))).not.toContain('example.org');
  });

  it('C-X07: addresses that differ in case or white space only are no conflict', async () => {
    const trial = trialOn(SERVERS, [
      aMembership('ann', 'a', mail('ann@example.org')),
      aMembership('ann', 'b', mail(' Ann@Example.org')),
    ]);
    await trial.wholeRun();
    expect(await linesOf(trial, 'users')).toEqual(['warning NAME_FROM_EMAIL UserMembershipTable name']);
  });

  it('C-X07: an address that is NULL, or no text, does no harm', async () => {
    const trial = trialOn(SERVERS, [
      aMembership('ann', 'a', { email: { NULL: true } }),
      aMembership('ann', 'b', { email: { N: '5' } }),
    ]);
    await trial.wholeRun();
    expect(userIn(trial)).toMatchObject({ email: { S: '' }, name: { S: 'ann' } });
    expect(await linesOf(trial, 'users')).toEqual([
      'warning EMAIL_NOT_TEXT UserMembershipTable#ann|b email',
      'warning NAME_FROM_ID UserMembershipTable#ann|a name',
    ]);
  });

  it('C-07, C-X08: takes names from the directory, and says where else one comes from', async () => {
    const members = ['ann', 'bob', 'cleo'].map((id) =>
      aMembership(id, 'a', id === 'cleo' ? {} : mail(`${id}.x@y`)),
    );
    const trial = trialOn(SERVERS, members, { directory: directoryOf({ ann: ' Ann Ash ', bob: ' ' }) });
    await trial.wholeRun();
    const rows = contentOf(trial);
    const names = ['ann', 'bob', 'cleo'].map((id) => rows[`USER#${id}|METADATA`]?.['name']);
    expect(names).toEqual([{ S: 'Ann Ash' }, { S: 'bob.x' }, { S: 'cleo' }]);
    expect(await linesOf(trial, 'users')).toEqual([
      'warning NAME_FROM_EMAIL UserMembershipTable#bob|a name',
      'warning NAME_FROM_ID UserMembershipTable#cleo|a name',
    ]);
  });

  it('C-X08: where there is no directory, that is said once', async () => {
    const trial = trialOn(
      SERVERS,
      ['ann', 'bob'].map((id) => aMembership(id, 'a', mail(`${id}@example.org`))),
    );
    await trial.wholeRun();
    expect(await linesOf(trial, 'users')).toEqual(['warning NAME_FROM_EMAIL UserMembershipTable name']);
  });

  it('a membership without a role or a server mentions its user all the same', async () => {
    const trial = trialOn(SERVERS, [
      { userId: { S: 'ann' }, serverId: { S: 'gone' }, ...mail('ann@example.org') },
    ]);
    await trial.wholeRun();
    expect(userIn(trial)).toMatchObject({ email: { S: 'ann@example.org' } });
  });
});

describe('which membership a user’s item is made of', () => {
  const FIRST = [
    aMembership('ann', 'b', mail('b@example.org')),
    aMembership('ann', 'c', mail('c@example.org')),
  ];

  it('a second run changes nothing', async () => {
    const trial = trialOn(SERVERS, FIRST);
    await trial.wholeRun();
    expect(await ran(trial)).toEqual({ created: 0, updated: 0, unchanged: 1, skipped: 1, conflict: 0 });
  });

  it('stays the same when another one comes first, and the item is brought up to date', async () => {
    const trial = trialOn(SERVERS, FIRST);
    await trial.wholeRun();
    trial.change({}, tablesOf(SERVERS, [...FIRST, aMembership('ann', 'a', mail('a@example.org'))]));
    expect(await ran(trial)).toEqual({ created: 0, updated: 1, unchanged: 0, skipped: 2, conflict: 0 });
    expect(userIn(trial)).toMatchObject({ email: { S: 'a@example.org' } });
    expect(sourceOf(trial, 'USER#ann|METADATA')).toBe('UserMembershipTable#ann|b');
    expect((await trial.validate()).passed).toBe(true);
    expect(await ran(trial)).toEqual({ created: 0, updated: 0, unchanged: 1, skipped: 2, conflict: 0 });
  });

  it('is another one when it is gone: then the item is in the way, kept and reported', async () => {
    const trial = trialOn(SERVERS, FIRST);
    await trial.wholeRun();
    const before = userIn(trial);
    trial.change(tablesOf(SERVERS, FIRST), tablesOf(SERVERS, FIRST.slice(1)));
    const result = await trial.wholeRun({ steps: ['users'] }).catch(() => undefined);
    expect(result?.steps[0]?.counters).toMatchObject({ conflict: 1, skipped: 0 });
    expect(userIn(trial)).toEqual(before);
    expect((await trial.validate()).passed).toBe(false);
    await trial.rollback();
    const again = await trial.wholeRun();
    expect(again.steps.map(({ status }) => status)).toEqual(['validated', 'validated', 'validated']);
    expect(userIn(trial)).toMatchObject({ email: { S: 'c@example.org' } });
  });

  it.each([
    ['the keeper', FIRST.slice(1), 'c@example.org'],
    ['another one', FIRST.slice(0, 1), 'b@example.org'],
  ])('where %s goes and its row stays, both steps are rolled back and run again', async (_, left, email) => {
    const trial = trialOn(SERVERS, FIRST);
    await trial.wholeRun();
    trial.change(tablesOf(SERVERS, FIRST), tablesOf(SERVERS, left));
    const { steps } = await trial.wholeRun();
    expect(steps.map(({ status }) => status)).toEqual(['validated', 'failed', 'not-run']);
    expect(steps[1]?.findings).toMatchObject([{ kind: 'extra' }]);
    await trial.rollback(undefined, ['memberships', 'users']);
    const again = await trial.wholeRun();
    expect(again.steps.map(({ status }) => status)).toEqual(['validated', 'validated', 'validated']);
    expect(userIn(trial)).toMatchObject({ email: { S: email } });
    expect(Object.keys(contentOf(trial))).toHaveLength(5);
  });

  it('a membership that appears after the survey waits for the next run', async () => {
    const trial = trialOn(SERVERS, FIRST);
    const { UsersPlanner } = await import('../../../src/migrations/core-table/users.planner.js');
    const { UserMapper } = await import('../../../src/infrastructure/persistence/core-table/user.mapper.js');
    const step = trial.plan.steps[2]!;
    const context = {
      reader: trial.reader,
      indexes: new MemoryIndexes(),
      segments: 1,
      check: () => undefined,
    };
    const planner = await UsersPlanner.build(new UserMapper(), step, undefined, context);
    expect(planner.plan(FIRST[0]!)).toEqual({ kind: 'skipped', rule: 'appeared-after-survey', warnings: [] });
    for (const record of FIRST) await planner.survey(record);
    expect(planner.plan(FIRST[1]!)).toEqual({
      kind: 'skipped',
      rule: 'merged-into-first-membership',
      warnings: [],
    });
    expect(planner.plan(FIRST[0]!)).toMatchObject({ kind: 'rows' });
    await planner.close();
  });
});
