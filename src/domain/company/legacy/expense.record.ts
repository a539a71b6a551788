import { Attribute } from '../../legacy/attribute.js';
import { LegacyRecord } from '../../legacy/legacy-record.js';
import type { RecordWarning } from '../../legacy/record-warning.js';
import type { StoredItem } from '../../storage/stored-value.js';
import { textOf } from '../../storage/stored-value.js';
import type { ExactNumber } from '../../values/exact-number.js';
import { isBlank } from '../../values/white-space.js';
import { companyWarning } from './company-warnings.js';
import { inspectDay, inspectTimes, requireDate } from './times.js';

/** A row of `construction-expenses-multi-table-expenses` (E-18). All that is not named here is carried as it is (E-X04). */
export class ExpenseRecord extends LegacyRecord {
  /** whose it is; absent where blank: then nobody can say to which company it goes (E-X08) */
  @Attribute('recorder', 'optional') readonly userId: string | undefined;
  @Attribute('recorder', 'required') readonly expenseId!: string;
  @Attribute('number', 'required') readonly amount!: ExactNumber;
  /** as stored */
  @Attribute('recorder', 'required') readonly date!: string;
  @Attribute('text', 'optional') readonly description: string | undefined;
  @Attribute('recorder', 'optional') readonly projectId: string | undefined;
  @Attribute('recorder', 'optional') readonly contractorId: string | undefined;
  @Attribute('recorder', 'optional') readonly workId: string | undefined;
  @Attribute('recorder', 'optional') readonly invoiceNum: string | undefined;
  @Attribute('text', 'optional') readonly status: string | undefined;
  /** as stored, readable or not */
  @Attribute('recorder', 'optional') readonly createdAt: string | undefined;
  @Attribute('recorder', 'optional') readonly updatedAt: string | undefined;
  private isInvoiceBlank = false;

  override settle(converted: Record<string, unknown>, item: StoredItem): void {
    requireDate(converted, 'date');
    const invoice = textOf(item['invoiceNum']);
    this.isInvoiceBlank = invoice !== undefined && isBlank(invoice);
  }

  override inspect(warnings: RecordWarning[]): void {
    inspectDay('date', this.date, warnings);
    inspectTimes(this, warnings);
    if (this.isInvoiceBlank) warnings.push(companyWarning('INVOICE_BLANK', 'invoiceNum'));
  }
}
