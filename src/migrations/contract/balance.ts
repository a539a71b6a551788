/** What one part of a step's records amounts to; one value for each column of its balance. */
export interface BalanceLine {
  readonly name: string;
  readonly values: readonly string[];
}

/**
 * What a step's records amount to in the terms of those whose records they are: how many, how much money, from when to
 * when. Told beside the comparison of every field, which it does not replace: it is what a person can check by a glance.
 */
export interface Balance {
  readonly columns: readonly string[];
  /** parts of the old records, then what is found in the new table */
  readonly lines: readonly BalanceLine[];
  /** what has moved is what is found */
  readonly isEven: boolean;
}
