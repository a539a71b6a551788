import { warningsOf } from '../../legacy/record-warning.js';

/** What reading an old record of this plan can warn of beside what any plan's reading can: code → what it says. */
const WARNINGS = {
  /** the key of an index must not be blank (E-X33) */
  INVOICE_BLANK: 'a blank invoice number; it is left out, and kept in legacyAttributes',
  /** kept to the letter (E-X32) */
  DATE_WITH_TIME: 'expected a day, found a time with it; the text is kept as it is',
  /** kept to the letter */
  DATE_UNREADABLE: 'no date or time that can be read; the text is kept as it is',
} as const;

/** A warning with its standard text, and what else there is to say. */
export const companyWarning = warningsOf(WARNINGS);
