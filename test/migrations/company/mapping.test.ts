import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import {
  aCompany,
  aMember,
  anExpense,
  aProject,
  auditOf,
  COMPANIES,
  contentOf,
  contextOf,
  entriesOf,
  EXPENSES,
  mappingInMemory,
  MEMBERS,
  PROJECTS,
  startOf,
  trialOn,
  USERS,
} from './mapping-trial.js';

/** UUIDv5 of `user:orphan`, worked out by another implementation. */
const OF_ORPHAN = '869c7ff0-3c9e-5437-b3d8-c1aa6832bef9';

function companyOfOrphan(createdAt: string): StoredItem {
  return {
    companyId: { S: OF_ORPHAN },
    name: { S: 'Migrated company for orphan' },
    ownerId: { S: 'orphan' },
    createdAt: { S: createdAt },
    createdByMigration: { BOOL: true },
    settings: { M: {} },
  };
}
const MEMBERSHIP_OF_ORPHAN = {
  companyId: { S: OF_ORPHAN },
  userId: { S: 'orphan' },
  role: { S: 'admin' },
};

/** One user for each rule. */
const EVERY_RULE = {
  [EXPENSES]: [
    anExpense('member', 'e1'),
    anExpense('owner', 'e2'),
    anExpense('orphan', 'e3'),
    anExpense('orphan', 'e4'),
    anExpense('torn', 'e5'),
    anExpense('decided', 'e6'),
  ],
  [COMPANIES]: [aCompany('c1'), aCompany('c2', 'owner'), aCompany('c3')],
  [MEMBERS]: [
    aMember('c1', 'member'),
    aMember('c1', 'torn'),
    aMember('c3', 'torn'),
    aMember('c1', 'decided'),
    aMember('c3', 'decided'),
  ],
};
const DECIDED = { overrides: new Map([['decided', 'c3']]) };

describe('E-15, E-31: the step mapping', () => {
  it('E-32: accounts for every user once, with the rule and the company', async () => {
    const trial = trialOn(EVERY_RULE, DECIDED);
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({
      status: 'validated',
      counters: { read: 5, created: 1, skipped: 3, quarantined: 1, rows: 2 },
      reasons: { COMPANY_AMBIGUOUS: 1 },
    });
    expect(await auditOf(trial)).toEqual([
      'decided override c3',
      'member company-users c1',
      `orphan created ${OF_ORPHAN}`,
      'owner companies c2',
      'torn COMPANY_AMBIGUOUS',
    ]);
    const details = (await entriesOf(trial, 'decision')).map(({ detail }) => detail);
    expect(details).toContain('user decided → company c3; could be c1, c3');
    expect(details).toContain('user member → company c1');
    expect(details).toContain('the user is a member of 2 companies: c1, c3');
  });

  it('E-X07: a user without a company gets one, and a membership with which they see it', async () => {
    const trial = trialOn(EVERY_RULE, DECIDED);
    await trial.wholeRun();
    expect(contentOf(trial, COMPANIES)).toMatchObject({ [OF_ORPHAN]: companyOfOrphan(await startOf(trial)) });
    expect(contentOf(trial, MEMBERS)[`${OF_ORPHAN}|orphan`]).toEqual(MEMBERSHIP_OF_ORPHAN);
    expect(Object.keys(contentOf(trial, COMPANIES))).toHaveLength(4);
    expect(Object.keys(contentOf(trial, MEMBERS))).toHaveLength(6);
  });

  it('E-X05, A-12: names the companies of a user whom it sets aside, until an override decides', async () => {
    const trial = trialOn(EVERY_RULE);
    await trial.wholeRun();
    const quarantined = await entriesOf(trial, 'quarantine');
    expect(quarantined.map(({ source, reason, detail }) => [source, reason, detail])).toEqual([
      [`${USERS}#decided`, 'COMPANY_AMBIGUOUS', 'the user is a member of 2 companies: c1, c3'],
      [`${USERS}#torn`, 'COMPANY_AMBIGUOUS', 'the user is a member of 2 companies: c1, c3'],
    ]);
  });

  it('an override that names no company sets the user aside', async () => {
    const trial = trialOn(EVERY_RULE, { overrides: new Map([['member', 'c1 ']]) });
    await trial.wholeRun();
    expect(await auditOf(trial)).toContain('member OVERRIDE_INVALID');
  });

  it('knows the users of every legacy table, and those who have a row of their own', async () => {
    const trial = trialOn({
      [USERS]: [{ userId: { S: 'listed' }, email: { S: 'l@example.org' } }],
      [EXPENSES]: [anExpense('spender', 'e1'), anExpense('both', 'e2')],
      [PROJECTS]: [aProject('builder', 'p1'), aProject('both', 'p2')],
      'construction-expenses-multi-table-works': [{ userId: { S: 'worker' }, workId: { S: 'w1' } }],
      'construction-expenses-multi-table-contractors': [
        { userId: { S: 'contractor' }, contractorId: { S: 'k1' } },
      ],
    });
    const { steps } = await trial.wholeRun({ segments: 3 });
    expect(steps[0]).toMatchObject({ status: 'validated', counters: { read: 6, created: 6 } });
    const users = (await auditOf(trial)).map((line) => line.split(' ')[0]);
    expect(users).toEqual(['both', 'builder', 'contractor', 'listed', 'spender', 'worker']);
  });

  it('E-X08: makes no company for a user whose id is blank', async () => {
    const trial = trialOn({ [EXPENSES]: [anExpense(' ', 'e1')] });
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ reasons: { USER_MISSING: 1 }, counters: { created: 0 } });
    expect(contentOf(trial, COMPANIES)).toEqual({});
  });

  it('E-02: rows of the application stay as they are', async () => {
    const trial = trialOn(EVERY_RULE, DECIDED);
    const before = trial.tables();
    await trial.wholeRun();
    for (const table of [COMPANIES, MEMBERS]) {
      const stamped = (trial.tables().get(table) ?? []).filter((row) => row['_migration'] === undefined);
      expect(stamped).toEqual(before.get(table));
    }
  });
});

