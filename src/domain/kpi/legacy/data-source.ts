import { isKnownDataSource } from '../limits.js';
import type { RecordWarning } from '../../legacy/record-warning.js';
import { kpiWarning } from './warnings.js';

/** A missing data source is assumed to be `Manual`, an unknown one is carried: both are reported (K-X23). */
export function inspectDataSource(
  field: string,
  source: string | undefined,
  warnings: RecordWarning[],
): void {
  if (source === undefined) warnings.push(kpiWarning('DATA_SOURCE_MISSING', field));
  else if (!isKnownDataSource(source)) warnings.push(kpiWarning('DATA_SOURCE_UNKNOWN', field));
}
