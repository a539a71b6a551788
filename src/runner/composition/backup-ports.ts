import { join } from 'node:path';
import { ExportArchives } from '../../infrastructure/backup/archives.js';
import { DynamoBackupTables } from '../../infrastructure/backup/dynamo-backup-tables.js';
import { DynamoNativeBackups } from '../../infrastructure/backup/dynamo-native-backups.js';
import { RestoreNotes } from '../../infrastructure/backup/restore-notes.js';
import type { BackupPorts } from '../backup/backup-parts.js';
import type { Environment } from '../ports/environment.js';
import type { GuardedClients } from './guarded-clients.js';

/** Backups in folders, in S3 and by the store itself, each through a client that permits no more than it needs. */
export function backupPorts(environment: Environment, clients: GuardedClients, state: string): BackupPorts {
  const { region, concurrency, embedded } = environment;
  const folder = join(state, 'backups');
  return {
    archives: new ExportArchives({ folder, ...(region === undefined ? {} : { region }) }),
    openTables: (uses) =>
      new DynamoBackupTables({
        uses,
        concurrency,
        client: (policy) => clients.client(policy, { concurrency }),
        ...(embedded ? { interval: 20 } : {}),
      }),
    unfinishedRestores: new RestoreNotes(join(state, 'restores', environment.name)),
    openNativeBackups: (physicalNames) =>
      new DynamoNativeBackups(clients.unguarded({ concurrency: 4 }), physicalNames),
  };
}
