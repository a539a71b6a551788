import { KpiLink } from '../../../domain/kpi/kpi-link.js';
import type { KpiLinkState } from '../../../domain/kpi/kpi-link.js';
import { StructuredMapper } from '../mapping/structured.mapper.js';

/** Rows of `purposepath-kpi-links`. */
export class KpiLinkMapper extends StructuredMapper<KpiLinkState, KpiLink> {
  constructor() {
    super('purposepath-kpi-links', 'KpiLink', KpiLink);
  }
}
