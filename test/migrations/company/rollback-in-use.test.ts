import type { TableRows } from '../../../src/conformance/index.js';
import { Failpoints } from '../../../src/conformance/trial/failpoints.js';
import type { Trial } from '../../../src/conformance/trial/trial.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { JournalEntry } from '../../../src/runner/ports/journal.js';
import { openedCompany } from './company-application.js';
import {
  aContractor,
  anExpense,
  aProject,
  aWork,
  company,
  member,
  MEMBERS,
  T,
  trialOn,
} from './entities-trial.js';

/** The company that is made for the user `orphan`, who has none. */
const MADE = '869c7ff0-3c9e-5437-b3d8-c1aa6832bef9';
const OWNER = `${MADE}|orphan`;

const TABLES: TableRows = {
  [T.oldProjects]: [aProject('orphan', 'p1')],
  [T.oldExpenses]: [anExpense('orphan', 'e1')],
};

/** A row of the application in this company. */
const inMade = (row: StoredItem): StoredItem => ({ ...row, companyId: { S: MADE } });

async function migrated(tables: TableRows = TABLES): Promise<Trial> {
  const trial = trialOn(tables);
  expect((await trial.wholeRun()).exit).toBe(0);
  return trial;
}

async function rolledBack(trial: Trial): Promise<string[]> {
  const result = await trial.rollback();
  expect(result?.exit).toBe(0);
  return told(result?.kept ?? []);
}

/** `<table>#<key> <reason> <table that needs it>` of kept rows, sorted. */
function told(kept: readonly JournalEntry[]): string[] {
  return kept
    .map(({ source, reason, detail }) => {
      const by = /^rows of (\S+), which stay, need it$/.exec(detail)?.[1];
      return [source, reason, ...(by === undefined ? [] : [by])].join(' ');
    })
    .sort();
}

/** What is left in the new tables beside the companies and members that were there before. */
function left(trial: Trial): string[] {
  const before = [
    ...MEMBERS[T.companies]!.map((row) => trial.key(T.companies, row)),
    ...MEMBERS[T.users]!.map((row) => trial.key(T.users, row)),
  ];
  return [T.companies, T.users, T.projects, T.contractors, T.works, T.expenses]
    .flatMap((table) => (trial.tables().get(table) ?? []).map((row) => `${table}#${trial.key(table, row)}`))
    .filter((name) => !before.some((key) => name.endsWith(`#${key}`)));
}

const keptBy = (table: string): string[] => [
  `${T.companies}#${MADE} IN_USE ${table}`,
  `${T.users}#${OWNER} IN_USE ${T.companies}`,
];

describe('invariant 9: a company that the application uses since it was made', () => {
  it.each([
    ['another member', T.users, member(MADE, 'colleague'), `${MADE}|colleague`],
    ['a project', T.projects, inMade({ projectId: { S: 'new' } }), `${MADE}|new`],
    ['a contractor', T.contractors, inMade({ contractorId: { S: 'new' } }), `${MADE}|new`],
    ['a work', T.works, inMade({ workId: { S: 'new' } }), `${MADE}|new`],
    ['an expense', T.expenses, inMade({ expenseId: { S: 'new' } }), `${MADE}|new`],
  ])(
    'stays with its owner’s membership where there is %s in it, and both are listed',
    async (_, table, row, key) => {
      const trial = await migrated();
      trial.put(table, [row]);
      expect(await rolledBack(trial)).toEqual(keptBy(table));
      expect(left(trial).sort()).toEqual(
        [`${T.companies}#${MADE}`, `${T.users}#${OWNER}`, `${table}#${key}`].sort(),
      );
    },
  );

  it('goes where nobody uses it: what this rollback removes itself is no use', async () => {
    const trial = await migrated({
      ...TABLES,
      [T.oldContractors]: [aContractor('orphan', 'c1')],
      [T.oldWorks]: [aWork('orphan', 'w1')],
    });
    trial.put(T.expenses, [{ ...inMade({ expenseId: { S: 'new' } }), companyId: { S: 'acme' } }]);
    expect(await rolledBack(trial)).toEqual([]);
    expect(left(trial)).toEqual([`${T.expenses}#acme|new`]);
  });

  it('goes with the next rollback where it is used no more', async () => {
    const trial = await migrated();
    const row = inMade({ projectId: { S: 'new' } });
    trial.put(T.projects, [row]);
    await rolledBack(trial);
    trial.change({ [T.projects]: [row] }, { [T.projects]: [] });
    expect(await rolledBack(trial)).toEqual([]);
    expect(left(trial)).toEqual([]);
  });

  it('stays for a row of ours in it that was edited, and then has its member', async () => {
    const trial = await migrated();
    const [expense] = trial.tables().get(T.expenses) ?? [];
    trial.put(T.expenses, [{ ...expense, description: { S: 'by hand' } }]);
    expect(await rolledBack(trial)).toEqual(
      [...keptBy(T.expenses), `${T.expenses}#${MADE}|e1 EDITED`].sort(),
    );
    expect((await trial.wholeRun()).steps.find(({ step }) => step === 'mapping')?.counters).toMatchObject({
      created: 0,
      unchanged: 1,
    });
  });
});

