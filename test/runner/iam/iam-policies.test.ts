import { KPI_TABLES } from '../../../src/migrations/kpi/kpi.tables.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import type { IamResult } from '../../../src/runner/application.js';
import {
  BUCKET_PLACEHOLDER,
  iamPolicies,
  type PredecessorJournal,
} from '../../../src/runner/iam/iam-policies.js';
import { IamService } from '../../../src/runner/iam/iam.service.js';
import type { PolicyDocument } from '../../../src/runner/iam/policy-document.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { TableAdmin } from '../../../src/runner/ports/table-admin.js';
import { isAllowed } from './iam-evaluator.js';

type Policies = IamResult['policies'];

const table = (name: string, role: TableDefinition['role'], insertable = false): TableDefinition => ({
  ...{ name, role, insertable, partitionKey: 'id' },
  indexes: [{ name: 'an-index', partitionKey: 'x' }],
});

const PLAN: Pick<MigrationPlan, 'name' | 'tables'> = {
  name: 'kpi',
  tables: [
    table('old', 'source'),
    table('kpis', 'lookup'),
    table('people', 'lookup', true),
    table('new', 'target'),
  ],
};

const ARN = 'arn:aws:dynamodb:eu-central-1:*:table';

function policies(region = 'eu-central-1', predecessor?: PredecessorJournal): Policies {
  return iamPolicies(PLAN, { name: 'staging', region }, 'journal', (name) => `${name}-staging`, predecessor);
}

function documentOf(name: string, all: Policies = policies()): PolicyDocument {
  return all.find((policy) => policy.name === `waybill-kpi-staging-${name}`)?.document as PolicyDocument;
}

function attached(...attach: readonly string[]): Policies {
  return policies().filter((policy) => attach.includes(policy.attach));
}

