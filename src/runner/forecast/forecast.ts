import type { Prices } from '../ports/environment.js';
import type { UnitLimit } from '../ports/rates.js';

/** What `preflight` can be asked to foresee. */
export interface ForecastRequest {
  /** records per step; undefined: 1,000 */
  readonly sample?: number;
  /** chooses the sample; undefined: `1` */
  readonly seed?: string;
  /** write and read units a second for each table and each index */
  readonly maxWcu?: UnitLimit;
  readonly maxRcu?: UnitLimit;
  /** parallel parts of the scans that look-ups need; undefined: the environment's */
  readonly segments?: number;
  readonly signal?: AbortSignal;
}

/** Bytes as the store counts them. */
export interface Sizes {
  readonly average: number;
  readonly p99: number;
  readonly max: number;
}

export interface Forecast {
  readonly format: 1;
  readonly plan: string;
  readonly env: string;
  readonly planVersion: string;
  /** ISO instant */
  readonly at: string;
  readonly seed: string;
  /** records per step that were asked for */
  readonly sample: number;
  readonly rate: RateFacts;
  readonly prices?: Prices & { readonly source: string };
  readonly steps: readonly StepForecast[];
  readonly totals: Totals;
  /** items that this forecast read from the store */
  readonly itemsRead: number;
  /** what the reader of the numbers has to know */
  readonly notes: readonly string[];
}

export interface Totals {
  readonly records: number;
  readonly rows: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** absent: no rate is known */
  readonly seconds?: number;
  /** absent: no prices are known */
  readonly cost?: number;
}

/**
 * Where the rate is from: asked for, the environment's, a share of what the store says that tables can take, what AWS
 * says that a new on-demand table takes, or nowhere.
 */
export interface RateFacts {
  readonly basis: 'asked' | 'environment' | 'share' | 'new-on-demand' | 'none';
  /** units a second for each table and each index; `none`: no limit; where absent, `share` counts */
  readonly write?: UnitLimit;
  readonly read?: UnitLimit;
  /** of what each table and each index can take; 1 where the environment says nothing */
  readonly share?: number;
}

export interface StepForecast {
  readonly step: string;
  readonly title: string;
  /** literal name of the table that it reads */
  readonly source: string;
  readonly records: {
    readonly count: number;
    /** `counted`: every record was read; `store`: the store's own count, an estimate; `sample`: reckoned from segments */
    readonly basis: 'counted' | 'store' | 'sample' | 'at-least';
    readonly sampled: number;
    readonly bytes: Sizes;
  };
  /** of the sampled records */
  readonly outcomes: { readonly migrated: number; readonly skipped: number; readonly quarantined: number };
  readonly quarantine: {
    readonly share: number;
    /** the share is below this with a confidence of 95 %; equal to it where every record was read */
    readonly below: number;
    /** reason → sampled records */
    readonly reasons: Readonly<Record<string, number>>;
  };
  /** of all records, those that are set aside included */
  readonly rowsPerRecord: number;
  /** rows that the records yield on the target side, companions not counted */
  readonly rows: number;
  /** 95 % of samples of this size are no farther off; 0 where every record was read */
  readonly rowsMargin: number;
  readonly tables: readonly TableForecast[];
  readonly writeUnits: number;
  readonly readUnits: { readonly run: number; readonly validation: number };
  readonly seconds?: { readonly run: number; readonly validation: number };
  readonly cost?: number;
  readonly largest: {
    readonly records: readonly LargeItem[];
    readonly rows: readonly LargeItem[];
  };
  readonly keys: readonly KeyForecast[];
  readonly notes: readonly string[];
}

export interface LargeItem {
  /** `<table>#<key>` */
  readonly id: string;
  readonly bytes: number;
}

export interface TableForecast {
  /** literal name */
  readonly table: string;
  readonly role: 'target' | 'companion';
  readonly rows: number;
  /** share of the rows whose key is taken already: they are compared, not written */
  readonly existing: number;
  readonly bytes: Sizes;
  /** of the table and of all its indexes */
  readonly writeUnits: number;
  readonly tableUnits: number;
  readonly indexes: readonly { readonly index: string; readonly rows: number; readonly writeUnits: number }[];
}

/** How the writes of a step spread over the partition keys of an index. */
export interface KeyForecast {
  readonly table: string;
  readonly index: string;
  readonly attribute: string;
  /** different values in the sample; `more`: there are more than were counted */
  readonly distinct: number;
  readonly more: boolean;
  /** share of the index's write units that the busiest value takes */
  readonly share: number;
  /** the busiest value, where it is an id or one of few words */
  readonly value?: string;
  /** sampled rows of the busiest value; 1: nothing can be said of hot keys */
  readonly rows: number;
  /** seconds that one partition needs for it at least, at 1,000 units a second */
  readonly seconds: number;
  /** units a second of the busiest value at the rate */
  readonly perSecond?: number;
  /** at the rate, more than one partition takes; where no rate is known, a tenth of all or more */
  readonly hot: boolean;
}
