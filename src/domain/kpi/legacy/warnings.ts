/** Something odd about a record that changes nothing. `detail` tells types and lengths, never the value. */
export interface RecordWarning {
  readonly code: WarningCode;
  readonly field: string;
  readonly detail: string;
}

/** Every warning that reading a legacy record can give: code → what it says. */
const WARNINGS = {
  /** a number stored as text; converted exactly */
  NUMBER_AS_TEXT: 'numeric text was converted to a number',
  /** createdBy or updatedBy; carried as text (K-X11) */
  USER_NOT_GUID: 'the user is no GUID and is carried as text',
  /** kept in recordedBy; the data row's createdBy becomes the sentinel `system` (K-X11) */
  RECORDER_NOT_GUID: 'the recorder is no GUID: it is kept in recordedBy, and createdBy becomes system',
  /** no data source; `Manual` is written (K-X23) */
  DATA_SOURCE_MISSING: 'no data source, Manual is assumed',
  /** carried as it is (K-X23) */
  DATA_SOURCE_UNKNOWN: 'the data source is none that the new model knows; it is carried as it is',
  /** kept (K-X24) */
  WEIGHT_ABOVE_100: 'the weight is above 100 percent',
  /** below 0 or above 100 percent; kept (K-X24) */
  CONFIDENCE_OUT_OF_RANGE: 'the confidence level is not within 0 to 100 percent',
  /** longer than today's limit; kept whole (K-X24) */
  LABEL_TOO_LONG: 'the label is longer than today’s limit; it is kept whole',
  /** kept (K-X24) */
  OVERRIDE_COMMENT_WITHOUT_OVERRIDE: 'an override comment without a manual override',
  /** kept (K-X24) */
  ORIGINAL_VALUE_WITHOUT_OVERRIDE: 'an original value without a manual override',
  /** an attribute that the table does not list; carried in legacyAttributes */
  UNKNOWN_ATTRIBUTE: 'unknown attribute, carried in legacyAttributes',
} as const;

export type WarningCode = keyof typeof WARNINGS;

/** A warning with its standard text, and what else there is to say. */
export function warning(code: WarningCode, field: string, more = ''): RecordWarning {
  return { code, field, detail: more === '' ? WARNINGS[code] : `${WARNINGS[code]} (${more})` };
}
