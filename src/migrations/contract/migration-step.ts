import type { AccessPattern } from './access-pattern.js';
import type { Balance } from './balance.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndex, LookupIndexes } from './lookup-index.js';
import type { Decision, PlannedRow, Problem } from './outcome.js';
import type { RecordReader } from './record-reader.js';
import type { TotalsOfRows } from './row-totals.js';
import type { RowUse } from './row-use.js';
import { keyText, rowKey, type RowKey } from './row-key.js';

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
  /**
   * When the run began, ISO 8601 in UTC: the same in every process of it. Absent where nobody runs (validations, forecasts):
   * then rows that are not stored yet are only imagined.
   */
  readonly startedAt?: string;
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
  readonly kind: 'orphan' | 'tenant' | 'duplicate';
  readonly field: string;
  /** of an orphan: key text of the row that it misses; omitted: the text of `field` */
  readonly missing?: string;
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
  /** Orphan, tenant-chain and uniqueness check of a stored row that carries our stamp. */
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
  /** literal name of the legacy table, whose keys are `sourceKey` and, where it has one, `sourceSortKey` */
  readonly source: string;
  /** its partition key */
  readonly sourceKey: string;
  /** its sort key; omitted: it has none */
  readonly sourceSortKey?: string;
  /** the tables that rows of this step stand in → how their aggregates are loaded and stored */
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;
  /**
   * Which rows of its target tables are this step's, where other steps of the plan read the same legacy table and write
   * to the same tables: stamps alone do not tell them apart. Tell it by the key, which nobody can change. Omitted: all
   * rows are whose stamps name its legacy table.
   */
  owns?(row: StoredItem): boolean;
  /** ids in a row, besides its key, that the log of migrated records names; omitted: none */
  readonly loggedIds?: readonly string[];
  /** which of its rows a rollback keeps as long as others need them; omitted: it asks nobody */
  readonly inUse?: readonly RowUse[];
  /** how the application asks for its rows, tried with some of them by every verification; omitted: nothing is tried */
  readonly accessPatterns?: readonly AccessPattern[];
  /**
   * What `pin` and `audit` say of a stored row follows from the row and from what `prepare` and `survey` have built, not
   * from rows that they were told of before. So another process may go on with a verification. Omitted: each begins anew.
   */
  readonly verifiesInParts?: true;
  /** companion tables (look-up tables into which the step inserts); may be empty */
  readonly companionTables: readonly string[];
  /** its decisions come with accounts, which `analyze` shows in advance; omitted: they don't */
  readonly accounts?: boolean;
  /** steps that must stand validated in this environment before this one may run */
  readonly requires: readonly string[];
  /** what its rows amount to, compared by every verification; omitted: nothing beyond the fields */
  readonly totals?: TotalsOfRows;
  /** What its records amount to, where that can be said in figures; omitted: it can't. Reads whole tables, writes nothing. */
  balance?(context: StepContext): Promise<Balance>;
  prepare(context: StepContext): Promise<RecordPlanner>;
}

/** A step's legacy table and its keys. */
export type StepSource = Pick<IMigrationStep, 'source' | 'sourceKey' | 'sourceSortKey'>;

/** `<literal table>#<key text>` (see `RowKey`): how a source record is named in stamps, quarantine and reports. */
export function sourceName(step: StepSource, record: StoredItem): string {
  return `${step.source}#${keyText(record, step.sourceKey, step.sourceSortKey)}`;
}

/** Whether a row of a target table, with a stamp that names this source, was written for a record of this step. */
export function isOwnRow(
  step: Pick<IMigrationStep, 'source' | 'owns'>,
  row: StoredItem,
  source: string | undefined,
): boolean {
  return source?.startsWith(`${step.source}#`) === true && step.owns?.(row) !== false;
}

/** The key of the record that a name names; undefined where it names none of this step's table. */
export function sourceRecordKey(step: StepSource, name: string): StoredItem | undefined {
  const prefix = `${step.source}#`;
  return name.startsWith(prefix) ? sourceRowKey(step).parse(name.slice(prefix.length)) : undefined;
}

function sourceRowKey({ source, sourceKey, sourceSortKey }: StepSource): RowKey {
  const sort = sourceSortKey === undefined ? {} : { sortKey: sourceSortKey };
  return rowKey({ name: source, partitionKey: sourceKey, ...sort });
}
