import { KpiData } from '../../../domain/kpi/kpi-data.js';
import type { KpiReadingRecord } from '../../../domain/kpi/legacy/kpi-reading.record.js';
import { DEFAULT_DATA_SOURCE } from '../../../domain/kpi/limits.js';
import type { Stored } from '../../../domain/storage/stored.js';
import type { DataTarget } from './data-target.js';
import { dataEnvelope } from './envelope.js';
import { creatorOf } from './sentinel.js';

/** A reading as the measured value of one link, from its own field names (K-04, K-X27). */
export function translateReading(record: KpiReadingRecord, target: DataTarget): Stored<KpiData> {
  const aggregate = KpiData.restore({
    id: target.dataId,
    kpiLinkId: target.linkId,
    dataCategory: 'Actual',
    actualSubtype: 'Measured',
    postValue: record.value,
    postDate: record.readingDate,
    measuredPeriodStartDate: record.periodStart,
    rationale: record.notes,
    isManualOverride: false,
    dataSource: record.source ?? DEFAULT_DATA_SOURCE,
    sourceReferenceId: record.externalId,
    triggersReplan: false,
    replanThresholdExceeded: false,
    recordedBy: record.recordedBy,
    recordedAt: record.recordedAt,
    createdBy: record.createdBy ?? creatorOf(record.recordedBy),
    createdAt: record.createdAt ?? record.recordedAt,
    updatedBy: record.updatedBy,
    updatedAt: record.updatedAt,
  });
  return { aggregate, envelope: dataEnvelope(record) };
}
