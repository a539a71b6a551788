import fc from 'fast-check';
import { sameRow } from '../../../src/domain/storage/canonical-digest.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { ENTITIES, type EntityKind } from '../../../src/migrations/company/entities.js';
import { legacyRecordsOf } from '../../../src/migrations/company/translation/reverse.js';
import { rowsOf } from './entities-planning.js';
import {
  aContractor,
  anExpense,
  aProject,
  aWork,
  contentOf,
  findings,
  linesOf,
  rowOf,
  T,
  trialOn,
} from './entities-trial.js';

// UUIDv5 of `expense:bob|e1` and the like in the plan's namespace, computed outside of this repository
const BOBS_E1 = 'f99511ee-f7ca-5a9d-99d5-99373c5676a2';
const BOBS_P1 = '9daa390d-9b37-5406-a30a-eace2bdc45f5';
const BOBS_W1 = '60355b3d-1b06-57f1-a046-0c9f30e3bae8';
const ANNS_E1 = 'a8e64b73-aeca-5175-8216-10a77a6c6dd7';

describe('A-11, E-X02: two users of one company have the same id', () => {
  it('one row is that of both where they say the same', async () => {
    const trial = trialOn({ [T.oldExpenses]: [anExpense('bob', 'e1'), anExpense('ann', 'e1')] });
    const result = await trial.wholeRun();
    expect(contentOf(trial, T.expenses)).toEqual({
      'acme|e1': {
        ...anExpenseRow('ann', 'e1'),
        legacyAttributes: { M: { merged: { SS: ['bob'] } } },
      },
    });
    expect(await linesOf(trial, 'expenses')).toEqual(['warning RECORD_MERGED bob|e1 expenseId']);
    expect(result.exit).toBe(0);
    expect(result.steps.at(-1)?.counters).toMatchObject({ read: 2, created: 1, skipped: 1 });
  });

  it('the first in the order of users keeps it where they do not; the other gets one derived from both', async () => {
    const other = anExpense('bob', 'e1', { amount: { N: '99' } });
    const trial = trialOn({ [T.oldExpenses]: [other, anExpense('ann', 'e1')] });
    await trial.wholeRun();
    expect(contentOf(trial, T.expenses)).toEqual({
      'acme|e1': anExpenseRow('ann', 'e1'),
      [`acme|${BOBS_E1}`]: { ...anExpenseRow('bob', BOBS_E1), amount: { N: '99' } },
    });
    expect(await linesOf(trial, 'expenses')).toEqual(['warning ID_DERIVED bob|e1 expenseId']);
    expect((await trial.validate()).passed).toBe(true);
  });

  it('a third one joins whom it agrees with', async () => {
    const [bobs, cyds] = ['bob', 'cyd'].map((user) => anExpense(user, 'e1', { amount: { N: '99' } }));
    const trial = trialOn({ [T.oldExpenses]: [cyds ?? {}, bobs ?? {}, anExpense('ann', 'e1')] });
    await trial.wholeRun();
    expect(Object.keys(contentOf(trial, T.expenses)).sort()).toEqual([`acme|${BOBS_E1}`, 'acme|e1'].sort());
    expect(contentOf(trial, T.expenses)[`acme|${BOBS_E1}`]?.['legacyAttributes']).toEqual({
      M: { merged: { SS: ['cyd'] } },
    });
  });

  it('is none between users of different companies', async () => {
    const trial = trialOn({
      [T.oldExpenses]: [anExpense('ann', 'e1'), anExpense('zoe', 'e1', { amount: { N: '7' } })],
    });
    await trial.wholeRun();
    expect(Object.keys(contentOf(trial, T.expenses)).sort()).toEqual(['acme|e1', 'zeta|e1']);
    expect(await linesOf(trial, 'expenses')).toEqual([]);
  });

  it('references of a user follow what became of the user’s own records, works included', async () => {
    const [mine, yours] = ['ann', 'bob'].map((user, n) => ({
      [T.oldProjects]: aProject(user, 'p1', { name: { S: `House ${n}` } }),
      [T.oldContractors]: aContractor(user, 'c1'),
      [T.oldWorks]: aWork(user, 'w1', {
        projectId: { S: 'p1' },
        contractorId: { S: 'c1' },
        expenseId: { S: 'e1' },
      }),
      [T.oldExpenses]: anExpense(user, 'e1', {
        projectId: { S: 'p1' },
        contractorId: { S: 'c1' },
        workId: { S: 'w1' },
      }),
    }));
    const tables = [T.oldProjects, T.oldContractors, T.oldWorks, T.oldExpenses];
    const trial = trialOn(
      Object.fromEntries(tables.map((table) => [table, [yours?.[table] ?? {}, mine?.[table] ?? {}]])),
    );
    expect((await trial.wholeRun()).exit).toBe(0);
    expect(rowOf(trial, T.works, 'acme|w1')).toMatchObject({
      projectId: { S: 'p1' },
      expenseId: { S: 'e1' },
    });
    expect(rowOf(trial, T.works, `acme|${BOBS_W1}`)).toMatchObject({
      ...{ projectId: { S: BOBS_P1 }, contractorId: { S: 'c1' }, expenseId: { S: BOBS_E1 } },
    });
    // they say the same, and mean different projects: nothing may be merged
    expect(rowOf(trial, T.expenses, 'acme|e1')).toMatchObject({
      projectId: { S: 'p1' },
      workId: { S: 'w1' },
    });
    expect(rowOf(trial, T.expenses, `acme|${BOBS_E1}`)).toMatchObject({
      ...{ projectId: { S: BOBS_P1 }, contractorId: { S: 'c1' }, workId: { S: BOBS_W1 } },
      createdBy: { S: 'bob' },
    });
    expect(await linesOf(trial, 'expenses')).toEqual([
      'warning ID_DERIVED bob|e1 expenseId',
      'warning REFERENCE_REWRITTEN bob|e1 projectId',
      'warning REFERENCE_REWRITTEN bob|e1 workId',
    ]);
    expect(await findings(trial)).toEqual([]);
  });

  it('with `fail` the other one is set aside, and so is no reference to the wrong record', async () => {
    const trial = trialOn(
      {
        [T.oldProjects]: [aProject('ann', 'p1'), aProject('bob', 'p1', { name: { S: 'Barn' } })],
        [T.oldExpenses]: [anExpense('bob', 'e2', { projectId: { S: 'p1' } })],
      },
      { policy: { onCollision: 'fail' } },
    );
    expect((await trial.wholeRun()).exit).toBe(1);
    expect(await linesOf(trial, 'projects')).toEqual(['quarantine ID_COLLISION bob|p1 projectId']);
    expect(Object.keys(contentOf(trial, T.projects))).toEqual(['acme|p1']);
    expect(rowOf(trial, T.expenses, 'acme|e2')['projectId']).toBeUndefined();
    expect(await linesOf(trial, 'expenses')).toEqual(['warning REFERENCE_DANGLING bob|e2 projectId']);
    expect(await findings(trial)).toEqual([]);
  });

  it('what is stored keeps its place, whoever comes since', async () => {
    const bobs = anExpense('bob', 'e1', { amount: { N: '99' } });
    const trial = trialOn({ [T.oldExpenses]: [bobs] });
    await trial.wholeRun();
    trial.put(T.oldExpenses, [anExpense('ann', 'e1')]);
    expect((await trial.wholeRun()).exit).toBe(0);
    expect(rowOf(trial, T.expenses, 'acme|e1')['createdBy']).toEqual({ S: 'bob' });
    expect(rowOf(trial, T.expenses, `acme|${ANNS_E1}`)['createdBy']).toEqual({ S: 'ann' });
    expect(await findings(trial)).toEqual([]);
  });

  it('a record that is set aside keeps its claim, so that nothing moves when it is mended', async () => {
    const broken = anExpense('ann', 'e1', { amount: { S: 'much' } });
    const trial = trialOn({ [T.oldExpenses]: [broken, anExpense('bob', 'e1')] });
    await trial.wholeRun();
    expect(Object.keys(contentOf(trial, T.expenses))).toEqual([`acme|${BOBS_E1}`]);
    trial.put(T.oldExpenses, [anExpense('ann', 'e1', { amount: { N: '5' } })]);
    expect((await trial.wholeRun()).exit).toBe(0);
    expect(Object.keys(contentOf(trial, T.expenses)).sort()).toEqual([`acme|${BOBS_E1}`, 'acme|e1'].sort());
  });
});