describe('invariant 9: a company that stays, for whatever reason, keeps its member (E-X07)', () => {
  it('where the company was edited', async () => {
    const trial = await migrated();
    trial.put(
      T.companies,
      (trial.tables().get(T.companies) ?? []).map((row) =>
        trial.key(T.companies, row) === MADE ? { ...row, name: { S: 'Mine' } } : row,
      ),
    );
    expect(await rolledBack(trial)).toEqual([
      `${T.companies}#${MADE} EDITED`,
      `${T.users}#${OWNER} IN_USE ${T.companies}`,
    ]);
  });

  it('where the company has lost its stamp', async () => {
    const trial = await migrated();
    trial.put(T.companies, [company(MADE)]);
    expect(await rolledBack(trial)).toEqual([`${T.users}#${OWNER} IN_USE ${T.companies}`]);
  });

  it('and a member that was edited keeps its company', async () => {
    const trial = await migrated();
    trial.put(T.users, [
      {
        ...(trial.tables().get(T.users) ?? []).find((row) => trial.key(T.users, row) === OWNER),
        role: { S: 'guest' },
      },
    ]);
    expect(await rolledBack(trial)).toEqual([
      `${T.companies}#${MADE} IN_USE ${T.users}`,
      `${T.users}#${OWNER} EDITED`,
    ]);
  });
});

describe('rows in use, whatever way a rollback goes', () => {
  it('invariant 6: it is killed at any point and begun again, and ends the same', async () => {
    const ran = await migrated({
      ...TABLES,
      [T.oldProjects]: [aProject('orphan', 'p1'), aProject('nobody', 'p2')],
    });
    ran.put(T.expenses, [inMade({ expenseId: { S: 'new' } })]);
    const begun = (): Trial => trialOn(Object.fromEntries(ran.tables()));
    const whole = begun();
    const points = new Failpoints();
    const kept = told((await whole.rollback(points))?.kept ?? []);
    expect(kept).toEqual(keptBy(T.expenses));
    for (let point = 0; point < points.points.length; point += 1) {
      const trial = begun();
      await trial.rollback(Failpoints.crashingAt(point));
      const [latest] = await trial.runs();
      // killed before it was journalled, or before its end
      if (latest?.kind !== 'rollback' || !(await trial.isOver()))
        expect([point, await rolledBack(trial)]).toEqual([point, kept]);
      expect([point, left(trial)]).toEqual([point, left(whole)]);
    }
  });

  it('invariant 3: a dry run says the same and removes nothing', async () => {
    const { application, store } = openedCompany({ ...MEMBERS, ...TABLES });
    const run = { plan: 'company', dryRun: false, accept: [], confirmProduction: false, overrides: [] };
    await application.run({ ...run, resume: 'auto' });
    store.load(T.users, [member(MADE, 'colleague')]);
    const before = [T.companies, T.users, T.expenses].map((table) => store.rows(table));
    const dry = await application.rollback({ plan: 'company', dryRun: true, confirmProduction: false });
    expect([told(dry.kept), dry.steps.map(({ removed }) => removed)]).toEqual([
      keptBy(T.users),
      [1, 0, 0, 1, 0],
    ]);
    expect([T.companies, T.users, T.expenses].map((table) => store.rows(table))).toEqual(before);
  });

  it('of one run: a company stays for what a later run wrote into it, and a member for a company of another run', async () => {
    const { application, store } = openedCompany({ ...MEMBERS, ...TABLES });
    const run = { plan: 'company', dryRun: false, accept: [], confirmProduction: false, overrides: [] };
    const first = await application.run({ ...run, resume: 'auto' });
    store.load(T.oldWorks, [aWork('orphan', 'w1')]);
    await application.run({ ...run, resume: 'auto' });
    const back = await application.rollback({
      plan: 'company',
      run: first.run,
      dryRun: false,
      confirmProduction: false,
    });
    expect(told(back.kept)).toEqual(keptBy(T.works));
    expect([store.rows(T.companies).length, store.rows(T.expenses).length]).toEqual([3, 0]);
  });

  it('invariant 11: says which table, and no value', async () => {
    const trial = await migrated();
    trial.put(T.projects, [inMade({ projectId: { S: 'new' }, name: { S: 'secret' } })]);
    const result = await trial.rollback();
    expect(result?.kept).toMatchObject([
      {
        step: 'mapping',
        table: T.companies,
        key: MADE,
        detail: `rows of ${T.projects}, which stay, need it`,
      },
      { step: 'mapping', table: T.users, key: OWNER, detail: `rows of ${T.companies}, which stay, need it` },
    ]);
    expect(JSON.stringify(result?.kept)).not.toMatch(/secret|new/);
  });
});
