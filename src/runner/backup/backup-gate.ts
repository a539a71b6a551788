import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { BackupEvidence, Override } from '../ports/attestation.js';
import type { Environment } from '../ports/environment.js';
import { RefusedError, StoreError } from '../ports/errors.js';
import type { TableAdmin } from '../ports/table-admin.js';

export interface BackupGateInput {
  readonly plan: MigrationPlan;
  readonly environment: Pick<Environment, 'name' | 'backup' | 'backupHours' | 'embedded'>;
  /** the verified backups of the plan; asked only where they matter */
  readonly backups: () => Promise<readonly BackupEvidence[]>;
  readonly admin: Pick<TableAdmin, 'physicalName' | 'pointInTimeRecovery'>;
  readonly now: Date;
  readonly overrides: readonly Override[];
}

const HOUR_MS = 3_600_000;

/** How far the clock of the machine that made a backup may be ahead of ours. */
const SKEW_MS = 10 * 60_000;

/**
 * Whether a run may begin as far as backups go (K-05): with a verified backup of every source and target table that
 * began within the environment's limit, or with point-in-time recovery on for all of them. Gives back what the operator
 * should know, undefined where all is well. Throws `RefusedError` (`BACKUP_REQUIRED`).
 */
export async function backupGate(input: BackupGateInput): Promise<string | undefined> {
  const { environment, overrides, plan } = input;
  const isRequired = environment.backup === 'required';
  if (!isRequired && environment.embedded) return undefined;
  const tables = tablesOf(input);
  const lacking = lackOf(await input.backups(), tables, input);
  if (lacking === undefined) return undefined;
  const unprotected = await withoutRecovery(input, tables);
  if (unprotected === undefined) return undefined;
  const message = `${lacking}, and ${unprotected}`;
  const override = overrides.find(({ gate }) => gate === 'backup');
  if (override !== undefined) {
    return `The backup gate was overridden by ${override.by} (${override.why}): ${message}.`;
  }
  const command = `node runner backup --env ${environment.name} --plan ${plan.name}`;
  if (!isRequired) return `No backup protects this run: ${message}. To make one: ${command}`;
  throw new RefusedError(
    'BACKUP_REQUIRED',
    `${environment.name} takes no run without a backup: ${message}.`,
    `Make one: ${command}. Or take it upon you: --without-backup "why" --by NAME`,
  );
}

/** physical name by literal name */
function tablesOf({ plan, admin }: BackupGateInput): ReadonlyMap<string, string> {
  return new Map(
    plan.tables
      .filter(({ role }) => role !== 'lookup')
      .map(({ name }) => [name, admin.physicalName(name)] as const),
  );
}

/** Why no backup counts; undefined where one does. Of several the reason of the newest is told. */
function lackOf(
  backups: readonly BackupEvidence[],
  tables: ReadonlyMap<string, string>,
  input: BackupGateInput,
): string | undefined {
  const newestFirst = backups.toSorted((left, right) => Date.parse(right.at) - Date.parse(left.at));
  const lacks = newestFirst.map((backup) => lackOfBackup(backup, tables, input));
  if (lacks.includes(undefined)) return undefined;
  return lacks[0] ?? `plan ${input.plan.name} has no verified backup here`;
}

function lackOfBackup(
  backup: BackupEvidence,
  tables: ReadonlyMap<string, string>,
  { environment, now }: BackupGateInput,
): string | undefined {
  const name = `backup ${backup.backup}`;
  const age = now.getTime() - Date.parse(backup.at);
  if (Number.isNaN(age)) return `${name} does not say when it began`;
  if (age < -SKEW_MS) return `${name} began in the future (${backup.at}): a clock is wrong`;
  if (age > environment.backupHours * HOUR_MS)
    return `${name} began at ${backup.at}, more than ${environment.backupHours} hours ago`;
  const held = new Set(backup.tables.map(({ physicalName }) => physicalName));
  const missing = [...tables.values()].filter((table) => !held.has(table));
  return missing.length === 0 ? undefined : `${name} lacks ${missing.join(', ')}`;
}

/** Which tables have no point-in-time recovery; undefined where all have it. */
async function withoutRecovery(
  { admin }: BackupGateInput,
  tables: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const [off, untold]: [string[], string[]] = [[], []];
  for (const [table, physicalName] of tables) {
    const isOn = await recoveryOf(admin, table);
    if (isOn === 'untold') untold.push(physicalName);
    else if (isOn !== true) off.push(physicalName);
  }
  if (off.length > 0) return `point-in-time recovery is off for ${off.join(', ')}`;
  if (untold.length > 0) return `the store does not tell whether ${untold.join(', ')} can be recovered`;
  return undefined;
}

/** A role without the permission to ask may still work with a backup of ours. */
async function recoveryOf(
  admin: BackupGateInput['admin'],
  table: string,
): Promise<boolean | undefined | 'untold'> {
  try {
    return await admin.pointInTimeRecovery(table);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_DENIED') return 'untold';
    throw error;
  }
}
