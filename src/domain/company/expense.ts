import type { ExactNumber } from '../values/exact-number.js';
import type { Instant, LocalDate, Moment } from '../values/moment.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';
import { born, type Origin, type OriginState } from './origin.js';

export interface ExpenseState extends OriginState {
  readonly companyId: string;
  readonly expenseId: string;
  readonly amount: ExactNumber;
  readonly description?: string | undefined;
  /** the day; history may hold a time, too */
  readonly date: Moment;
  readonly projectId?: string | undefined;
  readonly contractorId?: string | undefined;
  readonly workId?: string | undefined;
  readonly invoiceNum?: string | undefined;
  readonly status?: string | undefined;
}

type NewExpense = Omit<ExpenseState, 'date' | keyof OriginState> & { readonly date: LocalDate };

const RULES = new Rules('Expense');

/** Money that a company has spent. */
export class Expense {
  static readonly fields = fieldsOf<ExpenseState>({
    companyId: 'key',
    expenseId: 'key',
    amount: 'number',
    description: 'text?',
    date: 'moment',
    projectId: 'key?',
    contractorId: 'key?',
    workId: 'key?',
    invoiceNum: 'key?',
    status: 'text?',
    createdBy: 'key',
    createdAt: 'moment',
    createdAtDerived: 'flag?',
    updatedAt: 'moment',
  });

  private constructor(private readonly held: ExpenseState) {}

  /** Birth, under today's rules: nothing that it is found by is blank. Throws DomainRuleError. */
  static create(expense: NewExpense, by: Origin, now: Instant): Expense {
    const { companyId, expenseId, projectId, contractorId, workId, invoiceNum } = expense;
    const keys = { companyId, expenseId, projectId, contractorId, workId, invoiceNum };
    for (const [field, text] of Object.entries(keys)) if (text !== undefined) RULES.notBlank(field, text);
    return new Expense({ ...expense, ...born(RULES, by, now) });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: ExpenseState): Expense {
    checkStructure('Expense', Expense.fields, state);
    return new Expense(state);
  }

  get companyId(): string {
    return this.held.companyId;
  }

  get id(): string {
    return this.held.expenseId;
  }

  state(): ExpenseState {
    return this.held;
  }
}
