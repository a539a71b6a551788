import { stampOf } from '../../../src/domain/storage/stored.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { Trial } from '../../../src/conformance/trial/trial.js';
import { aProject, company, member, T, trialOn } from './entities-trial.js';

const numbered = (count: number, row: (n: number) => StoredItem): StoredItem[] =>
  Array.from({ length: count }, (_, index) => row(index + 1));

const live = (n: number, id: string): StoredItem => ({
  companyId: { S: `live-${(n % 5) + 1}` },
  [id]: { S: `${id}-${n}` },
  createdBy: { S: `user-${(n % 6) + 1}` },
  amount: { N: '10.15' },
  picture: { B: Uint8Array.of(n, 255) },
});

/** As many rows as the application had when the plan was made (E-02). */
const BASELINE: Readonly<Record<string, StoredItem[]>> = {
  [T.expenses]: numbered(37, (n) => live(n, 'expenseId')),
  [T.projects]: numbered(23, (n) => live(n, 'projectId')),
  [T.contractors]: numbered(18, (n) => live(n, 'contractorId')),
  [T.works]: numbered(12, (n) => live(n, 'workId')),
  [T.users]: numbered(6, (n) => member(`live-${(n % 5) + 1}`, `user-${n}`)),
  [T.companies]: numbered(5, (n) => company(`live-${n}`)),
};

const owned = (id: string, name: string, more: StoredItem = {}): StoredItem => ({
  userId: { S: 'user-1' },
  [id]: { S: name },
  ...more,
});
const expense = (name: string, more: StoredItem = {}): StoredItem =>
  owned('expenseId', name, {
    amount: { N: '40.313' },
    date: { S: '2024-05-06' },
    receipt: { S: 'r'.repeat(1_000) },
    ...{ projectId: { S: 'old-project' }, contractorId: { S: 'old-contractor' }, workId: { S: 'old-work' } },
    ...more,
  });

/** As many records as it had (E-01): seven expenses, and one of each other kind. */
const LEGACY: Readonly<Record<string, StoredItem[]>> = {
  [T.oldExpenses]: numbered(7, (n) => expense(`old-${n}`)),
  [T.oldProjects]: [aProject('user-1', 'old-project')],
  [T.oldContractors]: [owned('contractorId', 'old-contractor', { name: { S: 'Roofer' } })],
  [T.oldWorks]: [owned('workId', 'old-work', { name: { S: 'Roof' } })],
};

function counts(trial: Trial): Record<string, number> {
  return Object.fromEntries(
    Object.keys(BASELINE).map((table) => [table, (trial.tables().get(table) ?? []).length]),
  );
}

function unstamped(trial: Trial, table: string): StoredItem[] {
  return (trial.tables().get(table) ?? []).filter((row) => stampOf(row) === undefined);
}

const keyed = (trial: Trial, table: string, rows: readonly StoredItem[]): Record<string, StoredItem> =>
  Object.fromEntries(rows.map((row) => [trial.key(table, row), row]));

describe('E-X01, E-02: a target that is in use already', () => {
  it('ends with what was there and what was moved, and the former as it was to the byte', async () => {
    const trial = trialOn({ ...BASELINE, ...LEGACY });
    const { status, steps } = await trial.wholeRun();
    expect(status).toBe('complete');
    expect(steps.map(({ step, counters }) => [step, counters.read, counters.created, counters.rows])).toEqual(
      [
        ['mapping', 1, 0, 0],
        ['projects', 1, 1, 1],
        ['contractors', 1, 1, 1],
        ['works', 1, 1, 1],
        ['expenses', 7, 7, 7],
      ],
    );
    expect(counts(trial)).toEqual({
      [T.expenses]: 44,
      [T.projects]: 24,
      [T.contractors]: 19,
      [T.works]: 13,
      [T.users]: 6,
      [T.companies]: 5,
    });
    for (const [table, rows] of Object.entries(BASELINE))
      expect(keyed(trial, table, unstamped(trial, table))).toEqual(keyed(trial, table, rows));
  });

  it('gains one company and one membership for a user who has none', async () => {
    const orphans = [expense('of-orphan-1'), expense('of-orphan-2')].map((row) => {
      return { ...row, userId: { S: 'orphan' } };
    });
    const trial = trialOn({
      ...BASELINE,
      ...LEGACY,
      [T.oldExpenses]: [...(LEGACY[T.oldExpenses] ?? []), ...orphans],
    });
    await trial.wholeRun();
    expect(counts(trial)).toMatchObject({ [T.expenses]: 46, [T.users]: 7, [T.companies]: 6 });
  });

  it('E-09: keeps what records name of each other', async () => {
    const trial = trialOn({ ...BASELINE, ...LEGACY });
    await trial.wholeRun();
    const moved = (trial.tables().get(T.expenses) ?? []).filter((row) => stampOf(row) !== undefined);
    expect(moved).toHaveLength(7);
    for (const row of moved)
      expect(row).toMatchObject({
        companyId: { S: 'live-2' },
        ...{
          projectId: { S: 'old-project' },
          contractorId: { S: 'old-contractor' },
          workId: { S: 'old-work' },
        },
      });
  });

  it('A-47: counts by what it has written, also where the application goes on writing', async () => {
    const trial = trialOn({ ...BASELINE, ...LEGACY });
    await trial.wholeRun();
    trial.put(
      T.expenses,
      numbered(3, (n) => live(n + 100, 'expenseId')),
    );
    const { steps } = await trial.wholeRun();
    expect(steps.every(({ status }) => status === 'validated')).toBe(true);
    expect(steps.at(-1)?.counters).toMatchObject({ created: 0, unchanged: 7, conflict: 0 });
    expect((await trial.validate()).passed).toBe(true);
    expect(counts(trial)).toMatchObject({ [T.expenses]: 47 });
  });

  it('is what it was after a rollback', async () => {
    const trial = trialOn({ ...BASELINE, ...LEGACY });
    const before = trial.tables();
    await trial.wholeRun();
    await trial.rollback();
    expect(trial.tables()).toEqual(before);
  });

  it('E-20: is what it was after a dry run that counts the same', async () => {
    const trial = trialOn({ ...BASELINE, ...LEGACY });
    const before = trial.tables();
    const { status, steps } = await trial.wholeRun({ dryRun: true });
    expect(status).toBe('complete');
    expect(steps.map(({ counters }) => counters.created)).toEqual([0, 1, 1, 1, 7]);
    expect(trial.tables()).toEqual(before);
    expect(trial.writes).toBe(0);
  });
});
