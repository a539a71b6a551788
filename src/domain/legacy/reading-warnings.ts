import { warningsOf } from './record-warning.js';

/** Every warning that reading an attribute can give, whatever the plan: code → what it says. */
const WARNINGS = {
  /** a number stored as text; converted exactly */
  NUMBER_AS_TEXT: 'numeric text was converted to a number',
  /** createdBy or updatedBy; carried as text (K-X11) */
  USER_NOT_GUID: 'the user is no GUID and is carried as text',
  /** an attribute that the table does not list; carried in legacyAttributes */
  UNKNOWN_ATTRIBUTE: 'unknown attribute, carried in legacyAttributes',
} as const;

/** A warning with its standard text, and what else there is to say. */
export const readingWarning = warningsOf(WARNINGS);
