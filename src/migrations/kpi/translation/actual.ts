import { KpiData } from '../../../domain/kpi/kpi-data.js';
import type { KpiActualRecord } from '../../../domain/kpi/legacy/kpi-actual.record.js';
import { DEFAULT_DATA_SOURCE } from '../../../domain/kpi/limits.js';
import type { Stored } from '../../../domain/storage/stored.js';
import type { DataTarget } from './data-target.js';
import { dataEnvelope } from './envelope.js';
import { creatorOf } from './sentinel.js';

/** An actual as the measured value of one link; it was created when it was recorded (K-03, K-20, K-21, K-X25). */
export function translateActual(record: KpiActualRecord, target: DataTarget): Stored<KpiData> {
  const aggregate = KpiData.restore({
    id: target.dataId,
    kpiLinkId: target.linkId,
    dataCategory: 'Actual',
    actualSubtype: 'Measured',
    postValue: record.actualValue,
    postDate: record.measurementDate,
    originalValue: record.originalValue,
    isManualOverride: record.isManualOverride ?? false,
    overrideComment: record.overrideComment,
    dataSource: record.dataSource ?? DEFAULT_DATA_SOURCE,
    sourceReferenceId: record.sourceReferenceId,
    triggersReplan: record.triggersReplan ?? false,
    replanThresholdExceeded: record.replanThresholdExceeded ?? false,
    autoAdjustmentApplied: record.autoAdjustmentApplied,
    recordedBy: record.recordedBy,
    recordedAt: record.recordedAt,
    createdBy: creatorOf(record.recordedBy),
    createdAt: record.recordedAt,
    updatedBy: record.updatedBy,
    updatedAt: record.updatedAt,
  });
  return { aggregate, envelope: dataEnvelope(record) };
}
