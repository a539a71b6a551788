import type { DemoData, DemoOptions, DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../kpi.tables.js';
import { defectRows } from './defect-rows.js';
import { demoCompany, peopleOf } from './demo-company.js';
import { demoKpi } from './demo-kpi.js';
import { rowsOfKpi } from './demo-kpi-rows.js';

/** Legacy records of the small set: enough to see everything, and quick to migrate. */
const SMALL_SET = 400;
/** Companies of the small set have few KPIs, so that there are several companies. */
const KPIS_PER_COMPANY = { small: 4, large: 40 };

const LEGACY_TABLES: ReadonlySet<string> = new Set([
  TABLES.legacyLinks,
  TABLES.milestones,
  TABLES.actuals,
  TABLES.readings,
]);

/**
 * Demo data of plan `kpi`: companies with KPIs that look real and migrate without quarantine or conflict. Everything
 * is computed from the number of the company or KPI, so that only one KPI is in memory at a time.
 */
export class KpiDemoData implements DemoData {
  *rows({ defects, scale }: DemoOptions): Generator<DemoRow> {
    if (scale !== undefined && (!Number.isSafeInteger(scale) || scale < 1)) {
      throw new RangeError('scale is a number of legacy records: a whole number from 1 on');
    }
    yield* companies(scale ?? SMALL_SET);
    if (defects) yield* defectRows();
  }
}

function* companies(records: number): Generator<DemoRow> {
  const perCompany = records > SMALL_SET ? KPIS_PER_COMPANY.large : KPIS_PER_COMPANY.small;
  let left = records;
  for (let index = 0; ; index += 1) {
    const company = demoCompany(Math.floor(index / perCompany));
    if (index % perCompany === 0) yield* peopleOf(company);
    for (const row of rowsOfKpi(index, demoKpi(index, company))) {
      yield row;
      if (LEGACY_TABLES.has(row.table)) left -= 1;
      if (left === 0) return;
    }
  }
}
