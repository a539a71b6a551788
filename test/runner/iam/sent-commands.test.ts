import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamPolicies } from '../../../src/runner/iam/iam-policies.js';
import type { PolicyDocument } from '../../../src/runner/iam/policy-document.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import { planPermissions } from '../../../src/runner/composition/plan-permissions.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';

const ROOT = 'src/infrastructure';

/** Files whose commands no role of a run needs: demo data is for local and dev, the rows are read by the application. */
const OTHERS = ['dynamodb/demo-seeder.ts', 'persistence/rows/exact-document-client.ts'];

/** A plan that needs all that there is: it asks as the application does, and for names in a user pool. */
const DEMANDING = {
  steps: [{ accessPatterns: [{}] }] as unknown as MigrationPlan['steps'],
  beside: planPermissions(
    { plans: { 'core-table': { directory: { kind: 'cognito', userPoolId: 'eu-west-1_A' } } } },
    'core-table',
  ),
};

/** `<policy>/<statement>` → the actions that it must allow, and no others. */
type Rights = Readonly<Record<string, readonly string[]>>;

const READ = ['run/ReadTables', 'backup/BackUpTables', 'restore/LoadTables', 'restore/ScratchTables'];
const INSERT = ['run/WriteTargets', 'run/InsertIntoLookups', 'restore/LoadTables', 'restore/ScratchTables'];
const PUT = ['long-rows/PutRows', 'rollback/RemoveRows', 'restore/LoadTables', 'restore/ScratchTables'];
const JOURNAL = ['run/Journal', 'restore/Journal'];
const READ_JOURNAL = [...JOURNAL, 'run/EvidenceOfTheEnvironmentBefore'];
const CREATED = ['restore/LoadTables', 'restore/ScratchTables'];

function to(statements: readonly string[], ...actions: readonly string[]): Rights {
  return Object.fromEntries(statements.map((statement) => [statement, actions.map((action) => action)]));
}

/** Every command in the adapters, and the rights that it needs. Whoever sends a new one says here who may. */
const SENT: Readonly<Record<string, Readonly<Record<string, Rights>>>> = {
  'dynamodb/dynamodb-reader.ts': {
    ScanCommand: to(READ, 'dynamodb:Scan'),
    BatchGetItemCommand: to(READ, 'dynamodb:BatchGetItem'),
  },
  'dynamodb/dynamo-access.ts': { QueryCommand: to(['run/AskAsTheApplication'], 'dynamodb:Query') },
  'dynamodb/batch-inserter.ts': {
    BatchExecuteStatementCommand: to(INSERT, 'dynamodb:PartiQLInsert'),
    PutItemCommand: to(PUT, 'dynamodb:PutItem'),
  },
  'dynamodb/dynamodb-sink.ts': {
    UpdateItemCommand: to(['run/WriteTargets'], 'dynamodb:UpdateItem'),
    DeleteItemCommand: to(['rollback/RemoveRows'], 'dynamodb:DeleteItem'),
  },
  'dynamodb/dynamodb-table-admin.ts': {
    DescribeTableCommand: to(['run/ReadTables', ...JOURNAL, 'tables/CreateTables'], 'dynamodb:DescribeTable'),
    DescribeContinuousBackupsCommand: to(['run/ReadTables'], 'dynamodb:DescribeContinuousBackups'),
    CreateTableCommand: to(['tables/CreateTables'], 'dynamodb:CreateTable'),
  },
  'journal/journal-table.ts': {
    GetItemCommand: to(READ_JOURNAL, 'dynamodb:GetItem'),
    QueryCommand: to(READ_JOURNAL, 'dynamodb:Query'),
    BatchGetItemCommand: to(JOURNAL, 'dynamodb:BatchGetItem'),
    PutItemCommand: to(JOURNAL, 'dynamodb:PutItem'),
    BatchWriteItemCommand: to(JOURNAL, 'dynamodb:BatchWriteItem'),
  },
  'journal/fenced-writes.ts': {
    TransactWriteItemsCommand: to(
      JOURNAL,
      'dynamodb:ConditionCheckItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
    ),
  },
  // of leases and phases; what dual writes send by it the application may
  'dynamodb/conditional-transaction.ts': {
    TransactWriteItemsCommand: to(JOURNAL, 'dynamodb:PutItem'),
  },
  'lease/dynamo-lease-store.ts': {
    UpdateItemCommand: to(JOURNAL, 'dynamodb:UpdateItem'),
  },
  'backup/dynamo-backup-tables.ts': {
    CreateTableCommand: to(CREATED, 'dynamodb:CreateTable'),
    DescribeTableCommand: to(['backup/BackUpTables', ...CREATED], 'dynamodb:DescribeTable'),
    DeleteTableCommand: to(['restore/ScratchTables'], 'dynamodb:DeleteTable'),
  },
  'backup/dynamo-native-backups.ts': {
    DescribeTableCommand: to(['backup/BackUpTables'], 'dynamodb:DescribeTable'),
    CreateBackupCommand: to(['backup/BackUpTables'], 'dynamodb:CreateBackup'),
    DescribeBackupCommand: to(['backup/FollowBackups'], 'dynamodb:DescribeBackup'),
    ExportTableToPointInTimeCommand: {
      ...to(['backup/BackUpTables'], 'dynamodb:ExportTableToPointInTime'),
      // DynamoDB writes to the bucket with the caller's rights (developer guide, "DynamoDB data export to Amazon S3")
      ...to(['backup/BackupObjects'], 's3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl'),
    },
    DescribeExportCommand: to(['backup/FollowExports'], 'dynamodb:DescribeExport'),
  },
  'directory/cognito-user-directory.ts': {
    AdminGetUserCommand: to(['run/DirectoryOfUsers'], 'cognito-idp:AdminGetUser'),
  },
  'backup/s3-place.ts': {
    ListObjectsV2Command: to(['backup/BackupBucket'], 's3:ListBucket'),
    PutObjectCommand: to(['backup/BackupObjects'], 's3:PutObject'),
    // in parts, which it takes back when it fails
    Upload: to(['backup/BackupObjects'], 's3:PutObject', 's3:AbortMultipartUpload'),
    GetObjectCommand: to(['backup/BackupObjects'], 's3:GetObject'),
    DeleteObjectCommand: to(['backup/BackupObjects'], 's3:DeleteObject'),
  },
};

