import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IamResult } from '../application.js';
import type { Environment } from '../ports/environment.js';
import * as actions from './actions.js';
import { allow, deny, partition, policyDocument, tableArn, type PolicyStatement } from './policy-document.js';

type Policy = IamResult['policies'][number];

/** The journal of the environment before this one: a run reads its evidence there. */
export interface PredecessorJournal {
  /** undefined: unknown */
  readonly region?: string;
  readonly physicalName: string;
}

/** To be replaced by the bucket that the operator chose: a policy for every bucket would be no least privilege. */
export const BUCKET_PLACEHOLDER = 'NAME-OF-THE-BUCKET';

/**
 * Least-privilege policies for the role that runs a plan in an environment, by what they are needed for. Resources are the
 * physical tables in the environment's region (any region where it names none) and in the account of the role. Secondary
 * indexes are read by those plans only that try how the application asks for rows. `predecessor`: only where its journal is in the same account.
 * `restoreSuffix`: what `restore --suffix` puts behind the names of the tables that it makes; they are all that the
 * restore policy then covers besides the scratch tables of drills. `beside`: what runs need of other services.
 */
export function iamPolicies(
  plan: Pick<MigrationPlan, 'name' | 'tables'> &
    Partial<Pick<MigrationPlan, 'steps' | 'archived' | 'untouched'>>,
  environment: Pick<Environment, 'name' | 'region'>,
  journalTable: string,
  physicalName: (table: string) => string,
  predecessor?: PredecessorJournal,
  restoreSuffix = '',
  beside: readonly PolicyStatement[] = [],
): readonly Policy[] {
  const tables = arnsOf(plan, environment, physicalName);
  // what is archived comes back from a backup like the plan's own tables
  const kept = { tables: [...plan.tables, ...(plan.archived ?? []).map(archivedTable)] };
  const restored = arnsOf(kept, environment, (table) => physicalName(table) + restoreSuffix);
  const journal = tableArn(physicalName(journalTable), environment.region);
  const arn = (table: string): string => tableArn(physicalName(table), environment.region);
  const archived = (plan.archived ?? []).map(arn);
  const neighbours = [...archived, ...(plan.untouched ?? []).map(arn)];
  const named = (purpose: string): string => `waybill-${plan.name}-${environment.name}-${purpose}`;
  const policy = (
    purpose: string,
    attach: Policy['attach'],
    why: string,
    statements: readonly PolicyStatement[],
  ): Policy => ({ name: named(purpose), attach, why, document: policyDocument(statements) });
  return [
    policy('run', 'always', WHY.run, [
      allow('ReadTables', actions.READ, tables.all),
      allow('AskAsTheApplication', actions.ASK, isAsked(plan) ? tables.asked : []),
      allow('WriteTargets', actions.TARGET, tables.targets),
      allow('InsertIntoLookups', actions.INSERT, tables.insertable),
      allow('Journal', actions.JOURNAL, [journal]),
      allow('EvidenceOfTheEnvironmentBefore', actions.JOURNAL_READ, predecessorArns(predecessor)),
      ...beside,
      allow('DescribeNeighbours', actions.DESCRIBE, neighbours),
      deny('NeverWriteSources', actions.WRITES, tables.readOnly),
      deny('NeverWriteNeighbours', actions.WRITES, neighbours),
    ]),
    policy('long-rows', 'fallback', WHY.fallback, [allow('PutRows', actions.FALLBACK, tables.written)]),
    policy('rollback', 'rollback', WHY.rollback, [allow('RemoveRows', actions.ROLLBACK, tables.written)]),
    policy('tables', 'tables', WHY.tables, [
      allow('CreateTables', actions.TABLES, [...tables.targets, journal]),
    ]),
    policy('backup', 'backup', WHY.backup, [
      allow('ReadArchivedTables', actions.READ, archived),
      ...backupStatements([...tables.all, ...archived], environment.region),
    ]),
    policy('restore', 'backup', `${WHY.restore} ${restoreCovers(restoreSuffix)}`, [
      allow('LoadTables', actions.LOAD, restored.all),
      allow('ScratchTables', actions.SCRATCH, arnsOf(kept, environment, physicalName).scratch),
      allow('Journal', actions.JOURNAL, [journal]),
    ]),
  ];
}

