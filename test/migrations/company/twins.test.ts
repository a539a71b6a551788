import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import {
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

const USERS = ['ann', 'bob', 'cyd'];

/** A work and an expense of each user that name each other. */
function twins(
  more: {
    readonly work?: (user: string) => StoredItem;
    readonly expense?: (user: string) => StoredItem;
  } = {},
) {
  return {
    [T.oldWorks]: USERS.map((user) => aWork(user, 'w1', { expenseId: { S: 'e1' }, ...more.work?.(user) })),
    [T.oldExpenses]: USERS.map((user) =>
      anExpense(user, 'e1', { workId: { S: 'w1' }, ...more.expense?.(user) }),
    ),
  };
}

const countsOf = (trial: ReturnType<typeof trialOn>): number[] =>
  [T.works, T.expenses].map((table) => Object.keys(contentOf(trial, table)).length);

/** Each work refers to the expense that its own user has made. */
function expectOwnExpenses(trial: ReturnType<typeof trialOn>): void {
  for (const { createdBy, expenseId } of Object.values(contentOf(trial, T.works))) {
    const id = expenseId !== undefined && 'S' in expenseId ? expenseId.S : '';
    expect(rowOf(trial, T.expenses, `acme|${id}`)['createdBy']).toEqual(createdBy);
  }
}

describe('E-X02: identical works and expenses that name each other', () => {
  it('become one of each, so that no amount counts twice, and stay so', async () => {
    const trial = trialOn(twins());
    await trial.wholeRun();
    expect([Object.keys(contentOf(trial, T.works)), Object.keys(contentOf(trial, T.expenses))]).toEqual([
      ['acme|w1'],
      ['acme|e1'],
    ]);
    expect(rowOf(trial, T.works, 'acme|w1')).toMatchObject({
      expenseId: { S: 'e1' },
      legacyAttributes: { M: { merged: { SS: ['bob', 'cyd'] } } },
    });
    expect(rowOf(trial, T.expenses, 'acme|e1')).toMatchObject({ workId: { S: 'w1' } });
    expect(await linesOf(trial, 'works')).toEqual(
      ['bob', 'cyd'].map((user) => `warning RECORD_MERGED ${user}|w1 workId`),
    );
    const before = trial.tables();
    await trial.wholeRun();
    expect(trial.tables()).toEqual(before);
    expect(await findings(trial)).toEqual([]);
  });

  it('also where the expense does not name the work', async () => {
    const trial = trialOn(twins({ expense: () => ({ workId: { NULL: true } }) }));
    await trial.wholeRun();
    expect(countsOf(trial)).toEqual([1, 1]);
  });

  it.each([
    ['the works differ', twins({ work: (user) => ({ name: { S: user } }) }), [3, 3]],
    ['the expenses differ', twins({ expense: (user) => ({ description: { S: user } }) }), [3, 3]],
    [
      'the expenses name what is different',
      {
        ...twins({ expense: () => ({ projectId: { S: 'p1' } }) }),
        [T.oldProjects]: USERS.map((user) => aProject(user, 'p1', { name: { S: user } })),
      },
      [3, 3],
    ],
    [
      'one of three differs',
      twins({ expense: (user) => (user === 'bob' ? { description: { S: 'Screws' } } : {}) }),
      [2, 2],
    ],
    [
      'the ring is longer, which is not looked through',
      {
        [T.oldWorks]: USERS.flatMap((user) => [
          aWork(user, 'w1', { expenseId: { S: 'e1' } }),
          aWork(user, 'w2', { expenseId: { S: 'e2' } }),
        ]),
        [T.oldExpenses]: USERS.flatMap((user) => [
          anExpense(user, 'e1', { workId: { S: 'w2' } }),
          anExpense(user, 'e2', { workId: { S: 'w1' } }),
        ]),
      },
      [6, 6],
    ],
  ])('stay apart where %s', async (_, tables, counts) => {
    const trial = trialOn(tables);
    await trial.wholeRun();
    expect(countsOf(trial)).toEqual(counts);
    expectOwnExpenses(trial);
    const before = trial.tables();
    await trial.wholeRun();
    expect(trial.tables()).toEqual(before);
    expect(await findings(trial)).toEqual([]);
  });

  it('works stay apart where the expenses have rows of their own already', async () => {
    const trial = trialOn({
      [T.oldExpenses]: twins({ expense: (user) => ({ description: { S: user } }) })[T.oldExpenses],
    });
    await trial.wholeRun();
    for (const [table, rows] of Object.entries(twins())) trial.put(table, rows);
    await trial.wholeRun();
    expect(countsOf(trial)).toEqual([3, 3]);
    expectOwnExpenses(trial);
    expect(await findings(trial)).toEqual([]);
  });

  it('each keeps its row where they have become identical since', async () => {
    const trial = trialOn(twins({ expense: (user) => ({ description: { S: user } }) }));
    await trial.wholeRun();
    trial.put(T.oldExpenses, twins()[T.oldExpenses]);
    await trial.wholeRun();
    expect(countsOf(trial)).toEqual([3, 3]);
    expect(await findings(trial)).toEqual([]);
  });
});
