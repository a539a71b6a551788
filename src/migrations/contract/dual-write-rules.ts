import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { IMigrationStep } from './migration-step.js';
import type { TableDefinition } from './table.js';

/**
 * The run that rows of dual writes are stamped with. Such a row is never older than its record, so that a run which finds
 * another content than it wants reads the record again before it replaces the row.
 */
export const DUAL_WRITE_RUN = 'dual-write';

/**
 * What dual writes need to know of a step, so that the application's writes come to the same rows as a run: the step
 * itself decides. For steps whose records have one row each, under a key that follows from the record's own.
 */
export interface DualWriteRules {
  readonly plan: string;
  readonly step: IMigrationStep;
  /** the step's legacy table */
  readonly legacy: TableDefinition;
  /** the table of its rows */
  readonly current: TableDefinition;
  /** The key of a record's row. */
  rowKey(recordKey: StoredItem): StoredItem;
  /** The record of a row: the way back, for rows that have no record any more. */
  recordOf(row: StoredItem): StoredItem;
  /** Other legacy records that the decision on this one depends on, as they stand. Omitted: on none. */
  neighbours?(record: StoredItem): Promise<readonly StoredItem[]>;
  /**
   * Rows of others that a new row must not collide with, though the step has chosen as if they were not there. The step
   * is asked again with them until there are none. Omitted: there are never any.
   */
  rivals?(record: StoredItem, row: StoredItem): Promise<readonly StoredItem[]>;
}
