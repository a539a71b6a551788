import { Trial } from '../../../src/conformance/trial/trial.js';
import { stampOf } from '../../../src/domain/storage/stored.js';
import { CompanyDemoData } from '../../../src/migrations/company/demo/company-demo-data.js';
import { demoTables } from './demo-tables.js';
import { companyInMemory, linesOf, T } from './entities-trial.js';

const LIVE = {
  [T.companies]: 5,
  [T.users]: 6,
  [T.projects]: 23,
  [T.contractors]: 18,
  [T.works]: 12,
  [T.expenses]: 37,
};

function counts(tables: Readonly<Record<string, readonly unknown[]>>): Record<string, number> {
  return Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.length]));
}

describe('demo data of plan company', () => {
  it('E-01, E-02: has as many rows as the plan’s document counts, old and live', () => {
    expect(counts(demoTables({ defects: false }))).toEqual({
      ...LIVE,
      [T.oldProjects]: 1,
      [T.oldContractors]: 1,
      [T.oldWorks]: 1,
      [T.oldExpenses]: 7,
    });
    const old = demoTables({ defects: false })[T.oldExpenses] ?? [];
    const bytes = old.map(({ receipt }) => (receipt !== undefined && 'B' in receipt ? receipt.B.length : 0));
    expect(Math.min(...bytes)).toBeGreaterThan(39_000);
  });

  it('has as many old records as asked for, the same ones every time', () => {
    const rows = (scale: number) => [...new CompanyDemoData().rows({ scale, defects: false })].slice(105);
    expect(rows(1)).toHaveLength(1);
    expect(rows(2500)).toHaveLength(2500);
    expect(rows(300).slice(0, 30)).toEqual(rows(30));
    const keys = rows(2500).map(({ table, item }) =>
      JSON.stringify([table, Object.values(item).slice(0, 2)]),
    );
    expect(new Set(keys).size).toBe(2500);
    for (const scale of [0, -1, 1.5, Number.NaN]) expect(() => rows(scale)).toThrow(RangeError);
  });

  it('E-X01, E-02: ends with the totals of both, and the live rows as they were', async () => {
    const tables = demoTables({ defects: false });
    const trial = new Trial(() => companyInMemory(), tables);
    const result = await trial.wholeRun();
    expect(result.exit).toBe(0);
    const after = Object.fromEntries(trial.tables());
    expect(counts(after)).toMatchObject({
      ...{ [T.expenses]: 44, [T.projects]: 24, [T.contractors]: 19, [T.works]: 13 },
      ...{ [T.users]: 6, [T.companies]: 5 },
    });
    for (const table of Object.keys(LIVE)) {
      const live = (after[table] ?? []).filter((row) => stampOf(row) === undefined);
      expect(live).toHaveLength(tables[table]?.length ?? 0);
      expect(live).toEqual(expect.arrayContaining(tables[table] ?? []));
    }
    expect(await linesOf(trial, 'expenses')).toEqual([
      'warning CREATED_AT_DERIVED user-000001|expense-6 createdAt',
    ]);
  });

  it('E-31: migrates whole at any scale, members, owners and people without a company alike', async () => {
    const trial = new Trial(() => companyInMemory(), demoTables({ defects: false, scale: 200 }));
    const result = await trial.wholeRun();
    expect(result.exit).toBe(0);
    expect(counts(Object.fromEntries(trial.tables()))).toMatchObject({
      ...{ [T.expenses]: 37 + 140, [T.projects]: 43, [T.contractors]: 38, [T.works]: 32 },
      // six of the people had no company
      ...{ [T.users]: 12, [T.companies]: 11 },
    });
  });

  it('has every defect that the old tables can have: what becomes of each', async () => {
    const trial = new Trial(() => companyInMemory(), demoTables({ defects: true }));
    expect((await trial.wholeRun()).exit).toBe(1);
    const lines = await Promise.all(
      ['projects', 'contractors', 'works', 'expenses'].map((step) => linesOf(trial, step)),
    );
    expect(lines).toEqual(EXPECTED);
    expect((await trial.validate()).passed).toBe(true);
    const before = trial.tables();
    const again = await trial.wholeRun();
    expect(again.steps.map(({ counters }) => [counters.created, counters.updated])).toEqual(
      again.steps.map(() => [0, 0]),
    );
    expect(trial.tables()).toEqual(before);
  });
});

