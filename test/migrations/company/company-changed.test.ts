import type { Trial } from '../../../src/conformance/trial/trial.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { entriesOf } from '../../support/trial-entries.js';
import {
  anExpense,
  aProject,
  aWork,
  contentOf,
  findings,
  linesOf,
  member,
  rowOf,
  T,
  trialOn,
} from './entities-trial.js';

const OLD = {
  [T.oldProjects]: [aProject('ann', 'p1'), aProject('bob', 'p1'), aProject('cyd', 'p2')],
  [T.oldWorks]: [aWork('bob', 'w1', { projectId: { S: 'p1' }, expenseId: { S: 'e1' } })],
  [T.oldExpenses]: [anExpense('ann', 'e1', { projectId: { S: 'p1' } })],
};

/** `ann` has records in `acme`, and is a member of `zeta` since. */
async function annMovedOn(options: Parameters<typeof trialOn>[1] = {}): Promise<Trial> {
  const trial = trialOn(OLD, options);
  await trial.wholeRun();
  trial.change({ [T.users]: [member('acme', 'ann')] }, { [T.users]: [member('zeta', 'ann')] });
  return trial;
}

const rowsOf = (trial: Trial): Record<string, StoredItem>[] =>
  [T.projects, T.works, T.expenses].map((table) => contentOf(trial, table));

describe('E-08, E-31: a user whose records were migrated belongs to another company', () => {
  it.each([false, true])(
    'no record gets a second row, and each is set aside (dry run: %s)',
    async (dryRun) => {
      const trial = await annMovedOn();
      const before = rowsOf(trial);
      const { steps } = await trial.wholeRun({ dryRun });
      expect(steps.map(({ step, status, reasons }) => [step, status, reasons])).toEqual([
        ['mapping', 'validated', {}],
        ['projects', 'validated', { COMPANY_CHANGED: 1 }],
        ['contractors', 'validated', {}],
        ['works', 'validated', {}],
        ['expenses', 'validated', { COMPANY_CHANGED: 1 }],
      ]);
      expect(rowsOf(trial)).toEqual(before);
    },
  );

  it('it is said which companies they are, and that rows of earlier runs are there', async () => {
    const trial = await annMovedOn();
    await trial.wholeRun();
    const [entry] = await entriesOf(trial, 'expenses', ['quarantine']);
    expect([entry?.reason, entry?.field, entry?.detail]).toEqual([
      'COMPANY_CHANGED',
      'userId',
      'the record has a row in company acme, and its user belongs to company zeta now',
    ]);
    const { passed, warnings } = await trial.validate();
    expect([passed, warnings.filter((one) => one.includes('quarantined now'))]).toEqual([
      true,
      [
        'projects: 1 rows of earlier runs belong to records that are quarantined now',
        'expenses: 1 rows of earlier runs belong to records that are quarantined now',
      ],
    ]);
    expect((await trial.validate(['expenses'])).passed).toBe(true);
  });

  it('colleagues keep what is theirs: the row that is that of both, and what refers to it', async () => {
    const trial = await annMovedOn();
    await trial.wholeRun();
    expect(await linesOf(trial, 'projects')).toEqual([
      'quarantine COMPANY_CHANGED ann|p1 userId',
      'warning RECORD_MERGED bob|p1 projectId',
    ]);
    expect(rowOf(trial, T.works, 'acme|w1')).toMatchObject({
      projectId: { S: 'p1' },
      expenseId: { S: 'e1' },
    });
    expect(await linesOf(trial, 'works')).toEqual([]);
  });

  it('what they enter since goes to the new company, without what stayed behind', async () => {
    const trial = await annMovedOn();
    trial.put(T.projects, [{ companyId: { S: 'zeta' }, projectId: { S: 'p1' } }]);
    trial.put(T.oldExpenses, [anExpense('ann', 'e2', { projectId: { S: 'p1' } })]);
    await trial.wholeRun();
    expect(rowOf(trial, T.expenses, 'zeta|e2')['projectId']).toBeUndefined();
    expect(await linesOf(trial, 'expenses')).toContain('warning REFERENCE_DANGLING ann|e2 projectId');
    expect(await findings(trial)).toEqual([]);
  });

  it('A-12: an override to the old company mends it', async () => {
    const decided = new Map<string, string>();
    const trial = await annMovedOn({ overrides: decided });
    await trial.wholeRun();
    decided.set('ann', 'acme');
    const { exit, steps } = await trial.wholeRun();
    expect([exit, steps.map(({ counters }) => counters.unchanged)]).toEqual([0, [0, 2, 0, 1, 1]]);
    expect(await findings(trial)).toEqual([]);
  });

  it('rolled back and run again, everything is in the new company', async () => {
    const trial = await annMovedOn();
    await trial.rollback();
    expect((await trial.wholeRun()).exit).toBe(0);
    expect([
      Object.keys(contentOf(trial, T.projects)).sort(),
      Object.keys(contentOf(trial, T.expenses)),
    ]).toEqual([['acme|p1', 'acme|p2', 'zeta|p1'], ['zeta|e1']]);
    expect(await findings(trial)).toEqual([]);
  });

  it('of a user who belongs to several now, the row keeps its place as well', async () => {
    const trial = trialOn(OLD);
    await trial.wholeRun();
    const before = rowsOf(trial);
    trial.put(T.users, [member('zeta', 'ann')]);
    const { steps } = await trial.wholeRun();
    expect(steps[1]).toMatchObject({ reasons: { COMPANY_AMBIGUOUS: 1 }, counters: { conflict: 0 } });
    expect(rowsOf(trial)).toEqual(before);
    expect(await findings(trial)).toEqual([]);
  });
});
