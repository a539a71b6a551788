import { checkStructure, fieldsOf, StructuredMapper, type ExactNumber, type Moment } from 'waybill/plan';
import { TABLES } from './parcels.tables.js';

export interface ConsignmentState {
  readonly id: string;
  readonly customerId: string;
  readonly depotId: string;
  /** kilograms */
  readonly weight?: ExactNumber | undefined;
  readonly handedInAt: Moment;
}

/** A parcel on its way, in the new model. */
export class Consignment {
  static readonly fields = fieldsOf<ConsignmentState>({
    id: 'key',
    customerId: 'key',
    depotId: 'key',
    weight: 'number?',
    handedInAt: 'moment',
  });

  private constructor(private readonly held: ConsignmentState) {}

  /** History: structure only. Throws RestoreError. */
  static restore(state: ConsignmentState): Consignment {
    checkStructure('Consignment', Consignment.fields, state);
    return new Consignment(state);
  }

  state(): ConsignmentState {
    return this.held;
  }
}

/** Rows of `consignments`. */
export class ConsignmentMapper extends StructuredMapper<ConsignmentState, Consignment> {
  constructor() {
    super(TABLES.consignments, 'Consignment', Consignment);
  }
}
