import type { DemoData, DemoOptions, DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../company.tables.js';
import { BLOCK, demoRecord } from './demo-records.js';
import { defectRows } from './defect-rows.js';
import { liveRows } from './live-rows.js';
import { PRODUCTION_TABLE, productionRows } from './production-rows.js';

/**
 * Demo data of plan `company`. The application has rows of its own in the tables that the plan writes to: they must be
 * there afterwards as they were (E-02). The small set has as many old records as the plan's document counts (E-01).
 */
export class CompanyDemoData implements DemoData {
  readonly preloaded = [TABLES.projects, TABLES.contractors, TABLES.works, TABLES.expenses];
  readonly beside = [PRODUCTION_TABLE];

  *rows({ defects, scale = BLOCK }: DemoOptions): Generator<DemoRow> {
    if (!Number.isSafeInteger(scale) || scale < 1)
      throw new RangeError('scale is a number of legacy records: a whole number from 1 on');
    yield* liveRows();
    yield* productionRows();
    for (let number = 0; number < scale; number += 1) yield demoRecord(number);
    if (defects) yield* defectRows();
  }
}
