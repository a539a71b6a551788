import fc from 'fast-check';
import { Decimal } from 'decimal.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { Trial } from '../../../src/conformance/trial/trial.js';
import { ExactSum } from '../../../src/domain/company/exact-sum.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';
import type { Balance } from '../../../src/migrations/contract/balance.js';
import type { PlannedRow } from '../../../src/migrations/contract/outcome.js';
import { analysisReport, analysisText } from '../../../src/runner/reports/analysis-report.js';
import { openedCompany } from './company-application.js';
import { stepOf } from './entities-planning.js';
import { anExpense, MEMBERS, rowOf, T, trialOn } from './entities-trial.js';

async function balanceOf(trial: Trial): Promise<Balance | undefined> {
  const check = ({ item }: PlannedRow) =>
    item['receipt'] === undefined ? undefined : { reason: 'ITEM_TOO_LARGE', detail: 'too large' };
  const context = { reader: trial.reader, indexes: new MemoryIndexes(), segments: 2, check };
  return stepOf('expenses').balance?.(context);
}

function sumOf(numbers: readonly string[]): string {
  const sum = new ExactSum();
  for (const number of numbers) sum.add(ExactNumber.of(number));
  return sum.text;
}

describe('E-X31: an exact sum', () => {
  it.each([
    [['0.1', '0.2', '0.3'], '0.6'],
    [[], '0'],
    [['1', '-1.0'], '0'],
    [['-0.05', '0.01'], '-0.04'],
    [
      ['12345678901234567890.123456789012345678', '0.000000000000000000001'],
      '12345678901234567890.123456789012345678001',
    ],
    [['1E-130', '9E125'], `9${'0'.repeat(125)}.${'0'.repeat(129)}1`],
  ])('of %j is %s', (numbers, expected) => {
    expect(sumOf(numbers)).toBe(expected);
  });

  it('is the same in whatever order, and what a wide enough calculator says', () => {
    const number = fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(30))
      .map(([units, digits]) => `${units}E-${digits}`);
    const Wide = Decimal.clone({ precision: 500, toExpNeg: -500, toExpPos: 500 });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 30 }), (numbers) => {
        const expected = numbers.reduce((sum, one) => sum.plus(one), new Wide(0)).toFixed();
        expect(sumOf(numbers)).toBe(expected);
        expect(sumOf(numbers.toReversed())).toBe(expected);
      }),
    );
  });
});

describe('E-33, E-35, E-X01, E-X31: the balance of the expenses', () => {
  const records = [
    anExpense('ann', 'e1', { amount: { N: '0.1' }, date: { S: '2024-05-05' }, status: { S: 'paid' } }),
    anExpense('ann', 'e2', { amount: { S: '0.2' }, date: { S: '2023-12-31' } }),
    anExpense('bob', 'e1', { amount: { N: '0.1' }, date: { S: '2024-05-05' }, status: { S: 'paid' } }),
    anExpense('bob', 'e3', { amount: { N: '0.3' }, date: { S: 'never' } }),
    anExpense('bob', 'live', { amount: { N: '40' } }),
    anExpense('bob', 'e4', { amount: { N: '7' }, receipt: { S: 'r'.repeat(409_400) } }),
  ];
  const live = { companyId: { S: 'acme' }, expenseId: { S: 'live' }, amount: { N: '1000' } };

  it('tells what became of what, of ours alone and to the last digit', async () => {
    const trial = trialOn({ [T.oldExpenses]: records, [T.expenses]: [live] });
    await trial.wholeRun();
    expect(await balanceOf(trial)).toEqual({
      columns: ['Expenses', 'Amount', 'First day', 'Last day', 'Statuses'],
      lines: [
        { name: 'old expenses', values: ['6', '47.7', '2023-12-31', 'never', '(none) 4, paid 2'] },
        { name: 'merged into others', values: ['1', '0.1', '2024-05-05', '2024-05-05', 'paid 1'] },
        { name: 'not moved, or in conflict', values: ['1', '40', '2024-01-02', '2024-01-02', '(none) 1'] },
        { name: 'set aside', values: ['2', '7.3', '2024-01-02', 'never', '(none) 2'] },
        { name: 'moved', values: ['2', '0.3', '2023-12-31', '2024-05-05', '(none) 1, paid 1'] },
        { name: 'found in companies', values: ['2', '0.3', '2023-12-31', '2024-05-05', '(none) 1, paid 1'] },
      ],
      isEven: true,
    });
  });

  it('says what has not moved before a run', async () => {
    const balance = await balanceOf(trialOn({ [T.oldExpenses]: records.slice(0, 2) }));
    expect(balance?.lines.map(({ name, values }) => [name, values[0], values[1]])).toEqual([
      ['old expenses', '2', '0.3'],
      ['not moved, or in conflict', '2', '0.3'],
      ['moved', '0', '0'],
      ['found in companies', '0', '0'],
    ]);
    expect(balance?.isEven).toBe(true);
  });

  it.each([
    { amount: { N: '0.10000000000000000000000000000000000001' } },
    { date: { S: '2024-05-06' } },
    { status: { S: 'open' } },
  ])('is uneven where somebody changed a row: %j', async (change) => {
    const trial = trialOn({ [T.oldExpenses]: records });
    await trial.wholeRun();
    trial.put(T.expenses, [{ ...rowOf(trial, T.expenses, 'acme|e1'), ...change }]);
    expect((await balanceOf(trial))?.isEven).toBe(false);
  });

  it('is uneven where a row stands twice', async () => {
    const trial = trialOn({ [T.oldExpenses]: records });
    await trial.wholeRun();
    trial.put(T.expenses, [{ ...rowOf(trial, T.expenses, 'acme|e1'), expenseId: { S: 'copy' } }]);
    expect((await balanceOf(trial))?.isEven).toBe(false);
  });
});

describe('E-35: the balance as `analyze` tells it', () => {
  const rows = {
    ...MEMBERS,
    [T.oldExpenses]: [anExpense('ann', 'e1'), anExpense('ann', 'e2', { amount: { N: '0.2' } })],
  };

  it('has a line for each part, in the document, for a terminal and in Markdown', async () => {
    const { application } = openedCompany(rows);
    const analysis = await application.analyze({ plan: 'company' });
    expect(analysis.balances).toMatchObject([{ step: 'expenses', isEven: true }]);
    const [text, markdown] = [analysisText(analysis), analysisReport(analysis)];
    expect(text).toContain('What the records of step expenses amount to:');
    expect(text).toMatch(/not moved, or in conflict +2 +12\.7 +2024-01-02 +2024-01-02/);
    expect(text).toContain('What has moved is what is found.');
    expect(markdown).toMatch(/\| old expenses \| 2 \| 12\\\.7 \| 2024-01-02 \| 2024-01-02 \|/);
    const balances = analysis.balances?.map((one) => ({ ...one, isEven: false }));
    expect(analysisText({ ...analysis, ...(balances && { balances }) })).toContain('NOT what is found');
  });
});
