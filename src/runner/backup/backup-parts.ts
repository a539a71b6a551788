import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { BackupArchives } from '../ports/backup-archive.js';
import type { OpenNativeBackups } from '../ports/backup-native.js';
import type { UnfinishedRestores } from '../ports/backup-restores.js';
import type { OpenBackupTables } from '../ports/backup-tables.js';
import { EXIT, WaybillError } from '../ports/errors.js';
import type { ServiceParts } from '../services/service-parts.js';

/** Where backups go and come from; bound by the composition root. */
export interface BackupPorts {
  readonly archives: BackupArchives;
  readonly openTables: OpenBackupTables;
  readonly unfinishedRestores: UnfinishedRestores;
  readonly openNativeBackups: OpenNativeBackups;
}

/** What the services of backups need. */
export type BackupParts = BackupPorts &
  Pick<
    ServiceParts,
    'environment' | 'plans' | 'admin' | 'journal' | 'journalTable' | 'log' | 'progress' | 'now' | 'random'
  >;

/** A table of a plan under both its names. */
export interface NamedTable {
  readonly table: string;
  readonly physicalName: string;
}

/** The tables that a backup of a plan holds: all but the journal, which is the engine's own record. */
export function tablesOf(plan: MigrationPlan, { admin }: Pick<BackupParts, 'admin'>): NamedTable[] {
  return plan.tables.map(({ name }) => ({ table: name, physicalName: admin.physicalName(name) }));
}

/** Tables that are none of the plan's and that its backups keep as well. */
export function archivedOf(plan: MigrationPlan, { admin }: Pick<BackupParts, 'admin'>): NamedTable[] {
  return (plan.archived ?? []).map((table) => ({ table, physicalName: admin.physicalName(table) }));
}

/** Work that ends with exit 4, whatever it was doing, where somebody stopped it. */
export async function stoppable<T>(
  signal: AbortSignal | undefined,
  message: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    if (signal.reason instanceof WaybillError) throw signal.reason;
    throw new WaybillError(
      EXIT.aborted,
      'ABORTED',
      message,
      'Run the same command again when you are ready.',
      { cause: error },
    );
  }
}