describe('E-X07: the company of an orphan is one, whoever makes it and when', () => {
  const orphan = { [EXPENSES]: [anExpense('orphan', 'e1'), anExpense('orphan', 'e2')] };

  it('E-X09: a second run, at another time, changes nothing', async () => {
    const trial = trialOn(orphan);
    await trial.wholeRun();
    const before = trial.tables();
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ status: 'validated', counters: { created: 0, unchanged: 1 } });
    expect(trial.tables()).toEqual(before);
  });

  it.each([COMPANIES, MEMBERS])('a row that is gone from %s is made again as it was', async (table) => {
    const trial = trialOn(orphan);
    await trial.wholeRun();
    const first = await startOf(trial);
    trial.change({ [table]: trial.tables().get(table) ?? [] }, {});
    // one defect is one finding: without its company a membership is no orphan on top of it
    expect((await trial.validate()).findings.map(({ kind, table: at }) => [kind, at])).toEqual([
      ['missing', table],
    ]);
    await trial.wholeRun();
    const madeAt = table === COMPANIES ? await startOf(trial) : first;
    expect(contentOf(trial, COMPANIES)).toEqual({ [OF_ORPHAN]: companyOfOrphan(madeAt) });
    expect(contentOf(trial, MEMBERS)).toEqual({ [`${OF_ORPHAN}|orphan`]: MEMBERSHIP_OF_ORPHAN });
    expect((await trial.validate()).passed).toBe(true);
  });

  it('a membership that the application adds afterwards moves nobody, and is reported', async () => {
    const trial = trialOn(orphan);
    await trial.wholeRun();
    trial.put(COMPANIES, [aCompany('c1')]);
    trial.put(MEMBERS, [aMember('c1', 'orphan')]);
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ status: 'validated', counters: { unchanged: 1 } });
    expect(await auditOf(trial)).toEqual([`orphan created ${OF_ORPHAN}`]);
    expect((await entriesOf(trial, 'warning')).map(({ reason }) => reason)).toEqual(['COMPANY_GAINED']);
  });

  it('of two runners at once the one counts that came first, also for when it was made', async () => {
    const trial = trialOn(orphan);
    const [step] = mappingInMemory().steps;
    const one = await step?.prepare(contextOf(trial, { startedAt: '2026-11-21T08:00:00.000Z' }));
    const other = await step?.prepare(contextOf(trial, { startedAt: '2026-11-21T09:00:00.000Z' }));
    const record = { userId: { S: 'orphan' } };
    const first = one?.plan(record);
    if (first?.kind !== 'rows') throw new TypeError('an orphan gets rows');
    expect(other?.plan(record)).not.toEqual(first);
    expect(await other?.pin?.(first.rows[0]?.item ?? {})).toBe(true);
    expect(other?.plan(record)).toEqual(first);
    expect(await other?.pin?.(first.rows[0]?.item ?? {})).toBe(false);
    expect(first).toMatchObject({
      anchored: true,
      rows: [{ item: companyOfOrphan('2026-11-21T08:00:00.000Z') }, { item: MEMBERSHIP_OF_ORPHAN }],
    });
  });

  it('a rollback takes both rows away, and the next run makes them again', async () => {
    const trial = trialOn(orphan);
    await trial.wholeRun();
    await trial.rollback();
    expect([contentOf(trial, COMPANIES), contentOf(trial, MEMBERS)]).toEqual([{}, {}]);
    await trial.wholeRun();
    expect(contentOf(trial, COMPANIES)).toEqual({ [OF_ORPHAN]: companyOfOrphan(await startOf(trial)) });
  });

  it('E-20: a dry run counts them and makes none', async () => {
    const trial = trialOn(orphan);
    const { steps } = await trial.wholeRun({ dryRun: true });
    expect(steps[0]).toMatchObject({ status: 'validated', counters: { read: 1, created: 1 } });
    expect(trial.writes).toBe(0);
  });
});

describe('what is odd about a user is said', () => {
  it.each([
    ['an owner who is no member', { [COMPANIES]: [aCompany('c1', 'u1')] }, 'MEMBERSHIP_MISSING'],
    ['a membership of a company that is not there', { [MEMBERS]: [aMember('c1', 'u1')] }, 'COMPANY_UNKNOWN'],
  ])('%s', async (_, tables, code) => {
    const trial = trialOn({ [EXPENSES]: [anExpense('u1', 'e1')], ...tables });
    await trial.wholeRun();
    expect((await entriesOf(trial, 'warning')).map(({ reason }) => reason)).toEqual([code]);
  });
});
