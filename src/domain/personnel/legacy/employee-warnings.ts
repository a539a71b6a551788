import { warningsOf, type RecordWarning } from '../../legacy/record-warning.js';

/** Something odd about an old employee that changes nothing. */
export type EmployeeWarning = RecordWarning<EmployeeWarningCode>;

/** Every warning that reading an old employee can give: code → what it says. */
const WARNINGS = {
  /** a number stored as text; converted exactly (P-X11) */
  NUMBER_AS_TEXT: 'numeric text was converted to a number',
  /** `active` as text or number (P-X10) */
  FLAG_AS_OTHER: 'the flag is no boolean; it was read as one',
  /** `status` is there, so that an unreadable `active` decides nothing (P-X10) */
  FLAG_IGNORED: 'the flag can not be read; the status decides',
  /** carried as it is (P-X09) */
  STATUS_UNKNOWN: 'the status is neither active nor inactive; it is carried as it is',
  /** the status wins (P-X09) */
  STATUS_DISAGREES: 'status and active contradict each other; the status wins',
  /** carried as it is */
  ROLE_UNKNOWN: 'the role is none that the new model knows; it is carried as it is',
  /** team_id wins (P-X09) */
  TEAM_DISAGREES: 'team_id and project_id differ; team_id wins',
  /** written without white space around it (P-X05) */
  EMPLOYEE_NUMBER_PADDED: 'the employee number had white space around it',
  /** a set becomes a sorted list (P-X11) */
  CERTIFICATIONS_AS_SET: 'a set was converted to a sorted list',
  /** copied as it is */
  DATE_UNREADABLE: 'no date or time that can be read; it is copied as it is',
  /** carried, though it looks like a misspelt one of the model's (P-X13) */
  ATTRIBUTE_SUSPICIOUS: 'the name looks like that of another attribute; it is carried as it is',
  /** kept for the way back only: the name belongs to the migration */
  ATTRIBUTE_RESERVED: 'the name belongs to the migration; the value is kept in legacyAttributes',
} as const;

export type EmployeeWarningCode = keyof typeof WARNINGS;

/** A warning with its standard text, and what else there is to say. */
export const employeeWarning = warningsOf(WARNINGS);
