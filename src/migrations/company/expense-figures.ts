import { ExactSum } from '../../domain/company/exact-sum.js';
import { own, textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import { ExactNumber } from '../../domain/values/exact-number.js';
import { trimmed } from '../../domain/values/white-space.js';
import type { RowTotals, TotalsOfRows } from '../contract/row-totals.js';
import { TABLES } from './company.tables.js';

const NO_STATUS = '(none)';

/** Number, amount, days and statuses of some expenses. */
export class ExpenseFigures implements RowTotals {
  private count = 0;
  private readonly amount = new ExactSum();
  private first = '';
  private last = '';
  private readonly statuses = new Map<string, number>();

  add(expense: StoredItem): void {
    this.count += 1;
    const amount = amountOf(expense);
    if (amount !== undefined) this.amount.add(amount);
    const day = textOf(own(expense, 'date')) ?? '';
    if (day !== '' && (this.first === '' || day < this.first)) this.first = day;
    if (day > this.last) this.last = day;
    const status = textOf(own(expense, 'status')) ?? NO_STATUS;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  values(): readonly string[] {
    const statuses = [...this.statuses].sort(([a], [b]) => (a < b ? -1 : 1));
    const told = statuses.map(([status, count]) => `${status} ${count}`).join(', ');
    return [String(this.count), this.amount.text, this.first, this.last, told];
  }
}

/** What moved expenses amount to; a verification compares both sides (E-35, E-X31). */
export const EXPENSE_TOTALS: TotalsOfRows = {
  table: TABLES.expenses,
  columns: ['Expenses', 'Amount', 'First day', 'Last day', 'Statuses'],
  begin: () => new ExpenseFigures(),
};

function amountOf(expense: StoredItem): ExactNumber | undefined {
  const amount = own(expense, 'amount');
  if (amount === undefined) return undefined;
  if ('N' in amount) return ExactNumber.parse(amount.N);
  return 'S' in amount ? ExactNumber.parse(trimmed(amount.S)) : undefined;
}
