/**
 * Why the two models may differ at a record:
 * - `UNDER_WAY`: a write in two legs began and has not said that it ended; it may have ended or not;
 * - `SECOND_LEG_FAILED`: the model that is right was written, the other one was not;
 * - `NOT_BACKFILLED`: the record was changed before it had a row in the new model (P-X27);
 * - `UNTRANSLATABLE`: the plan's rules have no row for the record as it is now;
 * - `CONFLICT`: the row has changes of its own, and nobody can tell any more what is missing in it.
 */
export const DISCREPANCY_REASONS = [
  'UNDER_WAY',
  'SECOND_LEG_FAILED',
  'NOT_BACKFILLED',
  'UNTRANSLATABLE',
  'CONFLICT',
] as const;
export type DiscrepancyReason = (typeof DISCREPANCY_REASONS)[number];

export const DUAL_WRITE_KINDS = ['create', 'update', 'remove'] as const;
export type DualWriteKind = (typeof DUAL_WRITE_KINDS)[number];

/** That the two models may differ at one record. One per record; holds names and ids, no attribute values. */
export interface Discrepancy {
  readonly plan: string;
  readonly step: string;
  /** `<legacy table>#<key text>`, as in stamps */
  readonly source: string;
  /** another one whenever anybody writes it: what is to be closed is what was looked at */
  readonly version: string;
  readonly reason: DiscrepancyReason;
  /** the model that was right when it was written */
  readonly truth: 'legacy' | 'new';
  readonly write: DualWriteKind;
  /** ISO 8601 in UTC */
  readonly at: string;
}

/** Discrepancies that nobody has worked off. Throws `StoreError`. */
export interface OpenDiscrepancies {
  count(plan: string): Promise<number>;
}

/** As {@link OpenDiscrepancies}, one by one, in no promised order; such as come meanwhile may be missed. */
export interface DiscrepancyList extends OpenDiscrepancies {
  list(plan: string): AsyncIterable<Discrepancy>;
}
