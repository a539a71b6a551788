import { KpiLink } from '../../../domain/kpi/kpi-link.js';
import type { GoalKpiLinkRecord } from '../../../domain/kpi/legacy/goal-kpi-link.record.js';
import type { Stored } from '../../../domain/storage/stored.js';
import { carried } from './envelope.js';

/** The new link of an old one: same id, same attributes, and the person who pursues it (K-01, K-13, K-14). */
export function translateLink(record: GoalKpiLinkRecord, personId: string): Stored<KpiLink> {
  const aggregate = KpiLink.restore({
    id: record.id.text,
    tenantId: record.tenantId,
    kpiId: record.kpiId.text,
    personId,
    goalId: record.goalId,
    thresholdPct: record.thresholdPct,
    linkType: record.linkType,
    weight: record.weight,
    displayOrder: record.displayOrder,
    isPrimary: record.isPrimary ?? false,
    createdBy: record.createdBy,
    createdAt: record.createdAt,
    updatedBy: record.updatedBy,
    updatedAt: record.updatedAt,
  });
  return { aggregate, envelope: carried(record) };
}