/** `<kind> <reason> <key> <field>` of each step from `projects` on, checked by hand against the defects. */
const EXPECTED: readonly (readonly string[])[] = [
  [
    'conflict CONFLICT defect-user-a|live-project-1',
    'quarantine TYPE_INVALID defect-user-a|x11-broken createdAt',
    'warning CREATED_AT_DERIVED defect-user-a|x09-project createdAt',
    'warning ID_DERIVED defect-user-b|x02-project projectId',
  ],
  ['warning RECORD_MERGED defect-user-b|x02-contractor contractorId'],
  [
    'warning ID_DERIVED defect-user-b|x02-work workId',
    'warning REFERENCE_DANGLING defect-user-a|x12-work expenseId',
    'warning REFERENCE_REWRITTEN defect-user-b|x02-work expenseId',
    'warning REFERENCE_REWRITTEN defect-user-b|x02-work projectId',
  ],
  [
    'conflict CONFLICT defect-user-a|live-expense-1',
    'quarantine COMPANY_AMBIGUOUS defect-x05-two|x05-expense userId',
    'quarantine DATE_INVALID defect-user-a|x32-leap date',
    'quarantine DATE_INVALID defect-user-a|x32-odd date',
    'quarantine FIELD_MISSING defect-user-a|e18-none amount',
    'quarantine ITEM_TOO_LARGE defect-user-a|x04-large',
    'quarantine NUMBER_INVALID defect-user-a|e18-words amount',
    'quarantine TYPE_INVALID defect-user-a|e18-flag amount',
    'quarantine TYPE_INVALID defect-user-a|x33-number invoiceNum',
    'quarantine USER_MISSING  |x08-nobody userId',
    'warning ATTRIBUTE_RESERVED defect-user-a|x04-reserved _migration',
    'warning ATTRIBUTE_RESERVED defect-user-a|x04-reserved companyId',
    'warning ATTRIBUTE_RESERVED defect-user-a|x04-reserved createdAtDerived',
    'warning ATTRIBUTE_RESERVED defect-user-a|x04-reserved legacyAttributes',
    'warning ATTRIBUTE_RESERVED defect-user-a|x04-reserved legacyCreatedBy',
    'warning CREATED_AT_DERIVED defect-user-a|x09-none createdAt',
    'warning CREATED_AT_DERIVED user-000001|expense-6 createdAt',
    'warning DATE_UNREADABLE defect-user-a|x09-odd createdAt',
    'warning DATE_WITH_TIME defect-user-a|x32-time date',
    'warning EXPENSE_REPEATED defect-user-a|x34-first',
    'warning EXPENSE_REPEATED defect-user-a|x34-live',
    'warning EXPENSE_REPEATED defect-user-b|x34-second',
    'warning ID_DERIVED defect-user-b|x02-named expenseId',
    'warning ID_DERIVED defect-user-b|x02-other expenseId',
    'warning INVOICE_BLANK defect-user-a|x33-blank invoiceNum',
    'warning INVOICE_BLANK defect-user-a|x33-spaces invoiceNum',
    'warning NUMBER_AS_TEXT defect-user-a|e18-text amount',
    'warning NUMBER_AS_TEXT defect-user-b|x34-second amount',
    'warning RECORD_MERGED defect-user-b|x02-same expenseId',
    'warning RECORD_MERGED defect-user-c|x02-other expenseId',
    'warning REFERENCE_DANGLING defect-user-a|x11-gone contractorId',
    'warning REFERENCE_DANGLING defect-user-a|x11-gone projectId',
    'warning REFERENCE_DANGLING defect-user-a|x11-outside projectId',
    'warning REFERENCE_DANGLING defect-user-a|x11-set-aside projectId',
    'warning REFERENCE_REWRITTEN defect-user-b|x02-named projectId',
    'warning REFERENCE_REWRITTEN defect-user-b|x02-named workId',
  ],
];
