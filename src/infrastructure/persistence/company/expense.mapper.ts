import { Expense, type ExpenseState } from '../../../domain/company/expense.js';
import { EntityMapper } from './entity.mapper.js';

/** Rows of `construction-expenses-company-expenses`. */
export class ExpenseMapper extends EntityMapper<ExpenseState, Expense> {
  constructor() {
    super('construction-expenses-company-expenses', 'Expense', Expense);
  }
}
