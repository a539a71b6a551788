import fc from 'fast-check';
import { contentDigest, sameRow } from '../../../src/domain/storage/canonical-digest.js';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { ExpenseMapper } from '../../../src/infrastructure/persistence/company/expense.mapper.js';
import { ENTITIES } from '../../../src/migrations/company/entities.js';
import { legacyRecordsOf } from '../../../src/migrations/company/translation/reverse.js';
import { demoTables } from './demo-tables.js';
import { rowsOf, type StepName } from './entities-planning.js';
import { aProject, anExpense, T } from './entities-trial.js';

const text = fc
  .oneof(fc.string(), fc.constantFrom('', ' ', 'ann', 'acme', '2024-03-01', '2024-03-01T04:05:06+02:00'))
  .map((S) => ({ S }));
const anything: fc.Arbitrary<StoredValue> = fc.oneof(
  text,
  fc.constantFrom<StoredValue>(
    ...[{ N: '1.50' }, { BOOL: true }, { BOOL: false }, { NULL: true } as const, { SS: ['b', 'a'] }],
    ...[{ NS: ['10', '9.0'] }, { L: [{ S: 'a' }] }, { M: { a: { NULL: true } as const } }, { M: {} }],
    { B: Uint8Array.of(0, 255) },
  ),
);
const attributes: Readonly<Record<string, fc.Arbitrary<StoredValue>>> = {
  amount: fc.constantFrom<StoredValue>({ N: '25.50' }, { N: '0.1' }, { S: ' 7.0 ' }, { S: '1e3' }),
  date: fc.constantFrom({ S: '2024-02-29' }, { S: '2024-03-01T23:30:00-05:00' }),
  description: text,
  projectId: fc.constantFrom({ S: 'p1' }, { S: 'gone' }, { S: ' ' }),
  contractorId: fc.constantFrom({ S: 'gone' }, { S: '' }),
  workId: text,
  invoiceNum: text,
  status: text,
  createdBy: anything,
  createdAt: text,
  updatedAt: text,
  companyId: anything,
  legacyCreatedBy: anything,
  createdAtDerived: anything,
  legacyAttributes: anything,
  tenantId: anything,
  _migration: anything,
  ['__proto__']: anything,
  extra: anything,
};

/** Old expenses of every kind that the step takes: attributes present or not, well formed or odd. */
const expense: fc.Arbitrary<StoredItem> = fc
  .tuple(
    ...Object.entries(attributes).map(([attribute, value]) =>
      fc.option(
        fc
          .oneof(
            { weight: 9, arbitrary: value },
            { weight: 1, arbitrary: fc.constant({ NULL: true } as const) },
          )
          .map((one) => [attribute, one] as const),
        { nil: undefined },
      ),
    ),
  )
  .map((others) => {
    const present = Object.fromEntries(others.filter((one) => one !== undefined));
    const required = { amount: { N: '1' }, date: { S: '2024-01-02' } };
    return { userId: { S: 'ann' }, expenseId: { S: 'a|b\\c' }, ...required, ...present };
  });

describe('E-41, E-X22: the way back', () => {
  it('gives exactly the record that a migrated row came from, whatever is odd about it', async () => {
    let migrated = 0;
    const mapper = new ExpenseMapper();
    await fc.assert(
      fc.asyncProperty(expense, async (record) => {
        const projects = await rowsOf('projects', {
          [T.oldProjects]: [aProject('ann', 'p1')],
        });
        const [row] = await rowsOf('expenses', { [T.projects]: projects, [T.oldExpenses]: [record] });
        if (row === undefined) return;
        migrated += 1;
        const back = legacyRecordsOf(ENTITIES.expense, row);
        expect(back).toHaveLength(1);
        expect(sameRow(back[0] ?? {}, record)).toBe(true);
        // and the mapper of the new table loses nothing that this needs
        expect(contentDigest(mapper.toItem(mapper.fromItem(row)))).toBe(contentDigest(row));
      }),
      { numRuns: 120 },
    );
    expect(migrated).toBeGreaterThan(40);
  });

  it('gives back every record of the demo that migrates, merged ones and renumbered ones included', async () => {
    const { [T.oldExpenses]: records = [], ...tables } = demoTables({ defects: true, scale: 200 });
    const targets: Record<string, StoredItem[]> = {};
    for (const [step, table] of [
      ['projects', T.projects],
      ['contractors', T.contractors],
      ['works', T.works],
    ] as const satisfies [StepName, string][])
      targets[table] = await rowsOf(step, { ...tables, ...targets, [T.oldExpenses]: records });
    const rows = await rowsOf('expenses', { ...tables, ...targets, [T.oldExpenses]: records });
    const byKey = new Map(records.map((record) => [keyOf(record), record]));
    const back = rows.flatMap((row) => legacyRecordsOf(ENTITIES.expense, row));
    expect(new Set(back.map(keyOf)).size).toBe(back.length);
    for (const record of back) expect(sameRow(record, byKey.get(keyOf(record)) ?? {})).toBe(true);
    expect(back.length).toBeGreaterThan(100);
    // two merged into others, told by the rows of those
    expect(back.length).toBe(rows.length + 2);
  });

  it('gives nothing for rows of the application', () => {
    expect(legacyRecordsOf(ENTITIES.expense, { companyId: { S: 'acme' }, expenseId: { S: 'e1' } })).toEqual(
      [],
    );
  });

  it.each<[StoredItem, StoredItem]>([
    [{ amount: { N: '13' } }, { amount: { N: '13' } }],
    [{ description: { S: 'Screws' } }, { description: { S: 'Screws' } }],
    [{ projectId: { S: 'p9' } }, { projectId: { S: 'p9' } }],
    [{ createdAt: { S: '2024-01-03' } }, { createdAt: { S: '2024-01-03' } }],
    [{ approved: { BOOL: true } }, { approved: { BOOL: true } }],
  ])('takes over what somebody has changed since: %j', async (change, expected) => {
    const { createdAt, updatedAt, ...rest } = anExpense('ann', 'e1', { amount: { S: '12.5' } });
    expect([createdAt, updatedAt]).not.toContain(undefined);
    const record = { ...rest, projectId: { S: 'gone' } };
    const [row = {}] = await rowsOf('expenses', { [T.oldExpenses]: [record] });
    expect(legacyRecordsOf(ENTITIES.expense, { ...row, ...change })).toEqual([{ ...record, ...expected }]);
  });
});

function keyOf(record: StoredItem): string {
  return JSON.stringify([record['userId'], record['expenseId']]);
}
