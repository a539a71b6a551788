import { KpiData } from '../../../domain/kpi/kpi-data.js';
import type { KpiDataState } from '../../../domain/kpi/kpi-data.js';
import { StructuredMapper } from '../mapping/structured.mapper.js';

/** Rows of `purposepath-kpi-data`. The tenant is in the envelope (K-X30). */
export class KpiDataMapper extends StructuredMapper<KpiDataState, KpiData> {
  constructor() {
    super('purposepath-kpi-data', 'KpiData', KpiData);
  }
}
