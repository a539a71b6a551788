import type { ConformanceSubject, TableRows } from '../../../src/conformance/index.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { IMigrationStep, StepContext } from '../../../src/migrations/contract/migration-step.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { demoTables } from './demo-tables.js';
import { companyInMemory, T } from './entities-trial.js';

/** Large enough for everything that is told apart by size, and no larger. */
const LARGE = 100_000;

/** Plan `company` on its demo with every defect, and what its users have made of it a month later. */
export const ENTITIES_SUBJECT: ConformanceSubject = {
  plan: () => atOneTime(companyInMemory()),
  tables: withoutReceipts(demoTables({ defects: true, scale: 10 })),
  change: monthLater,
};

/** Every run at the same time, so that rows of different runs can be compared. */
function atOneTime(plan: MigrationPlan): MigrationPlan {
  const startedAt = '2025-01-02T03:04:05.678Z';
  const steps = plan.steps.map((step): IMigrationStep => {
    const prepare = (context: StepContext) => step.prepare({ ...context, startedAt });
    return Object.assign(Object.create(step) as IMigrationStep, { prepare });
  });
  return { ...plan, steps };
}

/** Receipts make every copy of a table slow and show nothing that a short text does not; the one too large stays. */
function withoutReceipts(tables: TableRows): TableRows {
  return mapped(tables, (_table, row) => {
    const { receipt } = row;
    if (receipt === undefined || ('S' in receipt && receipt.S.length > LARGE)) return row;
    return { ...row, receipt: { S: 'a receipt' } };
  });
}

/**
 * Names and descriptions changed, what was set aside for an amount or a date is mended, one expense is new and one gone.
 * Nobody's id or user changes: what is stored keeps its place.
 */
function monthLater(tables: TableRows): TableRows {
  const changed = mapped(tables, (table, row) => {
    if (table === T.oldExpenses) return mended({ ...row, description: { S: 'Revised' } });
    return table === T.oldProjects ? { ...row, note: { S: 'Revised' } } : row;
  });
  const [first = {}, ...others] = changed[T.oldExpenses] ?? [];
  const newcomer = { ...first, expenseId: { S: 'newcomer' }, createdAt: { S: '2024-12-24T00:00:00Z' } };
  return { ...changed, [T.oldExpenses]: [...others, newcomer] };
}

function mended(row: StoredItem): StoredItem {
  const id = textOf(row['expenseId']) ?? '';
  if (id.startsWith('e18-')) return { ...row, amount: { N: '18' } };
  return id === 'x32-odd' ? { ...row, date: { S: '2024-01-31' } } : row;
}

function mapped(tables: TableRows, change: (table: string, row: StoredItem) => StoredItem): TableRows {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [table, rows.map((row) => change(table, row))]),
  );
}
