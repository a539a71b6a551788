import type { DemoData, DemoOptions, DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../personnel.tables.js';
import { APPLICATION_EMPLOYEES, DEFECT_EMPLOYEES } from './defect-employees.js';
import { demoEmployee } from './demo-employee.js';

const SMALL_SET = 120;

/** Demo data of plan `personnel`: employees of a building company, all of which migrate. */
export class PersonnelDemoData implements DemoData {
  readonly preloaded = [TABLES.personnel];

  *rows({ defects, scale = SMALL_SET }: DemoOptions): Generator<DemoRow> {
    if (!Number.isSafeInteger(scale) || scale < 1)
      throw new RangeError('scale is a number of legacy records: a whole number from 1 on');
    for (let index = 0; index < scale; index += 1) yield { table: TABLES.legacy, item: demoEmployee(index) };
    if (!defects) return;
    for (const item of DEFECT_EMPLOYEES) yield { table: TABLES.legacy, item };
    for (const item of APPLICATION_EMPLOYEES) yield { table: TABLES.personnel, item };
  }
}
