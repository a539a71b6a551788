import type { Stored } from '../storage/stored.js';
import type { KpiData } from './kpi-data.js';

/** Injection token of {@link KpiDataRepository}. */
export const KPI_DATA_REPOSITORY = Symbol('KpiDataRepository');

/** Targets and actuals of the new model. Rows that are structurally neither make reads throw RestoreError. */
export interface KpiDataRepository {
  findById(id: string): Promise<Stored<KpiData> | undefined>;
  /** all data of a link, in no promised order */
  findByLink(kpiLinkId: string): Promise<readonly Stored<KpiData>[]>;
  /** never touches a row that is there */
  insertIfAbsent(stored: Stored<KpiData>): Promise<'inserted' | 'exists'>;
  /** streamed, in no promised order */
  all(): AsyncIterable<Stored<KpiData>>;
}
