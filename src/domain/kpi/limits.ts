import { ExactNumber } from '../values/exact-number.js';

/** The least of weights, thresholds and confidence levels. */
export const ZERO = ExactNumber.of('0');

/** Weights are percentages. */
export const MAX_WEIGHT = ExactNumber.of('100');

/** Confidence levels are percentages. */
export const MAX_CONFIDENCE = ExactNumber.of('100');

/** UTF-16 code units, as .NET counts them. */
export const MAX_LABEL_LENGTH = 200;

/** Where a value comes from if nobody says. */
export const DEFAULT_DATA_SOURCE = 'Manual';

const DATA_SOURCES: ReadonlySet<string> = new Set([
  DEFAULT_DATA_SOURCE,
  'Automated',
  'Integration',
  'Imported',
  'Calculated',
]);

/** Whether today's model knows the data source (K-X23). */
export function isKnownDataSource(text: string): boolean {
  return DATA_SOURCES.has(text);
}
