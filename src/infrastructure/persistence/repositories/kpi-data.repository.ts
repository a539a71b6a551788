import type { KpiDataRepository } from '../../../domain/kpi/kpi-data.repository.js';
import type { KpiData } from '../../../domain/kpi/kpi-data.js';
import type { Stored } from '../../../domain/storage/stored.js';
import { MappedAggregates } from './mapped-aggregates.js';

/** Targets and actuals of the new model, for the application. */
export class MappedKpiDataRepository extends MappedAggregates<KpiData> implements KpiDataRepository {
  /**
   * By `kpiLinkId-index`, the link's id as it is stored. Eventually consistent in DynamoDB: may miss data that was just
   * recorded. A broken row without `postDate` is not in the index, so only `findById` and `all` complain about it.
   * The migration never asks here; it scans the table.
   */
  findByLink(kpiLinkId: string): Promise<readonly Stored<KpiData>[]> {
    return this.under('kpiLinkId-index', kpiLinkId);
  }

  insertIfAbsent(stored: Stored<KpiData>): Promise<'inserted' | 'exists'> {
    return this.insert(stored);
  }
}
