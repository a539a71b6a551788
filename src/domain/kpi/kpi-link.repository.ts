import type { Stored } from '../storage/stored.js';
import type { KpiLink } from './kpi-link.js';

/** Injection token of {@link KpiLinkRepository}. */
export const KPI_LINK_REPOSITORY = Symbol('KpiLinkRepository');

/** The links of the new model. Rows that are structurally no links make reads throw RestoreError. */
export interface KpiLinkRepository {
  findById(id: string): Promise<Stored<KpiLink> | undefined>;
  /** all links of a KPI, the application's own included, in no promised order */
  findByKpi(kpiId: string): Promise<readonly Stored<KpiLink>[]>;
  /** never touches a row that is there */
  insertIfAbsent(stored: Stored<KpiLink>): Promise<'inserted' | 'exists'>;
  /** streamed, in no promised order */
  all(): AsyncIterable<Stored<KpiLink>>;
}
