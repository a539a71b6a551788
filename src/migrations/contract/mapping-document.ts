/** How one attribute of a target row comes about. */
export interface AttributeRule {
  readonly target: string;
  /** attributes of the source record or of a look-up; omitted: of none */
  readonly from?: string;
  readonly rule: string;
  /** what it is where the source has nothing; omitted: it is required, or left out */
  readonly byDefault?: string;
}

/** How records of one source become rows of one target. */
export interface RowMapping {
  readonly step: string;
  /** literal names of tables */
  readonly source: string;
  readonly target: string;
  readonly rules: readonly AttributeRule[];
  /** what becomes of attributes that no rule names */
  readonly others: string;
}

/** The rules by which a plan decides, for people to read and to sign: what the mapping document is made from (E-12). */
export interface PlanMapping {
  readonly rows: readonly RowMapping[];
  /** rules that are no attribute's, e.g. to whom a record belongs: heading → sentences */
  readonly decisions: readonly { readonly title: string; readonly rules: readonly string[] }[];
}
