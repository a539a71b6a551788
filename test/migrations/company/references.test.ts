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

const UNREADABLE: StoredItem = { createdAt: { N: '1' } };
const LIVE: StoredItem = { companyId: { S: 'acme' }, projectId: { S: 'p1' } };

describe('E-09, E-X11: a reference to a record of one’s own that is set aside', () => {
  it.each([
    ['the application has a row with that id', { [T.projects]: [LIVE] }],
    ['nobody has', {}],
  ])('leads nowhere where %s', async (_, tables) => {
    const trial = trialOn({
      ...tables,
      [T.oldProjects]: [aProject('ann', 'p1', UNREADABLE)],
      [T.oldWorks]: [aWork('ann', 'w1', { projectId: { S: 'p1' } })],
      [T.oldExpenses]: [anExpense('ann', 'e1', { projectId: { S: 'p1' } })],
    });
    await trial.wholeRun();
    for (const [step, table, key] of [
      ['works', T.works, 'acme|w1'],
      ['expenses', T.expenses, 'acme|e1'],
    ] as const) {
      expect(await linesOf(trial, step)).toEqual([
        `warning REFERENCE_DANGLING ${key.replace('acme', 'ann')} projectId`,
      ]);
      const { projectId, legacyAttributes } = rowOf(trial, table, key);
      expect([projectId, legacyAttributes]).toEqual([
        undefined,
        { M: { original: { M: { projectId: { S: 'p1' } } } } },
      ]);
    }
    expect(await findings(trial)).toEqual([]);
  });

  it('leads nowhere either where it moves later and the application has the id', async () => {
    const trial = trialOn({
      [T.expenses]: [{ companyId: { S: 'acme' }, expenseId: { S: 'e1' } }],
      [T.oldWorks]: [aWork('ann', 'w1', { expenseId: { S: 'e1' } })],
      [T.oldExpenses]: [anExpense('ann', 'e1', { amount: { S: 'much' } })],
    });
    await trial.wholeRun();
    expect(rowOf(trial, T.works, 'acme|w1')['expenseId']).toBeUndefined();
    expect(await linesOf(trial, 'works')).toEqual(['warning REFERENCE_DANGLING ann|w1 expenseId']);
  });

  it('means the row of the application where the record is sound and in conflict with it', async () => {
    const trial = trialOn({
      [T.projects]: [LIVE],
      [T.oldProjects]: [aProject('ann', 'p1')],
      [T.oldWorks]: [aWork('ann', 'w1', { projectId: { S: 'p1' } })],
    });
    await trial.wholeRun();
    expect(await linesOf(trial, 'projects')).toEqual(['conflict CONFLICT ann|p1']);
    expect(rowOf(trial, T.works, 'acme|w1')['projectId']).toEqual({ S: 'p1' });
  });

  it('stays where its row is there from before', async () => {
    const [project, expense] = [aProject('ann', 'p1'), anExpense('ann', 'e1')];
    const references = { projectId: { S: 'p1' }, expenseId: { S: 'e1' } };
    const trial = trialOn({
      [T.oldProjects]: [project],
      [T.oldWorks]: [aWork('ann', 'w1', references)],
      [T.oldExpenses]: [expense],
    });
    await trial.wholeRun();
    const before = contentOf(trial, T.works);
    trial.put(T.oldProjects, [{ ...project, ...UNREADABLE }]);
    trial.put(T.oldExpenses, [{ ...expense, ...UNREADABLE }]);
    await trial.wholeRun();
    expect(contentOf(trial, T.works)).toEqual(before);
    expect(await findings(trial)).toEqual([]);
  });
});
