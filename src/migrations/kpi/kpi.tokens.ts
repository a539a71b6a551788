/** Injection tokens of the plan (src/runner/composition binds them). */
export const KPI_LINK_MAPPER = Symbol.for('waybill.kpi.KpiLinkMapper');
export const KPI_DATA_MAPPER = Symbol.for('waybill.kpi.KpiDataMapper');
export const PERSON_MAPPER = Symbol.for('waybill.kpi.PersonMapper');