/** Rights that nothing uses: the same as ones that are used, in another notation, so that a policy names both. */
const SAME_RIGHTS: Rights = {
  'run/ReadTables': ['dynamodb:GetItem'],
  'run/WriteTargets': ['dynamodb:PartiQLSelect', 'dynamodb:PartiQLUpdate'],
};

/** `file/command` of all that is made with `new` in a folder. */
function commandsIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files.flatMap((file) => {
    const name = file.replaceAll('\\', '/');
    if (OTHERS.includes(name)) return [];
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/\bnew\s+(?:\w+\.)*(\w+Command|Upload)\(/g)].map(
      ([, made = '']) => `${name} ${made}`,
    );
  });
}

function allowed(): ReadonlyMap<string, readonly string[]> {
  const tables = (['source', 'lookup', 'target'] as const).map((role): TableDefinition => ({
    ...{ name: role, role, insertable: role === 'lookup', partitionKey: 'id', indexes: [] },
  }));
  const policies = iamPolicies(
    { name: 'kpi', tables, steps: DEMANDING.steps },
    { name: 'dev' },
    'journal',
    (name) => name,
    { physicalName: 'before' },
    '',
    DEMANDING.beside,
  );
  return new Map(
    policies.flatMap(({ name, document }) =>
      (document as PolicyDocument).Statement.filter(({ Effect }) => Effect === 'Allow').map(
        ({ Sid, Action }) => [`${name.replace('waybill-kpi-dev-', '')}/${Sid}`, [...Action].sort()] as const,
      ),
    ),
  );
}

describe('the policies and the commands in the source', () => {
  it('every command that an adapter sends is listed here, and nothing else is', () => {
    const listed = Object.entries(SENT).flatMap(([file, commands]) =>
      Object.keys(commands).map((command) => `${file} ${command}`),
    );
    expect([...new Set(commandsIn(ROOT))].sort()).toEqual(listed.sort());
  });

  it('commands are made in the adapters only', () => {
    for (const folder of ['domain', 'migrations', 'runner'])
      expect(commandsIn(join('src', folder))).toEqual([]);
  });

  it('least privilege: every statement allows what is sent and not one action more', () => {
    const needed = new Map<string, Set<string>>();
    const rights = [...Object.values(SENT).flatMap((commands) => Object.values(commands)), SAME_RIGHTS];
    for (const [statement, actions] of rights.flatMap((each) => Object.entries(each))) {
      needed.set(statement, new Set([...(needed.get(statement) ?? []), ...actions]));
    }
    const expected = [...needed].map(([statement, actions]) => [statement, [...actions].sort()]);
    expect(Object.fromEntries(allowed())).toEqual(Object.fromEntries(expected));
  });
});
