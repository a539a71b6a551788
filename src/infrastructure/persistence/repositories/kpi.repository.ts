import type { KpiRepository } from '../../../domain/kpi/kpi.repository.js';
import type { Kpi } from '../../../domain/kpi/kpi.js';
import { MappedAggregates } from './mapped-aggregates.js';

/** The KPIs, which are only looked up. */
export class MappedKpiRepository extends MappedAggregates<Kpi> implements KpiRepository {}
