import { inject, injectable, optional } from 'inversify';
import type { Contractor } from '../../domain/company/contractor.js';
import type { Expense } from '../../domain/company/expense.js';
import type { Project } from '../../domain/company/project.js';
import type { Work } from '../../domain/company/work.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { Balance } from '../contract/balance.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { EXPENSES } from './company.outline.js';
import { TABLES } from './company.tables.js';
import {
  CONTRACTOR_MAPPER,
  EXPENSE_MAPPER,
  OVERRIDES,
  PROJECT_MAPPER,
  WORK_MAPPER,
} from './company.tokens.js';
import { entityAccess } from './entity-access.js';
import { DEFAULT_POLICY, ENTITY_POLICY, type EntityPolicy } from './entity-policy.js';
import { EXPENSE_TOTALS } from './expense-figures.js';
import type { Overrides } from './resolution/overrides.js';

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

  constructor(
    @inject(PROJECT_MAPPER) private readonly project: AggregateMapper<Project>,
    @inject(CONTRACTOR_MAPPER) private readonly contractor: AggregateMapper<Contractor>,
    @inject(WORK_MAPPER) private readonly work: AggregateMapper<Work>,
    @inject(EXPENSE_MAPPER) private readonly expense: AggregateMapper<Expense>,
    @inject(OVERRIDES) private readonly overrides: Overrides,
    @inject(ENTITY_POLICY) @optional() private readonly policy: EntityPolicy = DEFAULT_POLICY,
  ) {
    this.mappers = new Map([[TABLES.expenses, expense]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { EntityPlanner } = await import('./entity.planner.js');
    const { project, contractor, work, expense, overrides, policy } = this;
    const mappers = { project, contractor, work, expense };
    return EntityPlanner.build('expense', { overrides, policy, mappers }, context);
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
