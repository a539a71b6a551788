import type { Trial } from '../../../src/conformance/trial/trial.js';
import { anExpense, rowOf, T, trialOn } from './entities-trial.js';

const RECORDS = [
  anExpense('ann', 'e1', { amount: { N: '0.1' }, date: { S: '2024-05-05' }, status: { S: 'paid' } }),
  anExpense('ann', 'e2', { amount: { S: '0.2' }, date: { S: '2023-12-31' } }),
  anExpense('bob', 'live', { amount: { N: '40' } }),
  anExpense('bob', 'e4', { amount: { N: '7' }, receipt: { S: 'r'.repeat(409_400) } }),
];
const LIVE = { companyId: { S: 'acme' }, expenseId: { S: 'live' }, amount: { N: '1000' } };

async function migrated(): Promise<Trial> {
  const trial = trialOn({ [T.oldExpenses]: RECORDS, [T.expenses]: [LIVE] });
  await trial.wholeRun();
  return trial;
}

async function totalsOf(
  trial: Trial,
): Promise<(readonly [string, string | number, string | number, boolean])[]> {
  const { checks } = await trial.validate(['expenses']);
  return checks
    .filter(({ name }) => name.endsWith('equal on both sides'))
    .map(({ name, expected, found, passed }) => [name.split(': ')[1] ?? '', expected, found, passed]);
}

describe('E-35, E-X31: every verification of the expenses adds them up on both sides', () => {
  it('to the last digit, without rows of the application and records that it met or set aside', async () => {
    expect(await totalsOf(await migrated())).toEqual([
      ['Expenses equal on both sides', '2', '2', true],
      ['Amount equal on both sides', '0.3', '0.3', true],
      ['First day equal on both sides', '2023-12-31', '2023-12-31', true],
      ['Last day equal on both sides', '2024-05-05', '2024-05-05', true],
      ['Statuses equal on both sides', '(none) 1, paid 1', '(none) 1, paid 1', true],
    ]);
  });

  it.each([
    [
      { amount: { N: '0.10000000000000000000000000000000000001' } },
      'Amount',
      '0.30000000000000000000000000000000000001',
    ],
    [{ date: { S: '2024-05-06' } }, 'Last day', '2024-05-06'],
    [{ status: { S: 'open' } }, 'Statuses', '(none) 1, open 1'],
  ])('and fails where somebody changed a row: %j', async (change, column, found) => {
    const trial = await migrated();
    trial.put(T.expenses, [{ ...rowOf(trial, T.expenses, 'acme|e1'), ...change }]);
    const failed = (await totalsOf(trial)).filter(([, , , passed]) => !passed);
    expect(failed.map(([name, , is]) => [name, is])).toEqual([[`${column} equal on both sides`, found]]);
  });

  it('and says nothing of rows whose record is set aside now: they are warned of', async () => {
    const trial = await migrated();
    trial.put(T.oldExpenses, [anExpense('ann', 'e2', { amount: { S: 'much' } })]);
    expect(await totalsOf(trial)).toEqual([]);
    expect((await trial.validate(['expenses'])).warnings.join()).toContain('quarantined now');
  });
});
