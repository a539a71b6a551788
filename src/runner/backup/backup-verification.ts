import { ContentSum } from '../../domain/storage/content-sum.js';
import type { BackedUpTable, BackupArchive } from '../ports/backup-archive.js';
import { backupDamaged } from '../ports/backup-archive.js';
import type { Progress } from '../ports/progress.js';
import type { LocatedBackup } from './located-backup.js';

/**
 * Reads tables of a backup again, all by default: every file's checksum, the counts, and the digest of the content.
 * Throws `BACKUP_DAMAGED`.
 */
export async function verifyBackup(
  { archive, manifest }: LocatedBackup,
  progress: Progress,
  signal: AbortSignal | undefined,
  tables: readonly BackedUpTable[] = manifest.tables,
): Promise<void> {
  for (const table of tables) {
    progress.started(`verify ${table.physicalName}`, table.items);
    try {
      await verifyTable(archive, table, progress, signal);
    } finally {
      progress.finished();
    }
  }
}

async function verifyTable(
  archive: BackupArchive,
  table: BackedUpTable,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const sum = new ContentSum();
  for await (const rows of archive.rows(table, signal)) {
    sum.add(rows);
    progress.advanced(sum.count);
  }
  if (sum.count === table.items && sum.digest === table.digest) return;
  throw backupDamaged(
    archive.location,
    `${table.physicalName}/`,
    `holds ${sum.count} rows with the digest ${sum.digest}, waybill-backup.json says ${table.items} with ${table.digest}`,
  );
}
