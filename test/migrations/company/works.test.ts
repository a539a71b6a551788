import { COMPANY_STEPS } from '../../../src/migrations/company/company.plan.js';
import {
  aContractor,
  anExpense,
  aProject,
  aWork,
  findings,
  linesOf,
  rowOf,
  T,
  trialOn,
} from './entities-trial.js';

describe('E-X12: what a record refers to moves before it', () => {
  const NAMED = { projectId: { S: 'p1' }, contractorId: { S: 'k1' } };
  const STEPS = ['mapping', 'projects', 'contractors', 'works', 'expenses'];
  const trial = () =>
    trialOn({
      [T.oldProjects]: [aProject('ann', 'p1')],
      [T.oldContractors]: [aContractor('ann', 'k1')],
      [T.oldWorks]: [aWork('ann', 'w1', NAMED)],
      [T.oldExpenses]: [anExpense('ann', 'e1', { ...NAMED, workId: { S: 'w1' } })],
    });

  it('in the one order of the plan, so that no reference dangles that leads somewhere', async () => {
    expect(COMPANY_STEPS.map(({ name }) => name)).toEqual([
      ...['MappingStep', 'ProjectsStep', 'ContractorsStep', 'WorksStep', 'ExpensesStep'],
    ]);
    const whole = trial();
    await whole.wholeRun({ steps: STEPS.toReversed() });
    expect([await linesOf(whole, 'works'), await linesOf(whole, 'expenses')]).toEqual([[], []]);
    expect(rowOf(whole, T.expenses, 'acme|e1')).toMatchObject({ ...NAMED, workId: { S: 'w1' } });
  });

  it.each([
    ['projects', 0],
    ['contractors', 0],
    ['works', 2],
    ['works', 1],
    ['expenses', 3],
    ['expenses', 2],
    ['expenses', 1],
  ])('%s are refused while only the first %d of the others are validated', async (step, done) => {
    const part = trial();
    if (done > 0) await part.wholeRun({ steps: STEPS.slice(0, done) });
    const writes = part.writes;
    await expect(part.run({ steps: [step] })).rejects.toMatchObject({ code: 'STEP_PREREQUISITE', exit: 3 });
    expect(part.writes).toBe(writes);
  });

  it.each([
    ['projects', T.projects, 'acme|p1', 'projectId'],
    ['contractors', T.contractors, 'acme|k1', 'contractorId'],
  ])(
    'and everything is checked again at the end: %s that both tables have lost',
    async (kind, table, key, field) => {
      const whole = trial();
      await whole.wholeRun();
      const old = kind === 'projects' ? T.oldProjects : T.oldContractors;
      const record = whole.tables().get(old) ?? [];
      whole.change({ [old]: record, [table]: [rowOf(whole, table, key)] }, {});
      expect(await findings(whole)).toEqual([
        `expenses orphan acme|e1 ${field}`,
        `works orphan acme|w1 ${field}`,
      ]);
    },
  );
});

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
