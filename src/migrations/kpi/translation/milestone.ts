import { KpiData } from '../../../domain/kpi/kpi-data.js';
import type { KpiMilestoneRecord } from '../../../domain/kpi/legacy/kpi-milestone.record.js';
import { DEFAULT_DATA_SOURCE } from '../../../domain/kpi/limits.js';
import type { Stored } from '../../../domain/storage/stored.js';
import type { DataTarget } from './data-target.js';
import { dataEnvelope } from './envelope.js';

/** A milestone as the expected target of one link (K-02, K-17). */
export function translateMilestone(record: KpiMilestoneRecord, target: DataTarget): Stored<KpiData> {
  const aggregate = KpiData.restore({
    id: target.dataId,
    kpiLinkId: target.linkId,
    dataCategory: 'Target',
    targetSubtype: 'Expected',
    postValue: record.targetValue,
    postDate: record.milestoneDate,
    label: record.label,
    confidenceLevel: record.confidenceLevel,
    rationale: record.rationale,
    isManualOverride: false,
    dataSource: DEFAULT_DATA_SOURCE,
    triggersReplan: false,
    replanThresholdExceeded: false,
    recordedBy: record.createdBy,
    recordedAt: record.createdAt,
    createdBy: record.createdBy,
    createdAt: record.createdAt,
    updatedBy: record.updatedBy,
    updatedAt: record.updatedAt,
  });
  return { aggregate, envelope: dataEnvelope(record) };
}
