import type {
  CompanyRecordsRepository,
  ExpenseRepository,
} from '../../../domain/company/company-records.repository.js';
import type { Expense } from '../../../domain/company/expense.js';
import type { AggregateMapper, Stored } from '../../../domain/storage/stored.js';
import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { Rules } from '../../../domain/values/rules.js';
import type { CompanyRows } from './company-rows.js';
import { ExpenseMapper } from './expense.mapper.js';

const RULES = new Rules('CompanyRecords');

/** What belongs to companies on any store, through the mapper that verification loads by (invariant 8). */
export class MappedCompanyRecords<
  A extends { readonly companyId: string },
> implements CompanyRecordsRepository<A> {
  constructor(
    protected readonly rows: CompanyRows,
    private readonly mapper: AggregateMapper<A>,
  ) {}

  async find(companyId: string, id: string): Promise<Stored<A> | undefined> {
    requireCompany(companyId);
    const item = await this.rows.get(companyId, id);
    return item === undefined ? undefined : this.mapper.fromItem(item);
  }

  async *all(companyId: string): AsyncGenerator<Stored<A>> {
    requireCompany(companyId);
    for await (const item of this.rows.of(companyId)) yield this.mapper.fromItem(item);
  }

  async insertIfAbsent(stored: Stored<A>): Promise<'inserted' | 'exists'> {
    requireCompany(stored.aggregate.companyId);
    return this.rows.insertIfAbsent(this.mapper.toItem(stored));
  }

  /** Those of the company, whatever the index gives: one without the company in its key would give others, too (E-X33). */
  protected async within(companyId: string, items: AsyncIterable<StoredItem>): Promise<readonly Stored<A>[]> {
    const found: Stored<A>[] = [];
    for await (const item of items) {
      const stored = this.mapper.fromItem(item);
      if (stored.aggregate.companyId === companyId) found.push(stored);
    }
    return found;
  }
}

/** The expenses of companies. */
export class MappedExpenses extends MappedCompanyRecords<Expense> implements ExpenseRepository {
  constructor(rows: CompanyRows) {
    super(rows, new ExpenseMapper());
  }

  async findByInvoice(companyId: string, invoiceNum: string): Promise<readonly Stored<Expense>[]> {
    requireCompany(companyId);
    return this.within(companyId, this.rows.indexed('invoiceNum-index', companyId, invoiceNum));
  }
}

function requireCompany(companyId: string): void {
  RULES.notBlank('companyId', companyId);
}
