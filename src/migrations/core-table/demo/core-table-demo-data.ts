import type { DemoData, DemoOptions, DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../core-table.tables.js';
import { defectRows } from './defect-rows.js';
import { demoMembership, demoServer, membersOf } from './demo-records.js';

/** Legacy records of the small set: enough to see everything, and quick to migrate. */
const SMALL_SET = 200;

/**
 * Demo data of plan `core-table`: servers, each followed by its members, that migrate without quarantine or conflict.
 * Everything is computed from the number of the server, so that only one is in memory at a time.
 */
export class CoreTableDemoData implements DemoData {
  readonly preloaded = [TABLES.core];

  *rows({ defects, scale = SMALL_SET }: DemoOptions): Generator<DemoRow> {
    if (!Number.isSafeInteger(scale) || scale < 1) {
      throw new RangeError('scale is a number of legacy records: a whole number from 1 on');
    }
    yield* servers(scale);
    if (defects) yield* defectRows();
  }
}

function* servers(records: number): Generator<DemoRow> {
  let left = records;
  for (let server = 0; left > 0; server += 1) {
    yield { table: TABLES.servers, item: demoServer(server) };
    left -= 1;
    for (let member = 0; member < membersOf(server) && left > 0; member += 1) {
      yield { table: TABLES.memberships, item: demoMembership(server, member) };
      left -= 1;
    }
  }
}
