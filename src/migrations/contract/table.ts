/** What a plan may do to a table; the client refuses everything else (invariant 3 of the design). */
export type TableRole =
  /** read only, always */
  | 'source'
  /** read; insert-if-absent where `insertable` says so */
  | 'lookup'
  /** insert-if-absent and conditional changes */
  | 'target';

export interface IndexDefinition {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
}

/** A table of a plan's storage contract, in the document's names. All keys are of type S. */
export interface TableDefinition {
  /** literal name; physical name = literal name + the environment's suffix, unless overridden */
  readonly name: string;
  readonly role: TableRole;
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** secondary indexes, all projecting ALL */
  readonly indexes: readonly IndexDefinition[];
  /** a look-up table into which the plan inserts rows that are absent (placeholder persons) */
  readonly insertable?: boolean;
  /**
   * Of a source table without a sort key: literal names of other source tables whose partition key is named as its own.
   * A key that they have and this table has not is read here as a row of that key alone (ADR 0020), so that a step can
   * take every user who owns something for a record, not only those who have a row.
   */
  readonly mentionedIn?: readonly string[];
}
