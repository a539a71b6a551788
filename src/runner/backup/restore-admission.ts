import { sameRow } from '../../domain/storage/canonical-digest.js';
import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import type { BackupArchive } from '../ports/backup-archive.js';
import type { BackupTables } from '../ports/backup-tables.js';
import { RefusedError } from '../ports/errors.js';
import { keysOf, type RestoreTarget } from './table-restore.js';

export interface AdmittedTarget extends RestoreTarget {
  /** there is no such table yet */
  readonly isNew: boolean;
}

interface Admission {
  readonly backup: string;
  readonly archive: BackupArchive;
  readonly tables: BackupTables;
  /** the backup whose restore into this table did not end */
  readonly unfinished: (physicalName: string) => Promise<string | undefined>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Looks at all tables before anything is loaded into any: each must be absent, or be empty and have the same keys. The
 * one exception is a restore that was killed and is repeated: its note must name this very backup, and every row in the
 * table must be a row of it. Throws `RESTORE_NOT_EMPTY`, `RESTORE_KEYS_DIFFER`, `RESTORE_NOT_ACTIVE`.
 */
export async function admit(
  targets: readonly RestoreTarget[],
  admission: Admission,
): Promise<AdmittedTarget[]> {
  const admitted: AdmittedTarget[] = [];
  const filled: string[] = [];
  for (const target of targets) {
    const found = await admission.tables.describe(target.physicalName);
    admitted.push({ ...target, isNew: found === undefined });
    if (found === undefined) continue;
    requireActive(target, found.status);
    requireKeys(target, found.schema.keys);
    if (await isEmpty(admission.tables, target.physicalName)) continue;
    const unfinished = await admission.unfinished(target.physicalName);
    const mayGoOn = unfinished === admission.backup && (await holdsNothingElse(target, admission));
    if (!mayGoOn) filled.push(target.physicalName);
  }
  if (filled.length === 0) return admitted;
  throw new RefusedError(
    'RESTORE_NOT_EMPTY',
    `Rows are never restored over rows: ${filled.join(', ')} ${filled.length === 1 ? 'is' : 'are'} not empty. Nothing was loaded.`,
    'Restore beside them with --suffix, or move those tables away first.',
  );
}

function requireActive({ physicalName }: RestoreTarget, status: string): void {
  if (status === 'ACTIVE' || status === 'UPDATING') return;
  throw new RefusedError(
    'RESTORE_NOT_ACTIVE',
    `${physicalName} can’t be loaded: it is ${status}. Nothing was loaded.`,
    'Wait until the table is ACTIVE or gone, then run the command again.',
  );
}

function requireKeys(
  { from, physicalName }: RestoreTarget,
  found: RestoreTarget['from']['schema']['keys'],
): void {
  const spelled = (keys: typeof found): string =>
    keys.map(({ name, role }) => `${name} (${role})`).join(', ');
  const [wanted, there] = [spelled(from.schema.keys), spelled(found)];
  if (wanted === there) return;
  throw new RefusedError(
    'RESTORE_KEYS_DIFFER',
    `${physicalName} has other keys than the backup: ${there} instead of ${wanted}. Nothing was loaded.`,
    'Restore into a new table with --suffix.',
  );
}

async function isEmpty(tables: BackupTables, physicalName: string): Promise<boolean> {
  for await (const rows of tables.rows(physicalName)) if (rows.length > 0) return false;
  return true;
}

/** Whether every row of the table is a row of the backup: those that are found equal are all there are. */
async function holdsNothingElse(
  { from, physicalName }: RestoreTarget,
  { archive, tables, signal }: Admission,
): Promise<boolean> {
  const keys = keysOf(from);
  let equal = 0;
  for await (const rows of archive.rows(from, signal)) {
    const found = await tables.get(
      physicalName,
      rows.map((row) => keyOf(row, keys)),
    );
    for (const [index, row] of rows.entries()) {
      const there = found[index];
      if (there === undefined) continue;
      if (!sameRow(there, row)) return false;
      equal += 1;
    }
  }
  let count = 0;
  for await (const rows of tables.rows(physicalName)) count += rows.length;
  return count === equal;
}

function keyOf(row: StoredItem, names: readonly string[]): StoredItem {
  return Object.fromEntries(names.map((name) => [name, row[name] as StoredValue]));
}
