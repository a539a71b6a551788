import { warningsOf } from '../../legacy/record-warning.js';

/** What reading a legacy KPI record can warn of beside what any plan's reading can: code → what it says. */
const WARNINGS = {
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
} as const;

/** A warning with its standard text, and what else there is to say. */
export const kpiWarning = warningsOf(WARNINGS);
