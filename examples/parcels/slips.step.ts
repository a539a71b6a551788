import type { AggregateMapper, IMigrationStep, RecordPlanner, StepContext } from 'waybill/plan';
import { ConsignmentMapper } from './consignment.js';
import { TABLES } from './parcels.tables.js';
import { SlipsPlanner } from './slips.planner.js';

/**
 * Slips become consignments; cancelled ones stay behind. Needs nothing before it. Safe to repeat: ids are kept or
 * derived, writes are insert-if-absent.
 */
export class SlipsStep implements IMigrationStep {
  readonly name = 'slips';
  readonly title = 'Slips become consignments';
  readonly phase = { number: 1, title: 'Parcel migration' };
  readonly source = TABLES.slips;
  readonly sourceKey = 'id';
  readonly companionTables = [TABLES.depots];
  readonly requires = [];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;
  private readonly mapper = new ConsignmentMapper();

  constructor() {
    this.mappers = new Map([[TABLES.consignments, this.mapper]]);
  }

  prepare(context: StepContext): Promise<RecordPlanner> {
    return SlipsPlanner.build(this.mapper, context);
  }
}
