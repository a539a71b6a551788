import { stampOf } from '../../../domain/storage/stored.js';
import { own, textOf, type StoredItem, type StoredValue } from '../../../domain/storage/stored-value.js';
import { canonicalNumber } from '../../../domain/values/canonical-number.js';
import { isBlank, trimmed } from '../../../domain/values/white-space.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { Warning } from '../../contract/outcome.js';

/** What the key of an expense is read from, in the old table and in the new one. */
export const NATURAL_ATTRIBUTES = ['invoiceNum', 'date', 'amount', 'contractorId'] as const;

/** Names of expenses that a warning tells: two of them may be one's own, a fourth one changes nothing. */
const KNOWN = 3;

/** An expense as an old record or as a row of a company. */
export interface KeyedExpense {
  readonly item: StoredItem;
  readonly companyId: string;
  /** what its contractor becomes; undefined: none */
  readonly contractorId: string | undefined;
}

/**
 * Expenses that look like one that was entered twice (E-X34): one company, one invoice number, date, amount and contractor,
 * and two ids. Looked for among the old records and the application's own rows. Contractors are told by what they become.
 * Without an invoice number nothing is a repetition: two such expenses of one day and amount are ordinary, and a warning
 * of each would hide the few that matter. Reported, and that is all.
 */
export class NaturalKeys {
  /** company and natural key → the first names in their order */
  constructor(private readonly index: LookupIndex) {}

  async takeRecord(expense: KeyedExpense): Promise<void> {
    const id = textOf(own(expense.item, 'expenseId'));
    if (id !== undefined) await this.put(expense, nameOfRecord(id));
  }

  /** Rows of the migration's own stand for records, which are taken by themselves. */
  async takeRow(item: StoredItem): Promise<void> {
    const [companyId, id] = [textOf(own(item, 'companyId')), textOf(own(item, 'expenseId'))];
    if (companyId === undefined || id === undefined || stampOf(item) !== undefined) return;
    await this.put({ item, companyId, contractorId: textOf(own(item, 'contractorId')) }, nameOfRow(id));
  }

  /** `id`: of the row that the record asks for. A row of the application that has it is a conflict, and told as such. */
  inspect(expense: KeyedExpense, id: string): Warning[] {
    const key = naturalKey(expense);
    const names = key === undefined ? [] : this.names(key);
    const ownNames = [nameOfRecord(textOf(own(expense.item, 'expenseId')) ?? ''), nameOfRow(id)];
    const other = names.find((name) => !ownNames.includes(name));
    if (other === undefined) return [];
    const detail = `${other} in the company has the same invoice number, date, amount and contractor`;
    return [{ code: 'EXPENSE_REPEATED', detail }];
  }

  close(): Promise<void> {
    return this.index.close();
  }

  private async put(expense: KeyedExpense, name: string): Promise<void> {
    const key = naturalKey(expense);
    if (key === undefined) return;
    const names = new Set([...this.names(key), name]);
    await this.index.put(key, JSON.stringify([...names].sort().slice(0, KNOWN)));
  }

  private names(key: string): readonly string[] {
    const text = this.index.get(key);
    return text === undefined ? [] : (JSON.parse(text) as string[]);
  }
}

/** By its id alone: what two users entered under one id is a collision, and told as such. */
function nameOfRecord(id: string): string {
  return `old expense ${id}`;
}

function nameOfRow(id: string): string {
  return `the application’s expense ${id}`;
}

function naturalKey({ item, companyId, contractorId = '' }: KeyedExpense): string | undefined {
  const amount = numberOf(own(item, 'amount'));
  const date = textOf(own(item, 'date')) ?? '';
  const invoice = trimmed(textOf(own(item, 'invoiceNum')) ?? '');
  if (amount === undefined || isBlank(date) || invoice === '') return undefined;
  return JSON.stringify([companyId, invoice, date, amount, contractorId]);
}

function numberOf(value: StoredValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if ('N' in value) return canonicalNumber(value.N);
  return 'S' in value ? canonicalNumber(trimmed(value.S)) : undefined;
}
