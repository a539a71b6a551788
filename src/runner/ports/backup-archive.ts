import type { StoredItem } from '../../domain/storage/stored-value.js';
import { RefusedError } from './errors.js';

/** A key of a table or index: attribute and role, in the store's order. */
export interface KeyElement {
  readonly name: string;
  readonly role: 'HASH' | 'RANGE';
}

/** What a table must be created with so that it is the same one again; names are the stored ones. */
export interface TableSchema {
  readonly keys: readonly KeyElement[];
  /** types of all key attributes, those of the indexes included */
  readonly attributes: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  readonly indexes: readonly IndexSchema[];
}

export interface IndexSchema {
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly keys: readonly KeyElement[];
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** attributes that are projected beside the keys, where `projection` is INCLUDE */
  readonly include?: readonly string[];
}

/** What was written of one table: enough to read it again and to know that it is all there. */
export interface ExportedTable {
  /** id of the export, which is also the name of its folder */
  readonly export: string;
  readonly items: number;
  /** of the data files, compressed */
  readonly bytes: number;
  readonly files: number;
}

/** One table of a backup. */
export interface BackedUpTable extends ExportedTable {
  /** literal name */
  readonly table: string;
  readonly physicalName: string;
  readonly schema: TableSchema;
  /** digest of the content, see `ContentSum` */
  readonly digest: string;
}

/** What a backup says of itself. It is written last, so that where it is, the backup is whole. */
export interface BackupManifest {
  readonly backup: string;
  readonly plan: string;
  readonly env: string;
  /** when the first table began to be read: what was written later may not be in it */
  readonly at: string;
  readonly endedAt: string;
  readonly tables: readonly BackedUpTable[];
}

/** The table that is exported, as its store knows it. */
export interface ExportSource {
  readonly physicalName: string;
  readonly arn?: string;
  readonly id?: string;
}

/** One table on its way into a backup. */
export interface TableExport {
  /** Writes one part of the table; parts may be written at once. Memory is bounded by a page for each part. */
  write(pages: AsyncIterable<readonly StoredItem[]>): Promise<void>;
  /** Writes the manifests of the table, after all its parts. */
  finish(): Promise<ExportedTable>;
}

/**
 * One backup at one place. Attribute names are the stored ones. Throws `RefusedError` (`BACKUP_MISSING`,
 * `BACKUP_DAMAGED`, `BACKUP_EXISTS`, `BACKUP_LOCATION`) and `StoreError`.
 */
export interface BackupArchive {
  /** folder or `s3://bucket/prefix` */
  readonly location: string;
  /** Makes sure that nothing is there and that we can write. Throws `BACKUP_EXISTS`. */
  claim(): Promise<void>;
  exportTable(source: ExportSource, startedAt: Date): Promise<TableExport>;
  /** Ends the backup. Nothing is a backup before that. */
  seal(manifest: BackupManifest): Promise<void>;
  /** Takes away, as far as that is possible, what was written since `claim`. */
  discard(): Promise<void>;
  /** Throws `BACKUP_MISSING` where no backup was ended. */
  manifest(): Promise<BackupManifest>;
  /**
   * All rows of a table in groups of bounded size. Checks the manifests before the first group, each file when it has
   * been read and the number of rows at the end; throws `BACKUP_DAMAGED`, which names the file.
   */
  rows(table: BackedUpTable, signal?: AbortSignal): AsyncIterable<readonly StoredItem[]>;
  close(): Promise<void>;
}

/** Places where backups are kept. */
export interface BackupArchives {
  /** of a new backup that is given no place */
  defaultLocation(backup: string): string;
  /** the newest whole backup of a plan and environment among those at default locations */
  newest(plan: string, env: string): Promise<string | undefined>;
  /** Throws `UsageError` (`BACKUP_LOCATION`) for a text that names no place. */
  open(location: string): Promise<BackupArchive>;
}

/** `file` is relative to the location. */
export function backupDamaged(location: string, file: string, what: string, cause?: unknown): RefusedError {
  return new RefusedError(
    'BACKUP_DAMAGED',
    `The backup at ${location} is damaged: ${file} ${what}.`,
    'Don’t use this backup: take another one (`node runner backup`), or name another place with --from.',
    cause === undefined ? undefined : { cause },
  );
}
