import {
  readLegacyRecord,
  sourceName,
  textOf,
  type CompanionRow,
  type Decision,
  type LookupIndex,
  type RecordPlanner,
  type StepContext,
  type StoredItem,
} from 'waybill/plan';
import { Consignment, type ConsignmentMapper } from './consignment.js';
import { Depots } from './depots.js';
import { TABLES } from './parcels.tables.js';
import { SlipRecord } from './slip.record.js';

/** Decides on slips: a consignment under the same id for everyone that was not cancelled and has a customer. */
export class SlipsPlanner implements RecordPlanner {
  private constructor(
    private readonly mapper: ConsignmentMapper,
    private readonly customers: LookupIndex,
    private readonly depots: Depots,
  ) {}

  static async build(mapper: ConsignmentMapper, context: StepContext): Promise<SlipsPlanner> {
    const customers = context.indexes.create('customers');
    for await (const { items } of context.reader.scan(TABLES.customers, { attributes: ['id'] }))
      for (const row of items) await customers.put(textOf(row['id']) ?? '', '');
    return new SlipsPlanner(mapper, customers, await Depots.read(context));
  }

  /** Only slips that become consignments need a depot. */
  async survey(item: StoredItem): Promise<void> {
    const read = readLegacyRecord(SlipRecord, item);
    if (!read.ok || read.record.cancelled === true || !this.isCustomer(read.record)) return;
    await this.depots.need(read.record.depot, sourceName({ source: TABLES.slips, sourceKey: 'id' }, item));
  }

  companions(): AsyncIterable<CompanionRow> {
    return this.depots.rows();
  }

  plan(item: StoredItem): Decision {
    const read = readLegacyRecord(SlipRecord, item);
    if (!read.ok) return { kind: 'quarantined', problem: read.problem, warnings: [] };
    const { record, warnings } = read;
    if (record.cancelled === true) return { kind: 'skipped', rule: 'cancelled', warnings };
    if (!this.isCustomer(record)) {
      const detail = `there is no customer ${record.customerId}`;
      return {
        kind: 'quarantined',
        problem: { reason: 'CUSTOMER_MISSING', field: 'customerId', detail },
        warnings,
      };
    }
    const { id, customerId, depot, weight, handedIn, legacyAttributes } = record;
    const depotId = this.depots.idOf(depot);
    const aggregate = Consignment.restore({ id: id.text, customerId, depotId, weight, handedInAt: handedIn });
    const envelope = legacyAttributes === undefined ? {} : { legacyAttributes };
    const row = { table: TABLES.consignments, item: this.mapper.toItem({ aggregate, envelope }) };
    return { kind: 'rows', rows: [row], anchored: false, warnings };
  }

  async close(): Promise<void> {
    await Promise.all([this.customers.close(), this.depots.close()]);
  }

  private isCustomer({ customerId }: SlipRecord): boolean {
    return this.customers.get(customerId) !== undefined;
  }
}
