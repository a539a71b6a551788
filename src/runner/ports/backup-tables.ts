import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { TableSchema } from './backup-archive.js';

/** A table as backups need to know it, by its physical name. */
export interface SchemaDescription {
  readonly schema: TableSchema;
  /** the store's word, `ACTIVE` where it can be used */
  readonly status: string;
  /** an estimate */
  readonly itemCount?: number;
  readonly arn?: string;
  readonly id?: string;
}

/**
 * What is going to be done with a table: `read` it, `load` rows that are absent, or make, load and delete a `scratch`
 * table. Nothing else is permitted by the client (invariant 3).
 */
export interface TableUse {
  readonly physicalName: string;
  readonly use: 'read' | 'load' | 'scratch';
  /** stored names of the key attributes, partition key first; may be empty for `read` */
  readonly keys: readonly string[];
}

/** Tables by their physical names and rows in their stored names: backups know no mapping. Throws `StoreError`. */
export interface BackupTables {
  /** undefined where there is no such table */
  describe(physicalName: string): Promise<SchemaDescription | undefined>;
  /** Creates the table on demand and waits until it and its indexes are ACTIVE. */
  create(
    physicalName: string,
    schema: TableSchema,
    options: { readonly deletionProtection: boolean; readonly signal?: AbortSignal },
  ): Promise<void>;
  /** strongly consistent */
  rows(
    physicalName: string,
    options?: {
      readonly segment?: { readonly index: number; readonly total: number };
      readonly signal?: AbortSignal;
    },
  ): AsyncIterable<readonly StoredItem[]>;
  /** Strongly consistent, in the order of the keys; undefined where there is none. */
  get(physicalName: string, keys: readonly StoredItem[]): Promise<(StoredItem | undefined)[]>;
  /** Inserts the rows whose keys are absent; gives back how many were. Throws `StoreError` (`RESTORE_REJECTED`). */
  load(physicalName: string, rows: readonly StoredItem[]): Promise<number>;
  /** Deletes a scratch table, also one that is still being created; fine where there is none. */
  drop(physicalName: string): Promise<void>;
  close(): void;
}

export type OpenBackupTables = (uses: readonly TableUse[]) => BackupTables;
