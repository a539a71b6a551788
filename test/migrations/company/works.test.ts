import { anExpense, aProject, aWork, findings, linesOf, rowOf, T, trialOn } from './entities-trial.js';

describe('E-X12: a work names an expense, which moves after it', () => {
  it('keeps the reference where the expense will move, before and after it did', async () => {
    const trial = trialOn({
      [T.oldWorks]: [aWork('ann', 'w1', { expenseId: { S: 'e1' } })],
      [T.oldExpenses]: [anExpense('ann', 'e1')],
    });
    await trial.wholeRun({ steps: ['mapping', 'projects', 'contractors', 'works'] });
    expect(rowOf(trial, T.works, 'acme|w1')['expenseId']).toEqual({ S: 'e1' });
    expect(await findings(trial, ['works'])).toEqual([]);
    const all = await trial.wholeRun();
    expect(all.steps[3]?.counters).toMatchObject({ unchanged: 1, updated: 0 });
    expect(await findings(trial)).toEqual([]);
  });

  it.each([
    ['is set aside', anExpense('ann', 'e1', { amount: { S: 'much' } })],
    ['is too large', anExpense('ann', 'e1', { receipt: { S: 'r'.repeat(409_400) } })],
    ['belongs to another company', anExpense('zoe', 'e1')],
    ['is another one', anExpense('ann', 'e2')],
  ])('leaves it out where the expense %s', async (_, expense) => {
    const trial = trialOn({
      [T.oldWorks]: [aWork('ann', 'w1', { expenseId: { S: 'e1' } })],
      [T.oldExpenses]: [expense],
    });
    await trial.wholeRun();
    expect(rowOf(trial, T.works, 'acme|w1')['expenseId']).toBeUndefined();
    expect(await linesOf(trial, 'works')).toEqual(['warning REFERENCE_DANGLING ann|w1 expenseId']);
  });

  it('keeps it where a colleague, or the application, has the expense', async () => {
    const trial = trialOn({
      [T.expenses]: [{ companyId: { S: 'acme' }, expenseId: { S: 'live' } }],
      [T.oldWorks]: [
        aWork('ann', 'w1', { expenseId: { S: 'e1' } }),
        aWork('ann', 'w2', { expenseId: { S: 'live' } }),
      ],
      [T.oldExpenses]: [anExpense('bob', 'e1')],
    });
    expect((await trial.wholeRun()).exit).toBe(0);
    expect(rowOf(trial, T.works, 'acme|w1')['expenseId']).toEqual({ S: 'e1' });
    expect(rowOf(trial, T.works, 'acme|w2')['expenseId']).toEqual({ S: 'live' });
  });

  it('tells of one that is gone on both sides when everything is checked again at the end', async () => {
    const trial = trialOn({
      [T.oldWorks]: [aWork('ann', 'w1', { expenseId: { S: 'e1' } })],
      [T.oldExpenses]: [anExpense('ann', 'e1')],
    });
    await trial.wholeRun();
    trial.change(
      { [T.oldExpenses]: [anExpense('ann', 'e1')], [T.expenses]: [rowOf(trial, T.expenses, 'acme|e1')] },
      {},
    );
    expect(await findings(trial)).toEqual(['works orphan acme|w1 expenseId']);
  });
});

describe('E-X02: works that say the same and name expenses of one id', () => {
  const works = ['ann', 'bob'].map((user) => aWork(user, 'w1', { expenseId: { S: 'e1' } }));

  it('are two where their users mean different expenses', async () => {
    const trial = trialOn({
      [T.oldWorks]: works,
      [T.oldExpenses]: [anExpense('ann', 'e1'), anExpense('bob', 'e1', { amount: { N: '99' } })],
    });
    await trial.wholeRun();
    const rows = trial.tables().get(T.works) ?? [];
    expect(rows).toHaveLength(2);
    for (const { createdBy, expenseId } of rows) {
      const id = expenseId !== undefined && 'S' in expenseId ? expenseId.S : '';
      expect(rowOf(trial, T.expenses, `acme|${id}`)['createdBy']).toEqual(createdBy);
    }
  });

  it('are one where only one of them has such an expense', async () => {
    const trial = trialOn({ [T.oldWorks]: works, [T.oldExpenses]: [anExpense('ann', 'e1')] });
    await trial.wholeRun();
    expect(await linesOf(trial, 'works')).toEqual(['warning RECORD_MERGED bob|w1 workId']);
  });
});

describe('E-X02: a renumbered project that is gone', () => {
  it('is one finding, and none for each work and expense that names it', async () => {
    const named = { projectId: { S: 'p1' } };
    const trial = trialOn({
      [T.oldProjects]: [aProject('ann', 'p1'), aProject('bob', 'p1', { name: { S: 'Barn' } })],
      [T.oldWorks]: [aWork('bob', 'w1', named)],
      [T.oldExpenses]: [anExpense('bob', 'e1', named), anExpense('bob', 'e2', named)],
    });
    await trial.wholeRun();
    const { projectId } = rowOf(trial, T.works, 'acme|w1');
    expect(projectId).not.toEqual({ S: 'p1' });
    const id = projectId !== undefined && 'S' in projectId ? projectId.S : '';
    trial.change({ [T.projects]: [rowOf(trial, T.projects, `acme|${id}`)] }, {});
    expect(await findings(trial)).toEqual([`projects missing acme|${id}`]);
  });
});
