import { randomBytes } from 'node:crypto';

import type { BackupLocation, DrillResult } from '../application.js';
import type { BackupTables } from '../ports/backup-tables.js';
import { StoreError, WaybillError } from '../ports/errors.js';
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
    const loaded = await settled(
      loadTable(archive, tables, target, {
        create: { deletionProtection: false },
        segments: environment.segments,
        progress,
        signal,
      }),
    );
    const removed = await settled(tables.drop(physicalName));
    if ('error' in removed) await this.tellLeft(tables, physicalName, removed.error, loaded);
    if ('error' in loaded) throw loaded.error;
    const sum = loaded.value;
    const equal = isSameContent(sum, from);
    return { table: from.table, scratchTable: physicalName, items: from.items, restored: sum.count, equal };
  }

  /** Throws where the table that could not be removed is there, or may be. */
  private async tellLeft(
    tables: BackupTables,
    physicalName: string,
    cause: unknown,
    loaded: Settled<unknown>,
  ): Promise<void> {
    const found = await settled(tables.describe(physicalName));
    const isUnseen = 'error' in found;
    if (!isUnseen && found.value === undefined) return;
    // what failed first is the one to tell, where it may well be that there is no table because of it
    if (isUnseen && 'error' in loaded && loaded.error instanceof WaybillError)
      throw perhapsLeft(physicalName, loaded.error);
    throw tableLeft(physicalName, cause, loaded);
  }
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

async function settled<T>(work: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}

/** Tells also what had failed before, for that is what the drill was about. */
function tableLeft(physicalName: string, cause: unknown, loaded: Settled<unknown>): StoreError {
  const before = 'error' in loaded ? ` Before that: ${wordsOf(loaded.error)}` : '';
  return new StoreError(
    'DRILL_TABLE_LEFT',
    `The scratch table ${physicalName} could not be removed: ${wordsOf(cause)}${before}`,
    `Remove it: aws dynamodb delete-table --table-name ${physicalName}`,
    { cause },
  );
}

function perhapsLeft(physicalName: string, first: WaybillError): WaybillError {
  return new WaybillError(
    first.exit,
    first.code,
    first.message,
    `${first.next} Whether the scratch table ${physicalName} was made could not be seen; if it is there, remove it: ` +
      `aws dynamodb delete-table --table-name ${physicalName}`,
    { cause: first },
  );
}

/** Our own errors hold no data; those of others may. */
function wordsOf(error: unknown): string {
  if (error instanceof WaybillError) return `${error.code}: ${error.message}`;
  return `${error instanceof Error ? error.name : typeof error}.`;
}

/** Recognisable, and no table's name so far. */
function scratchName(physicalName: string): string {
  const end = `-drill-${randomBytes(6).toString('hex')}`;
  return physicalName.slice(0, LONGEST_NAME - end.length) + end;
}
