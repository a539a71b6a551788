import type { RestoreRequest, RestoreResult } from '../application.js';
import type { BackedUpTable } from '../ports/backup-archive.js';
import type { BackupTables } from '../ports/backup-tables.js';
import { EXIT, RefusedError, UsageError, WaybillError } from '../ports/errors.js';
import { planNamed } from '../services/service-parts.js';
import type { BackupParts } from './backup-parts.js';
import { stoppable } from './backup-parts.js';
import { verifyBackup } from './backup-verification.js';
import { withBackup, type LocatedBackup } from './located-backup.js';
import { admit, type AdmittedTarget } from './restore-admission.js';
import { isSameContent, keysOf, loadTable, type RestoreTarget } from './table-restore.js';

/** `restore`: into new tables or empty ones, never over rows. */
export class RestoreService {
  constructor(private readonly parts: BackupParts) {}

  /**
   * Reads what it is going to restore as a whole before it loads anything, looks at all tables before it loads any, and
   * compares each with the backup afterwards. May be repeated after it was killed. The caller holds the plan's lease.
   */
  restore(request: RestoreRequest): Promise<RestoreResult> {
    return stoppable(request.signal, 'The restore was stopped; the same command goes on with it.', () => {
      const plan = planNamed(this.parts, request.plan).name;
      this.requireConfirmation(request);
      return withBackup(this.parts, plan, request.from, (backup) => this.restoreFrom(backup, request));
    });
  }

  private async restoreFrom(backup: LocatedBackup, request: RestoreRequest): Promise<RestoreResult> {
    const targets = this.targets(backup, request);
    const tables = this.parts.openTables(
      targets.map(({ from, physicalName }) => ({ physicalName, use: 'load', keys: keysOf(from) })),
    );
    try {
      return await this.load(backup, targets, tables, request.signal);
    } finally {
      tables.close();
    }
  }

  private async load(
    backup: LocatedBackup,
    targets: readonly RestoreTarget[],
    tables: BackupTables,
    signal: AbortSignal | undefined,
  ): Promise<RestoreResult> {
    const { progress, unfinishedRestores } = this.parts;
    const { archive, manifest } = backup;
    await verifyBackup(
      backup,
      progress,
      signal,
      targets.map(({ from }) => from),
    );
    const admitted = await admit(targets, {
      backup: manifest.backup,
      archive,
      tables,
      unfinished: (physicalName) => unfinishedRestores.backupOf(physicalName),
      signal,
    });
    for (const target of admitted) await this.loadOne(backup, target, tables, signal);
    return {
      plan: manifest.plan,
      env: manifest.env,
      backup: manifest.backup,
      tables: admitted.map(({ from, physicalName, isNew }) => ({
        table: from.table,
        physicalName,
        created: isNew,
        items: from.items,
      })),
    };
  }

  private async loadOne(
    { archive, manifest }: LocatedBackup,
    target: AdmittedTarget,
    tables: BackupTables,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { environment, progress, unfinishedRestores, log } = this.parts;
    const { from, physicalName, isNew } = target;
    await unfinishedRestores.begin(physicalName, manifest.backup);
    const sum = await loadTable(archive, tables, target, {
      create: isNew ? { deletionProtection: environment.production } : undefined,
      segments: environment.segments,
      progress,
      signal,
    });
    if (!isSameContent(sum, from)) throw differs(physicalName, from, sum.count);
    await unfinishedRestores.end(physicalName);
    log.event('info', 'restore.table', { table: physicalName, items: from.items, backup: manifest.backup });
  }

  private targets({ manifest }: LocatedBackup, { tables, suffix = '' }: RestoreRequest): RestoreTarget[] {
    const known = manifest.tables.map(({ table }) => table);
    const unknown = (tables ?? []).filter((table) => !known.includes(table));
    if (unknown.length > 0) {
      throw new UsageError(
        'TABLE_UNKNOWN',
        `The backup holds no ${unknown.join(', ')}.`,
        `It holds: ${known.join(', ')}.`,
      );
    }
    const chosen = manifest.tables.filter(({ table }) => tables?.includes(table) ?? true);
    return chosen.map((from) => ({ from, physicalName: this.physicalName(from, suffix) }));
  }

  /** As the environment names the table today: what runs go by. */
  private physicalName({ table }: BackedUpTable, suffix: string): string {
    const name = this.parts.admin.physicalName(table) + suffix;
    if (/^[A-Za-z0-9_.-]{3,255}$/.test(name)) return name;
    throw new UsageError(
      'SUFFIX_INVALID',
      `${name} can’t be the name of a table.`,
      'A suffix has letters, digits, _ . and - only; a name has at most 255 characters.',
    );
  }

  private requireConfirmation(request: RestoreRequest): void {
    const { environment } = this.parts;
    const isBeside = (request.suffix ?? '') !== '';
    if (!environment.production || request.confirmProduction || isBeside) return;
    throw new RefusedError(
      'PRODUCTION_UNCONFIRMED',
      `${environment.name} is a production environment`,
      'Add --confirm-production if you mean it; with --suffix the tables are restored beside the live ones.',
    );
  }
}

function differs(physicalName: string, { items }: BackedUpTable, found: number): WaybillError {
  const what = found === items ? 'as many rows, but not the same' : `${found} rows`;
  return new WaybillError(
    EXIT.failed,
    'RESTORE_DIFFERS',
    `${physicalName} is not what the backup holds: expected ${items} rows, found ${what}.`,
    'Somebody else wrote to the table while it was restored: stop that, remove the table, and run the command again.',
  );
}
