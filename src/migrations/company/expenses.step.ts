import { inject, injectable } from 'inversify';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { Balance } from '../contract/balance.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { EXPENSES } from './company.outline.js';
import { TABLES } from './company.tables.js';
import { entityAccess } from './entity-access.js';
import { ENTITY_PARTS, type EntityParts } from './entity-parts.js';
import { EXPENSE_TOTALS } from './expense-figures.js';

/**
 * Expenses move to the company of their user. Comes after all that they refer to (E-X12). Safe to repeat: keys follow
 * from the tables alone, what a run has chosen is told by the row that it wrote, writes are insert-if-absent.
 */
@injectable()
export class ExpensesStep implements IMigrationStep {
  readonly name = EXPENSES.name;
  readonly title = EXPENSES.title;
  readonly phase = EXPENSES.phase;
  readonly source = TABLES.legacyExpenses;
  readonly sourceKey = 'userId';
  readonly sourceSortKey = 'expenseId';
  readonly accessPatterns = entityAccess('expense');
  readonly totals = EXPENSE_TOTALS;
  readonly companionTables = [];
  readonly requires = ['mapping', 'projects', 'contractors', 'works'];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(@inject(ENTITY_PARTS) private readonly parts: EntityParts) {
    this.mappers = new Map([[TABLES.expenses, parts.mappers.expense]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { EntityPlanner } = await import('./entity.planner.js');
    return EntityPlanner.build('expense', this.parts, context);
  }

  /** Number, amount, days and statuses of old and of moved expenses (E-33, E-35). */
  async balance(context: StepContext): Promise<Balance> {
    const { expenseBalance } = await import('./expense-balance.js');
    const planner = await this.prepare(context);
    try {
      return await expenseBalance(planner, context);
    } finally {
      await planner.close();
    }
  }
}
