import { Kpi } from '../../../domain/kpi/kpi.js';
import type { KpiState } from '../../../domain/kpi/kpi.js';
import { StructuredMapper } from '../mapping/structured.mapper.js';

/** Rows of the look-up table `purposepath-kpis`. */
export class KpiMapper extends StructuredMapper<KpiState, Kpi> {
  constructor() {
    super('purposepath-kpis', 'Kpi', Kpi);
  }
}