function anExpenseRow(userId: string, expenseId: string): StoredItem {
  return {
    ...{ companyId: { S: 'acme' }, expenseId: { S: expenseId }, amount: { N: '12.5' } },
    ...{ description: { S: 'Nails' }, date: { S: '2024-01-02' }, createdBy: { S: userId } },
    ...{ createdAt: { S: '2024-01-02T03:04:05.678Z' }, updatedAt: { S: '2024-02-03T04:05:06Z' } },
  };
}

const id = (letter: string) => fc.constantFrom(`${letter}1`, `${letter}2`);
const user = fc.constantFrom('ann', 'bob', 'cyd', 'zoe');
const said = fc.constantFrom({ S: 'this' }, { S: 'that' });
const maybe = (field: string, letter: string) =>
  fc.option(
    id(letter).map((S): StoredItem => ({ [field]: { S } })),
    { nil: {} },
  );

/** Few users, few ids, few things to say, so that nearly everything collides. */
const tables = fc.record({
  [T.oldProjects]: records(fc.tuple(user, id('p'), said).map(([u, p, name]) => aProject(u, p, { name }))),
  [T.oldContractors]: records(
    fc.tuple(user, id('c'), said).map(([u, c, name]) => aContractor(u, c, { name })),
  ),
  [T.oldWorks]: records(
    fc
      .tuple(user, id('w'), said, maybe('projectId', 'p'), maybe('expenseId', 'e'))
      .map(([u, w, name, project, expense]) => aWork(u, w, { name, ...project, ...expense })),
  ),
  [T.oldExpenses]: records(
    fc
      .tuple(user, id('e'), said, maybe('projectId', 'p'), maybe('contractorId', 'c'), maybe('workId', 'w'))
      .map(([u, e, description, p, c, w]) => anExpense(u, e, { description, ...p, ...c, ...w })),
  ),
});

