/**
 * Rows of one table of a step without which other rows would hang in nothing. A rollback asks before it removes one: where
 * a row with the same text stays, whoever wrote it, the row of the step stays, too, and is listed as `IN_USE`.
 */
export interface RowUse {
  /** literal name of a table that rows of the step stand in */
  readonly table: string;
  /** the attribute whose text others name */
  readonly key: string;
  /** tables of the plan whose rows name it, and in which attribute */
  readonly by: readonly { readonly table: string; readonly attribute: string }[];
}
