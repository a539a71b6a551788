import type { StoredItem } from '../../domain/storage/stored-value.js';

/** What became of one source record. Every record has exactly one (conservation, invariant 1). */
export const OUTCOMES = ['created', 'updated', 'unchanged', 'skipped', 'quarantined', 'conflict'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why a record was set aside: the plan's reason code, the field where one is to blame, and what was found. */
export interface Problem {
  readonly reason: string;
  readonly field?: string;
  /** says what was found and what was expected; shapes, types and ids only, never a personal value */
  readonly detail: string;
}

/** Something odd that changes nothing: reported, and the record goes its way. */
export interface Warning {
  readonly code: string;
  readonly field?: string;
  readonly detail: string;
  /** report it once per step, code and field, and for the table instead of the record */
  readonly once?: boolean;
}

/** A row that a record should yield: the whole content but the stamp, in the document's attribute names. */
export interface PlannedRow {
  readonly table: string;
  readonly item: StoredItem;
}

/** A decision that has to be accounted for by itself, whatever came of it, e.g. whose a user's records are (E-32). */
export interface Account {
  /** by which rule */
  readonly rule: string;
  /** ids only, no other values */
  readonly detail: string;
  /** id of what was decided on, e.g. of the company */
  readonly key?: string;
}

/** What a planner decides on one record: a pure function of the record and the look-ups (invariant 2). */
export type Decision = Decided & {
  /** journalled as an entry of kind `decision`; omitted: outcomes are counted, and that is enough */
  readonly account?: Account;
};

type Decided =
  | {
      readonly kind: 'rows';
      /** at least one. Where `anchored`, the first one is written and settled before the others. */
      readonly rows: readonly PlannedRow[];
      readonly anchored: boolean;
      readonly warnings: readonly Warning[];
    }
  | { readonly kind: 'skipped'; readonly rule: string; readonly warnings: readonly Warning[] }
  | { readonly kind: 'quarantined'; readonly problem: Problem; readonly warnings: readonly Warning[] };
