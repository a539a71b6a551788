import { journalIsThere } from '../backup/located-backup.js';
import { BackupDrillService } from '../backup/backup-drill.service.js';
import { BackupService } from '../backup/backup.service.js';
import { NativeBackupService } from '../backup/native-backup.service.js';
import type { BackupParts } from '../backup/backup-parts.js';
import { RestoreService } from '../backup/restore.service.js';
import type { RestoreRequest, RestoreResult } from '../application.js';
import { RefusedError, UsageError } from '../ports/errors.js';
import type { Journal } from '../ports/journal.js';
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
      try {
        const result = await service.restore({ ...request, signal });
        await this.unprove(request, journal);
        return result;
      } catch (error) {
        // a restore that is refused has changed nothing
        const refused = error instanceof RefusedError || error instanceof UsageError;
        if (!refused) await this.unprove(request, journal);
        throw error;
      }
    });
  }

  /** Takes the verdicts back of the steps that read or write a table that was restored. */
  private async unprove({ plan, tables }: RestoreRequest, journal: Journal): Promise<void> {
    const steps = this.parts.plans.find(({ name }) => name === plan)?.steps ?? [];
    for (const state of await journal.states(plan)) {
      const step = steps.find(({ name }) => name === state.step);
      const concerned =
        step === undefined ? [] : [step.source, ...step.mappers.keys(), ...step.companionTables];
      const isConcerned = tables === undefined || concerned.some((table) => tables.includes(table));
      if (state.status === 'validated' && isConcerned)
        await journal.saveState({ ...state, status: 'running' });
    }
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
