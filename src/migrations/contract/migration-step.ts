import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndex, LookupIndexes } from './lookup-index.js';
import type { Decision, PlannedRow, Problem } from './outcome.js';
import type { RecordReader } from './record-reader.js';

/** Look-ups that steps have in common while they are verified together. */
export interface SharedLookups {
  /**
   * Indexes of these names, filled by whoever asks first and once for all. Each who asks closes its own; what it puts
   * into it is seen by nobody else. Steps that fill them differently need different names.
   */
  filled(
    names: readonly string[],
    fill: (indexes: readonly LookupIndex[]) => Promise<void>,
  ): Promise<readonly LookupIndex[]>;
}

/** What a step is given to build its look-ups. */
export interface StepContext {
  /** the tables as they stand; in a dry run, with the rows that the run would have created */
  readonly reader: RecordReader;
  readonly indexes: LookupIndexes;
  /** parallel parts to scan a look-up table in */
  readonly segments: number;
  /**
   * Where present, look-ups take a damaged row of an earlier step (edited since, or under another id) for what its
   * record says, so that one defect there is one finding and not one for each row that hangs on it. Rows that a run
   * has reported as conflicts are somebody's decision and taken as they are.
   */
  readonly repairing?: { inConflict(source: string): boolean };
  /** Absent where the step is on its own: then its look-ups are, too. */
  readonly shared?: SharedLookups;
  /** Why this row could never be stored (size limits of the store), stamp of `source` included; undefined if it could. */
  check(row: PlannedRow, source: string): Problem | undefined;
  readonly signal?: AbortSignal;
}

/** A row that a step needs beside those of its records, e.g. a placeholder person. */
export interface CompanionRow extends PlannedRow {
  /** the stamp's source: `<table>#<id>` of the record that it is written for */
  readonly source: string;
}

export interface ExpectedCompanion {
  readonly item: StoredItem;
  /** names; all other attributes the application may change when it takes the companion over */
  readonly identity: readonly string[];
}

/** A fault of a stored row that is seen only from its neighbours. */
export interface RowFault {
  readonly kind: 'orphan' | 'tenant';
  readonly field: string;
  readonly detail: string;
}

/**
 * Decides on records with the step's look-ups, which are built once per step. After `survey` it is a pure
 * function of the record: same record, same decision, in any order (invariant 2).
 */
export interface RecordPlanner {
  /**
   * Where present, sees every source record once before the first `plan`, in any order. For decisions that
   * depend on the whole table. Awaited.
   */
  survey?(record: StoredItem): Promise<void> | void;
  /** Where present: rows to insert (if absent) before the records' own, complete after the survey. */
  companions?(): AsyncIterable<CompanionRow>;
  plan(record: StoredItem): Decision;
  /**
   * Tells the planner that this row of ours is stored. True if a choice that it pins differs from the one that
   * `plan` would have made, so that its record has to be planned again. `edited`: somebody changed the row since,
   * so only the stamp's digest tells what the choice was; `record` is its source record. Omitted: nothing is pinned.
   * True as well where the row makes `plan` decide otherwise on any other record: then all have to be planned again.
   */
  pin?(row: StoredItem, edited?: { readonly record: StoredItem }): Promise<boolean> | boolean;
  /**
   * What a stored companion should be, judged by the record that its stamp names, and the attributes that rows rely on
   * (its identity). Undefined: nothing can be said beyond the stamp.
   */
  expectedCompanion?(row: StoredItem, record: StoredItem): ExpectedCompanion | undefined;
  /** Orphan and tenant-chain check of a stored row that carries our stamp. */
  audit?(table: string, row: StoredItem): RowFault | undefined;
  /** Releases the look-ups. */
  close(): Promise<void>;
}

/**
 * One kind of legacy record on its way into the new model. Steps never import steps; what one needs of another
 * it finds in the tables.
 */
export interface IMigrationStep {
  readonly name: string;
  /** one line for `plans` and reports */
  readonly title: string;
  /** the phase of the plan's document that this step is, as the progress comment names it */
  readonly phase: { readonly number: number; readonly title: string };
  /** literal name of the legacy table, whose partition key is `sourceKey` */
  readonly source: string;
  readonly sourceKey: string;
  /** the tables that rows of this step stand in → how their aggregates are loaded and stored */
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;
  /** ids in a row, besides its key, that the log of migrated records names; omitted: none */
  readonly loggedIds?: readonly string[];
  /** companion tables (look-up tables into which the step inserts); may be empty */
  readonly companionTables: readonly string[];
  /** steps that must stand validated in this environment before this one may run */
  readonly requires: readonly string[];
  prepare(context: StepContext): Promise<RecordPlanner>;
}

/** `<literal table>#<key as stored>`: how a source record is named in stamps, quarantine and reports. */
export function sourceName(step: Pick<IMigrationStep, 'source' | 'sourceKey'>, record: StoredItem): string {
  const key = record[step.sourceKey];
  const text = key === undefined ? '' : 'S' in key ? key.S : 'N' in key ? key.N : '';
  return `${step.source}#${text}`;
}
