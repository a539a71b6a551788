import type { KpiReadingRecord } from '../../../domain/kpi/legacy/kpi-reading.record.js';
import { textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import { canonicalNumber } from '../../../domain/values/canonical-number.js';
import { Moment } from '../../../domain/values/moment.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { Warning } from '../../contract/outcome.js';
import { reference } from './reference.js';

/** The attributes of an actual that tell which measurement it is. */
export const MEASUREMENT_ATTRIBUTES = [
  'kpiId',
  'measurementDate',
  'actualValue',
  'sourceReferenceId',
] as const;

/**
 * The measurements that exist as actuals: a reading of the same KPI, date, value and source reference probably tells
 * the same thing twice (K-X17). Reported; both are kept.
 */
export class Measurements {
  constructor(private readonly index: LookupIndex) {}

  async remember(actual: StoredItem): Promise<void> {
    const value = actual['actualValue'];
    const number = value === undefined ? '' : 'N' in value ? value.N : (textOf(value) ?? '').trim();
    const key = measurement(
      reference(actual, 'kpiId'),
      Moment.read(textOf(actual['measurementDate']) ?? '')?.text,
      canonicalNumber(number),
      textOf(actual['sourceReferenceId']),
    );
    if (key !== undefined) await this.index.put(key, textOf(actual['id']) ?? '');
  }

  inspect(reading: KpiReadingRecord): Warning[] {
    const { kpiId, readingDate, value, externalId } = reading;
    const key = measurement(kpiId.text, readingDate.text, value.text, externalId);
    const actual = key === undefined ? undefined : this.index.get(key);
    if (actual === undefined) return [];
    const detail = `actual ${actual} has the same KPI, date, value and source reference`;
    return [{ code: 'MEASUREMENT_REPEATED', field: 'readingDate', detail }];
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

function measurement(
  kpiId?: string,
  date?: string,
  value?: string,
  sourceReference = '',
): string | undefined {
  if (kpiId === undefined || date === undefined || value === undefined) return undefined;
  return [kpiId, date, value, sourceReference].join('\0');
}
