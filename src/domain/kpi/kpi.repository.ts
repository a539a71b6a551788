import type { Stored } from '../storage/stored.js';
import type { Kpi } from './kpi.js';

/** Injection token of {@link KpiRepository}. */
export const KPI_REPOSITORY = Symbol('KpiRepository');

/** KPIs are only looked up, never written. */
export interface KpiRepository {
  findById(id: string): Promise<Stored<Kpi> | undefined>;
  /** streamed, in no promised order */
  all(): AsyncIterable<Stored<Kpi>>;
}
