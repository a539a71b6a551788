/** Why an attribute makes its record unreadable. */
export type RecordProblemReason =
  'ID_INVALID' | 'FIELD_MISSING' | 'TYPE_INVALID' | 'NUMBER_INVALID' | 'DATE_INVALID';

/** The one attribute that a record is set aside for. `detail` tells types and lengths, never the value. */
export interface RecordProblem {
  readonly reason: RecordProblemReason;
  readonly field: string;
  readonly detail: string;
}

/** What converting an attribute yields instead of a value; class-validator looks for it on the record. */
export class AttributeProblem implements RecordProblem {
  constructor(
    readonly reason: RecordProblemReason,
    readonly field: string,
    readonly detail: string,
  ) {}
}