const WHY = {
  run: 'Runs, validations, retries and reports. Every table is read; targets take inserts, which cannot overwrite, and updates (UpdateItem, on condition of the whole row; PartiQLSelect and PartiQLUpdate are the same rights in the other notation); look-up tables that the plan extends take inserts only. Writing to sources is denied whatever else the role may do, so seeding demo data and restoring a source need another role. Tables that are encrypted with a key of your own need kms:Decrypt on it besides.',
  fallback:
    'Only where a run stops because PutItem is denied: rows with so many attributes that their INSERT would pass 8,192 characters, and rows of a batch that was refused as a whole, are put one by one on condition that there is no row. IAM cannot tell such a put from one that overwrites; the runner refuses to send those.',
  rollback:
    'Only while rows are rolled back: each delete is on condition of the whole row, and a row that gained an attribute at that very moment is put back. IAM cannot tell that from an unconditional one; the runner refuses to send those.',
  tables: 'Only for `tables create`: the target tables and the journal.',
  backup:
    'Only for backups, besides the policy for runs: in a folder or in S3 (put the name of your bucket in the place of NAME-OF-THE-BUCKET, or leave these statements out), and with --native the backups and exports of AWS itself.',
  restore:
    'Only for restores and drills: loads rows that are absent into new or empty tables, and into scratch tables that are removed again. Attach it to a role that does not have the policy for runs where sources are to be restored: that one denies it.',
} as const;

function restoreCovers(suffix: string): string {
  return suffix === ''
    ? 'It covers the tables under their own names and the scratch tables of drills: for `restore --suffix -copy` print it with `--restore-suffix -copy`.'
    : `It covers the tables with the suffix ${suffix}, not those of the live names, and the scratch tables of drills.`;
}

/** Of such a table nothing is known but its name. */
function archivedTable(name: string): MigrationPlan['tables'][number] {
  return { name, role: 'source', partitionKey: '', indexes: [] };
}

interface Arns {
  readonly all: readonly string[];
  readonly targets: readonly string[];
  /** look-up tables into which the plan inserts */
  readonly insertable: readonly string[];
  /** sources, and look-up tables into which it does not */
  readonly readOnly: readonly string[];
  readonly written: readonly string[];
  readonly scratch: readonly string[];
  /** tables and their indexes */
  readonly asked: readonly string[];
}

function arnsOf(
  { tables }: Pick<MigrationPlan, 'tables'>,
  { region }: Pick<Environment, 'region'>,
  physicalName: (table: string) => string,
): Arns {
  const arns = tables.map((table) => ({ table, arn: tableArn(physicalName(table.name), region) }));
  const all = arns.map(({ arn }) => arn);
  const targets = arns.filter(({ table }) => table.role === 'target').map(({ arn }) => arn);
  const insertable = arns
    .filter(({ table }) => table.role === 'lookup' && table.insertable === true)
    .map(({ arn }) => arn);
  const written = [...targets, ...insertable];
  const readOnly = all.filter((arn) => !written.includes(arn));
  const scratch = tables.map(({ name }) => tableArn(scratchName(physicalName(name)), region));
  const asked = arns.flatMap(({ table, arn }) =>
    table.indexes.length === 0 ? [arn] : [arn, `${arn}/index/*`],
  );
  return { all, targets, insertable, written, readOnly, scratch, asked };
}

/** Whether steps try how the application asks for their rows. */
function isAsked({ steps = [] }: Partial<Pick<MigrationPlan, 'steps'>>): boolean {
  return steps.some(({ accessPatterns = [] }) => accessPatterns.length > 0);
}

function predecessorArns(predecessor: PredecessorJournal | undefined): string[] {
  return predecessor === undefined ? [] : [tableArn(predecessor.physicalName, predecessor.region)];
}

function backupStatements(tables: readonly string[], region: string | undefined): PolicyStatement[] {
  const bucket = `arn:${partition(region)}:s3:::${BUCKET_PLACEHOLDER}`;
  return [
    allow('BackUpTables', actions.BACKUP, tables),
    allow(
      'FollowBackups',
      ['dynamodb:DescribeBackup'],
      tables.map((arn) => `${arn}/backup/*`),
    ),
    allow(
      'FollowExports',
      ['dynamodb:DescribeExport'],
      tables.map((arn) => `${arn}/export/*`),
    ),
    allow('BackupBucket', ['s3:ListBucket'], [bucket]),
    allow('BackupObjects', actions.BACKUP_OBJECTS, [`${bucket}/*`]),
  ];
}

/** `-drill-` and 12 hex digits are what a drill puts behind a table's name, which it shortens for that where it must. */
const SCRATCH_PREFIX = 255 - '-drill-'.length - 12;

/** The tables of a drill, named after those that they stand for. */
function scratchName(physicalName: string): string {
  return `${physicalName.slice(0, SCRATCH_PREFIX)}-drill-*`;
}
