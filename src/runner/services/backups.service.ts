import { journalIsThere } from '../backup/located-backup.js';
import { BackupDrillService } from '../backup/backup-drill.service.js';
import { BackupService } from '../backup/backup.service.js';
import { NativeBackupService } from '../backup/native-backup.service.js';
import type { BackupParts } from '../backup/backup-parts.js';
import { RestoreService } from '../backup/restore.service.js';
import type { RestoreRequest, RestoreResult } from '../application.js';
import { RefusedError } from '../ports/errors.js';
import { leased } from './leased-work.js';
import type { ServiceParts } from './service-parts.js';

/** The services around backups, for compositions that have a place for them. */
export class BackupsService {
  constructor(private readonly parts: ServiceParts) {}

  get backups(): BackupService {
    return new BackupService(this.required());
  }

  get native(): NativeBackupService {
    return new NativeBackupService(this.required());
  }

  get drill(): BackupDrillService {
    return new BackupDrillService(this.required());
  }

  /**
   * Over the plan's own tables nobody migrates meanwhile, and what was proven of them is proven no more: a `validate` or a
   * run says where they stand. Where even the journal is lost, there is no lease either: then a restore comes first.
   */
  async restore(request: RestoreRequest): Promise<RestoreResult> {
    const parts = this.required();
    const service = new RestoreService(parts);
    if (request.suffix !== undefined || !(await journalIsThere(parts))) return service.restore(request);
    return leased(this.parts, 'restore', request, async ({ signal, journal }) => {
      for (const state of await journal.states(request.plan)) {
        if (state.status === 'validated') await journal.saveState({ ...state, status: 'running' });
      }
      return service.restore({ ...request, signal });
    });
  }

  private required(): BackupParts {
    const { backups } = this.parts;
    if (backups !== undefined) return { ...this.parts, ...backups };
    throw new RefusedError(
      'BACKUPS_UNAVAILABLE',
      'this composition of the runner has no place for backups',
      'Use the command line, or bind `backups` where the application is put together.',
    );
  }
}
