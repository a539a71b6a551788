import type { Ramp } from './ramp.js';

/** Prices of on-demand request units in the environment's region. */
export interface Prices {
  readonly writePerMillion: number;
  readonly readPerMillion: number;
  /** e.g. `USD` */
  readonly currency: string;
}

/** An environment file (`environments/<name>.json`) after validation, defaults filled in. */
export interface Environment {
  readonly name: string;
  /** as the progress comment names it, e.g. `Staging` */
  readonly title: string;
  /** appended to every literal table name, e.g. `-staging`; empty in production */
  readonly suffix: string;
  /** undefined: what the AWS SDK resolves */
  readonly region?: string;
  /** starts and joins the embedded DynamoDB when no endpoint is set */
  readonly embedded: boolean;
  /** whether `seed` is allowed here */
  readonly seedable: boolean;
  /** `run` needs `--confirm-production`; target tables get deletion protection */
  readonly production: boolean;
  /** whether `run` is refused without a verified backup, or only says that there is none */
  readonly backup: 'required' | 'advised';
  /** how old a backup may be to count, in hours */
  readonly backupHours: number;
  /** the environment in which a plan version must have passed before it runs here, e.g. `staging` */
  readonly after?: string;
  /** literal table name → physical name, instead of the suffix rule */
  readonly tables: Readonly<Record<string, string>>;
  /** literal table name → document attribute name → stored attribute name */
  readonly attributes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** plan → its options, as each plan's outline declares them; undefined: none are set */
  readonly plans?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** what cutovers keep to here; undefined: the usual */
  readonly cutover?: {
    /** shares of the reads, whole percents that grow to 100; undefined: 10, 50, 100 */
    readonly ramp?: Ramp;
    /** hours of reading all from the new model before single writes; undefined: a week in production, else 0 */
    readonly readingHours?: number;
    /** hours of single writes before the legacy model is archived; undefined: two weeks in production, else 0 */
    readonly singleWriteHours?: number;
  };
  /** parallel parts of a scan */
  readonly segments: number;
  /** prices of on-demand request units, where they are not those that Waybill knows */
  readonly prices?: Prices;
  /** requests in flight at most */
  readonly concurrency: number;
  /** part of the capacity of each table and index that may be used, 0 to 1; undefined: no such limit */
  readonly capacityShare?: number;
  /** write units a second on any one table or index, instead of a share; undefined: none given */
  readonly maxWcu?: number;
  /** read units, likewise */
  readonly maxRcu?: number;
}
