import type { Stored } from '../storage/stored.js';
import type { Expense } from './expense.js';

/**
 * What belongs to companies, as the application asks for it: always in the name of one company, so that nobody sees what
 * belongs to another (E-08). A blank company is refused with DomainRuleError. Rows that are structurally no such record
 * make reads throw RestoreError.
 */
export interface CompanyRecordsRepository<A> {
  find(companyId: string, id: string): Promise<Stored<A> | undefined>;
  /** all of a company, the application's own included, streamed in no promised order */
  all(companyId: string): AsyncIterable<Stored<A>>;
  /** never touches a row that is there */
  insertIfAbsent(stored: Stored<A>): Promise<'inserted' | 'exists'>;
}

export interface ExpenseRepository extends CompanyRecordsRepository<Expense> {
  /** Through an index, which lags behind: may miss what was just made. */
  findByInvoice(companyId: string, invoiceNum: string): Promise<readonly Stored<Expense>[]>;
}
