import { stampOf } from '../../../domain/storage/stored.js';
import { own, textOf, type StoredItem, type StoredValue } from '../../../domain/storage/stored-value.js';
import { canonicalNumber } from '../../../domain/values/canonical-number.js';
import { isBlank, trimmed } from '../../../domain/values/white-space.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { Warning } from '../../contract/outcome.js';

/** What the key of an expense is read from, in the old table and in the new one. */
export const NATURAL_ATTRIBUTES = ['invoiceNum', 'date', 'amount', 'contractorId'] as const;

/** Names of expenses that a warning tells; a third one changes nothing. */
const KNOWN = 2;

/**
 * Expenses that look like one that was entered twice (E-X34): one company, one invoice number, date, amount and contractor,
 * and two ids. Looked for among the old records and the application's own rows. Reported, and that is all.
 */
export class NaturalKeys {
  /** company and natural key → the first names in their order */
  constructor(private readonly index: LookupIndex) {}

  async takeRecord(record: StoredItem, companyId: string): Promise<void> {
    const id = textOf(own(record, 'expenseId'));
    if (id !== undefined) await this.put(companyId, record, ofRecord(id));
  }

  /** Rows of the migration's own stand for records, which are taken by themselves. */
  async takeRow(row: StoredItem): Promise<void> {
    const [companyId, id] = [textOf(own(row, 'companyId')), textOf(own(row, 'expenseId'))];
    if (companyId === undefined || id === undefined || stampOf(row) !== undefined) return;
    await this.put(companyId, row, `${id} of the application`);
  }

  inspect(record: StoredItem, companyId: string, id: string): Warning[] {
    const key = naturalKey(record, companyId);
    const names = key === undefined ? [] : this.names(key);
    const other = names.find((name) => name !== ofRecord(id));
    if (other === undefined) return [];
    const detail = `expense ${other} of the company has the same invoice number, date, amount and contractor`;
    return [{ code: 'EXPENSE_REPEATED', detail }];
  }

  close(): Promise<void> {
    return this.index.close();
  }

  private async put(companyId: string, row: StoredItem, name: string): Promise<void> {
    const key = naturalKey(row, companyId);
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
function ofRecord(id: string): string {
  return `${id} of an old record`;
}

function naturalKey(row: StoredItem, companyId: string): string | undefined {
  const amount = numberOf(own(row, 'amount'));
  const date = textOf(own(row, 'date'));
  if (amount === undefined || date === undefined || isBlank(date)) return undefined;
  const [invoice, contractor] = [own(row, 'invoiceNum'), own(row, 'contractorId')].map((value) =>
    trimmed(textOf(value) ?? ''),
  );
  return JSON.stringify([companyId, invoice, date, amount, contractor]);
}

function numberOf(value: StoredValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if ('N' in value) return canonicalNumber(value.N);
  return 'S' in value ? canonicalNumber(trimmed(value.S)) : undefined;
}
