import { randomBytes } from 'node:crypto';

import type { BackupLocation, DrillResult } from '../application.js';
import type { BackupTables } from '../ports/backup-tables.js';
import { StoreError } from '../ports/errors.js';
import { planNamed } from '../services/service-parts.js';
import type { BackupParts } from './backup-parts.js';
import { stoppable } from './backup-parts.js';
import { verifyBackup } from './backup-verification.js';
import { withBackup, type LocatedBackup } from './located-backup.js';
import { isSameContent, keysOf, loadTable, type RestoreTarget } from './table-restore.js';

type DrilledTable = DrillResult['tables'][number];

const LONGEST_NAME = 255;

/** `backup drill`: proves that a backup can be restored, in tables of its own that it removes again. */
export class BackupDrillService {
  constructor(private readonly parts: BackupParts) {}

  drill(request: BackupLocation): Promise<DrillResult> {
    const { signal } = request;
    return stoppable(signal, 'The drill was stopped; its tables were removed.', () => {
      const plan = planNamed(this.parts, request.plan).name;
      return withBackup(this.parts, plan, request.from, async (backup) => {
        const targets = backup.manifest.tables.map((from) => ({
          from,
          physicalName: scratchName(from.physicalName),
        }));
        const tables = this.parts.openTables(
          targets.map(({ from, physicalName }) => ({ physicalName, use: 'scratch', keys: keysOf(from) })),
        );
        try {
          return await this.restoreAll(backup, targets, tables, signal);
        } finally {
          tables.close();
        }
      });
    });
  }

  private async restoreAll(
    backup: LocatedBackup,
    targets: readonly RestoreTarget[],
    tables: BackupTables,
    signal: AbortSignal | undefined,
  ): Promise<DrillResult> {
    await verifyBackup(backup, this.parts.progress, signal);
    const drilled: DrilledTable[] = [];
    for (const target of targets) drilled.push(await this.restoreOne(backup, target, tables, signal));
    const { plan, env, backup: name } = backup.manifest;
    const passed = drilled.every(({ equal }) => equal);
    this.parts.log.event(passed ? 'info' : 'error', 'backup.drilled', { backup: name, passed });
    return { plan, env, backup: name, passed, tables: drilled };
  }

  /** One after another, so that no more than one copy of a table is there at a time. */
  private async restoreOne(
    { archive }: LocatedBackup,
    target: RestoreTarget,
    tables: BackupTables,
    signal: AbortSignal | undefined,
  ): Promise<DrilledTable> {
    const { environment, progress } = this.parts;
    const { from, physicalName } = target;
    let sum;
    try {
      sum = await loadTable(archive, tables, target, {
        create: { deletionProtection: false },
        segments: environment.segments,
        progress,
        signal,
      });
    } finally {
      await this.remove(tables, physicalName);
    }
    const equal = isSameContent(sum, from);
    return { table: from.table, scratchTable: physicalName, items: from.items, restored: sum.count, equal };
  }

  /** Also after a failure or a stop; takes no signal. */
  private async remove(tables: BackupTables, physicalName: string): Promise<void> {
    try {
      await tables.drop(physicalName);
    } catch (error) {
      throw new StoreError(
        'DRILL_TABLE_LEFT',
        `The scratch table ${physicalName} could not be removed.`,
        `Remove it: aws dynamodb delete-table --table-name ${physicalName}`,
        { cause: error },
      );
    }
  }
}

/** Recognisable, and no table's name so far. */
function scratchName(physicalName: string): string {
  const end = `-drill-${randomBytes(6).toString('hex')}`;
  return physicalName.slice(0, LONGEST_NAME - end.length) + end;
}