function records(one: fc.Arbitrary<StoredItem>): fc.Arbitrary<StoredItem[]> {
  return fc.uniqueArray(one, {
    maxLength: 7,
    selector: (record) =>
      `${textOf(record['userId'])} ${Object.keys(record)[1]} ${JSON.stringify(Object.values(record)[1])}`,
  });
}

const STEPS = [
  ['projects', 'project', T.projects, T.oldProjects],
  ['contractors', 'contractor', T.contractors, T.oldContractors],
  ['works', 'work', T.works, T.oldWorks],
  ['expenses', 'expense', T.expenses, T.oldExpenses],
] as const;

type Tables = Record<string, StoredItem[]>;

/** All that the steps make of old tables, one after the other; `before`: what stands in the new ones already. */
async function migrated(old: Tables, before: Tables = {}): Promise<Tables> {
  const made: Tables = {};
  for (const [step, , table] of STEPS) {
    const stored = Object.fromEntries(
      STEPS.map(([, , name]) => [name, [...(made[name] ?? before[name] ?? [])]]),
    );
    made[table] = await rowsOf(step, { ...old, ...stored });
  }
  return made;
}

function sorted(rows: readonly StoredItem[] = []): StoredItem[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function sortedTables(all: Tables): Tables {
  return Object.fromEntries(Object.entries(all).map(([table, rows]) => [table, sorted(rows)]));
}

describe('A-11, E-X02: whatever collides', () => {
  it('no record is lost, no two ask for one row, and the way back gives every record as it was', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (old) => {
        const made = await migrated(old);
        for (const [, kind, table, legacy] of STEPS) {
          const rows = made[table] ?? [];
          const keys = rows.map((row) => `${textOf(row['companyId'])} ${textOf(row[ENTITIES[kind].id])}`);
          expect(new Set(keys).size).toBe(keys.length);
          const back = sorted(rows.flatMap((row) => legacyRecordsOf(ENTITIES[kind], row)));
          const records = sorted(old[legacy]);
          expect(back).toHaveLength(records.length);
          for (const record of records) expect(back.some((one) => sameRow(one, record))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a reference leads to the record that its user meant, in the same company', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (old) => {
        const made = await migrated(old);
        for (const [, kind, table] of STEPS)
          for (const row of made[table] ?? []) expectMeant(kind, row, old, made);
      }),
      { numRuns: 60 },
    );
  });

  it('E-X07, invariant 6: another order, or a run that was killed, ends with the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(), fc.infiniteStream(fc.boolean()), async (old, turn, coins) => {
        const made = await migrated(old);
        const turned = Object.fromEntries(
          Object.entries(old).map(([table, rows]) => [
            table,
            rows.map((_, n) => rows[(n + turn) % rows.length] ?? {}).reverse(),
          ]),
        );
        expect(sortedTables(await migrated(turned))).toEqual(sortedTables(made));
        const survived = Object.fromEntries(
          Object.entries(made).map(([table, rows]) => [table, rows.filter(() => coins.next().value)]),
        );
        expect(sortedTables(await migrated(old, survived))).toEqual(sortedTables(made));
      }),
      { numRuns: 50 },
    );
  });
});

function expectMeant(kind: EntityKind, row: StoredItem, old: Tables, made: Tables): void {
  for (const [record] of legacyRecordsOf(ENTITIES[kind], row).map((one) => [one] as const)) {
    for (const { field, to } of ENTITIES[kind].references) {
      const meant = textOf(record[field]);
      if (meant === undefined) continue;
      const { legacy, target, id: idName } = ENTITIES[to];
      const own = (old[legacy] ?? []).find(
        (one) => textOf(one['userId']) === textOf(record['userId']) && textOf(one[idName]) === meant,
      );
      const named = textOf(row[field]);
      const found = (made[target] ?? []).find(
        (one) => textOf(one['companyId']) === textOf(row['companyId']) && textOf(one[idName]) === named,
      );
      if (named !== undefined) expect(found).toBeDefined();
      if (own === undefined) continue;
      // the user has such a record: then it is that one, or the one that it was merged into
      const behind = legacyRecordsOf(ENTITIES[to], found ?? {});
      expect(behind.some((one) => sameRow(one, own))).toBe(true);
    }
  }
}
