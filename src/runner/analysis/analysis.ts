import type { MappingDocument } from '../checklist-requests.js';
import type { Balance } from '../../migrations/contract/balance.js';
import type { Outcome } from '../../migrations/contract/outcome.js';
import type { TableRole } from '../../migrations/contract/table.js';
import type { RateLimits } from '../ports/rates.js';

export interface AnalyzeRequest extends Pick<RateLimits, 'maxRcu'> {
  readonly plan: string;
  readonly signal?: AbortSignal;
}

/** A table as it stands. */
export interface AnalyzedTable {
  /** literal name */
  readonly table: string;
  readonly physicalName: string;
  /** of a plan's table its role; `archived`: looked at, never migrated; `untouched`: none of the plan's business */
  readonly group: TableRole | 'archived' | 'untouched';
  readonly found: boolean;
  /**
   * `scan`: every row was read; `store`: the store's own figures, which lag behind by hours on AWS, because no row of the
   * table is read. Absent: there is no such table.
   */
  readonly counted?: 'scan' | 'store';
  readonly items?: number;
  /** as the store counts them towards its limits, rows only */
  readonly bytes?: number;
  /** bytes of a row on average; absent where there is none */
  readonly averageBytes?: number;
  /** rows with a stamp of a step that writes to this table */
  readonly migrated?: number;
}

/** A decision on a record that the plan accounts for by itself. */
export interface AnalyzedDecision {
  readonly source: string;
  /** what becomes of the record; of `rows`, the rows would be made or are there already */
  readonly outcome: 'rows' | Extract<Outcome, 'skipped' | 'quarantined'>;
  /** the rule, or the reason why it could not be decided */
  readonly rule: string;
  readonly key?: string;
  readonly detail: string;
}

/** What a step would decide now. */
export interface AnalyzedStep {
  readonly step: string;
  readonly records: number;
  /** rule → records */
  readonly rules: Readonly<Record<string, number>>;
  /** the first 10,000; `records` counts all */
  readonly decisions: readonly AnalyzedDecision[];
}

/** What the records of a step amount to, and what of it has moved. */
export interface AnalyzedBalance extends Balance {
  readonly step: string;
}

/** What there is to migrate and what the plan makes of it (E-01, E-14). Nothing is written. */
export interface Analysis {
  readonly plan: string;
  readonly title: string;
  readonly env: string;
  readonly at: string;
  readonly tables: readonly AnalyzedTable[];
  /** of steps that account for their decisions */
  readonly steps: readonly AnalyzedStep[];
  /** of steps whose records can be told in figures; absent: of none, or a table is missing */
  readonly balances?: readonly AnalyzedBalance[];
  readonly mapping: MappingDocument;
}
