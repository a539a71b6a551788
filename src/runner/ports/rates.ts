/** Capacity units a second on any one table or index; `none`: no limit. */
export type UnitLimit = number | 'none';

/** How fast tables may be read and written; undefined: nothing is said of it. */
export interface RateLimits {
  readonly maxWcu?: UnitLimit;
  readonly maxRcu?: UnitLimit;
}

/** Capacity units a second. */
interface Units {
  readonly read?: number;
  readonly write?: number;
}

export interface TableRates extends Units {
  /** by the indexes' names */
  readonly indexes: ReadonlyMap<string, Units>;
}

/** What an opened store keeps to. A fixed limit goes before the table's own. */
export interface StoreRates extends RateLimits {
  /** by literal table name; tables and indexes that are not in it have no limit of their own */
  readonly tables?: ReadonlyMap<string, TableRates>;
}