describe('the policies of a plan', () => {
  it('are one for runs, and one for each of what is needed only sometimes', () => {
    expect(policies().map(({ name, attach }) => [name, attach])).toEqual([
      ['waybill-kpi-staging-run', 'always'],
      ['waybill-kpi-staging-long-rows', 'fallback'],
      ['waybill-kpi-staging-rollback', 'rollback'],
      ['waybill-kpi-staging-tables', 'tables'],
      ['waybill-kpi-staging-backup', 'backup'],
      ['waybill-kpi-staging-restore', 'backup'],
    ]);
  });

  it('for runs reads every table, inserts into and updates targets, and denies writes to what is only read', () => {
    expect(documentOf('run')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadTables',
          Effect: 'Allow',
          Action: [
            'dynamodb:BatchGetItem',
            'dynamodb:DescribeContinuousBackups',
            'dynamodb:DescribeTable',
            'dynamodb:GetItem',
            'dynamodb:Scan',
          ],
          Resource: [
            `${ARN}/old-staging`,
            `${ARN}/kpis-staging`,
            `${ARN}/people-staging`,
            `${ARN}/new-staging`,
          ],
        },
        {
          Sid: 'WriteTargets',
          Effect: 'Allow',
          Action: [
            'dynamodb:PartiQLInsert',
            'dynamodb:PartiQLSelect',
            'dynamodb:PartiQLUpdate',
            'dynamodb:UpdateItem',
          ],
          Resource: [`${ARN}/new-staging`],
        },
        {
          Sid: 'InsertIntoLookups',
          Effect: 'Allow',
          Action: ['dynamodb:PartiQLInsert'],
          Resource: [`${ARN}/people-staging`],
        },
        {
          Sid: 'Journal',
          Effect: 'Allow',
          Action: [
            'dynamodb:BatchGetItem',
            'dynamodb:BatchWriteItem',
            'dynamodb:ConditionCheckItem',
            'dynamodb:DeleteItem',
            'dynamodb:DescribeTable',
            'dynamodb:GetItem',
            'dynamodb:PutItem',
            'dynamodb:Query',
            'dynamodb:UpdateItem',
          ],
          Resource: [`${ARN}/journal-staging`],
        },
        {
          Sid: 'NeverWriteSources',
          Effect: 'Deny',
          Action: [
            'dynamodb:BatchWriteItem',
            'dynamodb:DeleteItem',
            'dynamodb:DeleteTable',
            'dynamodb:PartiQLDelete',
            'dynamodb:PartiQLInsert',
            'dynamodb:PartiQLUpdate',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
          ],
          Resource: [`${ARN}/old-staging`, `${ARN}/kpis-staging`],
        },
      ],
    });
  });

  it('put and delete rows only by policies of their own, where the plan writes at all', () => {
    const written = [`${ARN}/new-staging`, `${ARN}/people-staging`];
    expect(documentOf('long-rows').Statement).toEqual([
      { Sid: 'PutRows', Effect: 'Allow', Action: ['dynamodb:PutItem'], Resource: written },
    ]);
    expect(documentOf('rollback').Statement).toEqual([
      {
        Sid: 'RemoveRows',
        Effect: 'Allow',
        Action: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
        Resource: written,
      },
    ]);
    expect(documentOf('tables').Statement).toEqual([
      {
        Sid: 'CreateTables',
        Effect: 'Allow',
        Action: ['dynamodb:CreateTable', 'dynamodb:DescribeTable'],
        Resource: [`${ARN}/new-staging`, `${ARN}/journal-staging`],
      },
    ]);
  });

  it.each(['old', 'kpis'])('invariant 3: deny every write to %s to a role that has all of them', (name) => {
    const all = attached('always', 'fallback', 'rollback', 'tables', 'backup');
    for (const action of [
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'BatchWriteItem',
      'PartiQLInsert',
      'DeleteTable',
    ]) {
      expect([action, isAllowed(all, `dynamodb:${action}`, `${ARN}/${name}-staging`)]).toEqual([
        action,
        false,
      ]);
    }
  });

  it('name the bucket of backups as something to be filled in, and no other resource is open', () => {
    const bucket = `arn:aws:s3:::${BUCKET_PLACEHOLDER}`;
    const statements = documentOf('backup').Statement;
    expect(statements.filter(({ Sid }) => Sid.startsWith('BackupB') || Sid.startsWith('BackupO'))).toEqual([
      { Sid: 'BackupBucket', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [bucket] },
      {
        Sid: 'BackupObjects',
        Effect: 'Allow',
        Action: [
          's3:AbortMultipartUpload',
          's3:DeleteObject',
          's3:GetObject',
          's3:PutObject',
          's3:PutObjectAcl',
        ],
        Resource: [`${bucket}/*`],
      },
    ]);
    expect(statements.find(({ Sid }) => Sid === 'FollowExports')?.Resource).toContain(
      `${ARN}/old-staging/export/*`,
    );
  });

  it('for restores delete scratch tables of drills and no others', () => {
    const restore = policies().filter(({ name }) => name.endsWith('-restore'));
    const drop = (name: string): boolean => isAllowed(restore, 'dynamodb:DeleteTable', `${ARN}/${name}`);
    expect([drop('new-staging-drill-0123456789ab'), drop('new-staging'), drop('new-drill')]).toEqual([
      true,
      false,
      false,
    ]);
    const longest = iamPolicies(PLAN, { name: 'x' }, 'journal', () => 'n'.repeat(255));
    const scratch = `arn:aws:dynamodb:eu-west-1:1:table/${'n'.repeat(236)}-drill-0123456789ab`;
    expect(scratch.split('/')[1]).toHaveLength(255);
    expect(isAllowed(longest, 'dynamodb:DeleteTable', scratch)).toBe(true);
  });

  it('for restores cover the tables that the suffix makes, and then none of the live ones', async () => {
    const service = new IamService({
      environment: { name: 'staging', region: 'eu-central-1' } as Environment,
      plans: [PLAN as MigrationPlan],
      admin: { physicalName: (name: string) => `${name}-staging` } as TableAdmin,
      journalTable: table('journal', 'target'),
    });
    const printed = async (restoreSuffix?: string) => {
      const { policies: all } = await service.iam({
        plan: 'kpi',
        ...(restoreSuffix !== undefined && { restoreSuffix }),
      });
      const restore = all.filter(({ name }) => name.endsWith('-restore'));
      const may = (action: string, name: string): boolean =>
        isAllowed(restore, `dynamodb:${action}`, `${ARN}/${name}`);
      return {
        live: may('DescribeTable', 'old-staging') || may('PartiQLInsert', 'new-staging'),
        beside: ['DescribeTable', 'CreateTable', 'PartiQLInsert', 'PutItem', 'Scan', 'BatchGetItem'].filter(
          (action) => may(action, 'old-staging-r') && may(action, 'new-staging-r'),
        ).length,
        scratch: may('DeleteTable', 'new-staging-drill-0123456789ab'),
        journal: may('PutItem', 'journal-staging') && !may('PutItem', 'journal-staging-r'),
        why: restore[0]?.why.split('. ').at(-1),
      };
    };
    const [ofDrills, ofJournal] = [{ scratch: true }, { journal: true }];
    expect(await printed()).toEqual({
      ...{ live: true, beside: 0, ...ofDrills, ...ofJournal },
      why: 'It covers the tables under their own names and the scratch tables of drills: for `restore --suffix -copy` print it with `--restore-suffix -copy`.',
    });
    expect(await printed('-r')).toEqual({
      ...{ live: false, beside: 6, ...ofDrills, ...ofJournal },
      why: 'It covers the tables with the suffix -r, not those of the live names, and the scratch tables of drills.',
    });
  });

  it('read the journal of the environment before this one, where it is known', () => {
    const before = policies('eu-central-1', { physicalName: 'journal-dev' });
    expect(documentOf('run', before).Statement.find(({ Sid }) => Sid.startsWith('Evidence'))).toEqual({
      Sid: 'EvidenceOfTheEnvironmentBefore',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query'],
      Resource: ['arn:aws:dynamodb:*:*:table/journal-dev'],
    });
  });

  it.each([
    [undefined, 'arn:aws:dynamodb:*:*:table/new-staging'],
    ['eu-west-1', 'arn:aws:dynamodb:eu-west-1:*:table/new-staging'],
    ['cn-north-1', 'arn:aws-cn:dynamodb:cn-north-1:*:table/new-staging'],
    ['us-gov-west-1', 'arn:aws-us-gov:dynamodb:us-gov-west-1:*:table/new-staging'],
  ])('are for the region %s', (region, arn) => {
    const [statement] = documentOf('tables', region === undefined ? anyRegion() : policies(region)).Statement;
    expect(statement?.Resource[0]).toBe(arn);
  });

  it('of plan kpi are documents that IAM takes: names, Sids and length', () => {
    const environment = { name: 'production', region: 'eu-central-1' };
    const real = iamPolicies(
      { name: 'kpi', tables: KPI_TABLES },
      environment,
      'waybill-journal',
      (name) => name,
      {
        physicalName: 'waybill-journal-staging',
        region: 'eu-central-1',
      },
    );
    for (const { name, document } of real) {
      expect(name).toMatch(/^[\w+=,.@-]{1,128}$/);
      // IAM counts a managed policy without white space (IAM user guide, "Quotas")
      expect(JSON.stringify(document).length).toBeLessThan(6144);
      const sids = (document as PolicyDocument).Statement.map(({ Sid }) => Sid);
      expect(new Set(sids).size).toBe(sids.length);
      for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(JSON.stringify(document)).not.toMatch(/"(dynamodb:|s3:)?\*"|index/);
    }
  });

  it('are what `iam` gives, with the physical names of the environment', async () => {
    const service = new IamService(
      {
        environment: { name: 'staging', region: 'eu-central-1' } as Environment,
        plans: [PLAN as MigrationPlan],
        admin: { physicalName: (name: string) => `${name}-staging` } as TableAdmin,
        journalTable: table('journal', 'target'),
      },
      { physicalName: 'journal-dev' },
    );
    expect(await service.iam({ plan: 'kpi' })).toEqual({
      plan: 'kpi',
      env: 'staging',
      policies: policies('eu-central-1', { physicalName: 'journal-dev' }),
    });
    expect(() => service.iam({ plan: 'kpis' })).toThrow(expect.objectContaining({ code: 'PLAN_UNKNOWN' }));
  });
});

function anyRegion(): Policies {
  return iamPolicies(PLAN, { name: 'staging' }, 'journal', (name) => `${name}-staging`);
}
