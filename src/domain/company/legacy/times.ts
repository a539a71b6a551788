import { AttributeProblem } from '../../legacy/record-problem.js';
import type { RecordWarning } from '../../legacy/record-warning.js';
import { LocalDate, Moment } from '../../values/moment.js';
import { companyWarning } from './company-warnings.js';

/** Puts a problem in the place of a date that can't be read. Its text stays as it is: it is never made a Date (E-X32). */
export function requireDate(converted: Record<string, unknown>, field: string): void {
  const text = converted[field];
  if (typeof text !== 'string' || Moment.read(text) !== undefined) return;
  const detail = `expected an existing day, found text of ${text.length} characters`;
  converted[field] = new AttributeProblem('DATE_INVALID', field, detail);
}

/** Reports a day that has a time. */
export function inspectDay(field: string, text: string, warnings: RecordWarning[]): void {
  if (LocalDate.read(text) === undefined) warnings.push(companyWarning('DATE_WITH_TIME', field));
}

/** Reports times of creation and change that can't be read. */
export function inspectTimes(
  record: { readonly createdAt: string | undefined; readonly updatedAt: string | undefined },
  warnings: RecordWarning[],
): void {
  const { createdAt, updatedAt } = record;
  for (const [field, text] of Object.entries({ createdAt, updatedAt })) {
    if (text !== undefined && Moment.read(text) === undefined)
      warnings.push(companyWarning('DATE_UNREADABLE', field, `${text.length} characters`));
  }
}
