import type { KpiLinkRepository } from '../../../domain/kpi/kpi-link.repository.js';
import type { KpiLink } from '../../../domain/kpi/kpi-link.js';
import type { Stored } from '../../../domain/storage/stored.js';
import { MappedAggregates } from './mapped-aggregates.js';

/** The links of the new model, for the application. */
export class MappedKpiLinkRepository extends MappedAggregates<KpiLink> implements KpiLinkRepository {
  /**
   * By `kpiId-index`, the KPI's id as it is stored. Eventually consistent in DynamoDB: may miss a link that was just
   * made. The migration never asks here; it scans the table.
   */
  findByKpi(kpiId: string): Promise<readonly Stored<KpiLink>[]> {
    return this.under('kpiId-index', kpiId);
  }

  insertIfAbsent(stored: Stored<KpiLink>): Promise<'inserted' | 'exists'> {
    return this.insert(stored);
  }
}
