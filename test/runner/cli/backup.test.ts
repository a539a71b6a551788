import type { BackupResult, DrillResult } from '../../../src/runner/application.js';
import { RefusedError } from '../../../src/runner/ports/errors.js';
import { answering, type, typeWords } from './command-line-harness.js';

const BACKUP: BackupResult = {
  plan: 'kpi',
  env: 'staging',
  backup: '20261121T053512Z-a1b2c3',
  location: '.waybill/backups/20261121T053512Z-a1b2c3',
  at: '2026-11-21T05:35:12Z',
  verifiedAt: '2026-11-21T05:36:00Z',
  tables: [
    {
      table: 'purposepath-kpis',
      physicalName: 'purposepath-kpis-staging',
      items: 1500,
      bytes: 123456,
      files: 4,
      digest: 'ab12',
    },
  ],
  notices: ['Not recorded: there is no journal table yet.'],
};

const BACKUP_TABLE = [
  'Table             Name in the store         Items    Bytes  Files  SHA-256',
  'purposepath-kpis  purposepath-kpis-staging  1,500  123,456      4  ab12',
  '',
];

describe('backup', () => {
  it.each(['backup', 'backup create'])('%s writes a backup and says where it is', async (call) => {
    const { application, asked } = answering('backup', BACKUP);

    const text = await type(`${call} --env staging`, { application });
    const json = await type(`${call} --env staging --to s3://kpi-backups/monday/ --by ben --json`, {
      application,
    });

    expect(asked).toEqual([
      { plan: 'kpi', by: 'ann@build-7', signal: expect.any(AbortSignal) },
      { plan: 'kpi', by: 'ben', to: 's3://kpi-backups/monday/', signal: expect.any(AbortSignal) },
    ]);
    expect(JSON.parse(json.stdout)).toEqual(BACKUP);
    expect([text.exit, text.stdout]).toEqual([
      0,
      [
        ...BACKUP_TABLE,
        'Written: backup 20261121T053512Z-a1b2c3 of 2026-11-21T05:35:12Z, read again and found complete at 2026-11-21T05:36:00Z.',
        'It is in .waybill/backups/20261121T053512Z-a1b2c3 and holds personal data.',
        'Notice: Not recorded: there is no journal table yet.',
        '',
      ].join('\n'),
    ]);
  });

  it.each(['.waybill/b', '/mnt/x', 'C:/b', 's3:/typo', 's3://bucket', 's3://a.b-c/d e'])(
    'takes %s for a place',
    async (to) => {
      const { application, asked } = answering('backup', BACKUP);

      await typeWords(['backup', '--env', 'staging', '--to', to], { application });

      expect(asked).toEqual([expect.objectContaining({ to })]);
    },
  );

  it('--native lets the service do it', async () => {
    const result = {
      plan: 'kpi',
      env: 'production',
      tables: [
        {
          table: 'purposepath-kpis',
          physicalName: 'purposepath-kpis',
          arn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/purposepath-kpis/backup/01',
          status: 'AVAILABLE',
        },
      ],
    };
    const { application, asked } = answering('nativeBackup', result);

    const text = await type('backup --env production --native', { application });
    const json = await type('backup --env production --native --to s3://kpi-backups --by ben --json', {
      application,
    });

    expect(asked).toEqual([
      { plan: 'kpi', by: 'ann@build-7', signal: expect.any(AbortSignal) },
      { plan: 'kpi', by: 'ben', to: 's3://kpi-backups', signal: expect.any(AbortSignal) },
    ]);
    expect(JSON.parse(json.stdout)).toEqual(result);
    expect(text.stdout).toBe(
      [
        'Table             Name in the store  Status     ARN',
        'purposepath-kpis  purposepath-kpis   AVAILABLE  arn:aws:dynamodb:eu-central-1:123456789012:table/purposepath-kpis/backup/01',
        '',
        'Made by the service; not read again here.',
        '',
      ].join('\n'),
    );
  });

  it('exits as what is thrown says', async () => {
    const backup = (): Promise<never> =>
      Promise.reject(new RefusedError('BACKUP_THERE', 'Full.', 'Empty it.'));

    const ended = await type('backup --env staging --json', { application: { backup } });

    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout)).toEqual({
      error: { code: 'BACKUP_THERE', message: 'Full.', next: 'Empty it.' },
    });
  });
});

describe('backup verify', () => {
  it('reads the backup that is named, or the latest one', async () => {
    const { application, asked } = answering('verifyBackup', BACKUP);

    const text = await type('backup verify --env staging', { application });
    const json = await type('backup verify --env staging --from /mnt/b --by ben --json', { application });

    expect(asked).toEqual([
      { plan: 'kpi', by: 'ann@build-7', signal: expect.any(AbortSignal) },
      { plan: 'kpi', by: 'ben', from: '/mnt/b', signal: expect.any(AbortSignal) },
    ]);
    expect(JSON.parse(json.stdout)).toEqual(BACKUP);
    expect(text.stdout).toContain(
      'Verified: backup 20261121T053512Z-a1b2c3 of 2026-11-21T05:35:12Z, read again',
    );
  });
});

describe('backup list', () => {
  const evidence = {
    gate: 'backup',
    at: '2026-11-21T05:35:12Z',
    verifiedAt: '2026-11-21T05:36:00Z',
    by: 'ben\u001b',
    backup: 'b-1',
    location: 's3://kpi-backups/b-1',
    tables: [
      { table: 'a', physicalName: 'a-staging', items: 1500 },
      { table: 'b', physicalName: 'b-staging', items: 1 },
    ],
  } as const;

  it('gives one object per backup', async () => {
    const { application, asked } = answering('backups', [evidence]);

    const text = await type('backup list --env staging', { application });
    const json = await type('backup list --env staging --json', { application });

    expect(asked).toEqual([{ plan: 'kpi' }, { plan: 'kpi' }]);
    expect(JSON.parse(json.stdout)).toEqual([
      {
        backup: 'b-1',
        at: '2026-11-21T05:35:12Z',
        verifiedAt: '2026-11-21T05:36:00Z',
        by: 'ben\u001b',
        location: 's3://kpi-backups/b-1',
        tables: [
          { table: 'a', physicalName: 'a-staging', items: 1500 },
          { table: 'b', physicalName: 'b-staging', items: 1 },
        ],
      },
    ]);
    expect(text.stdout).toBe(
      [
        'Backup  Of                    Verified              By         Tables  Items  Where',
        'b-1     2026-11-21T05:35:12Z  2026-11-21T05:36:00Z  ben\\u{1b}       2  1,501  s3://kpi-backups/b-1',
        '',
      ].join('\n'),
    );
  });

  it('says that there is none', async () => {
    const { application } = answering('backups', []);

    expect((await type('backup list --env staging', { application })).stdout).toBe('None.\n');
    expect((await type('backup list --env staging --json', { application })).stdout).toBe('[]\n');
  });
});

describe('backup drill', () => {
  const drill: DrillResult = {
    plan: 'kpi',
    env: 'staging',
    backup: 'b-1',
    passed: true,
    tables: [
      { table: 'a', scratchTable: 'a-staging-drill', items: 1500, restored: 1500, equal: true },
      { table: 'b', scratchTable: 'b-staging-drill', items: 2, restored: 2, equal: true },
    ],
  };

  it('exits 0 where all came back', async () => {
    const { application, asked } = answering('drillBackup', drill);

    const text = await type('backup drill --env staging', { application });
    const json = await type('backup drill --env staging --from s3://kpi-backups/b-1 --by ben --json', {
      application,
    });

    expect(asked).toEqual([
      { plan: 'kpi', by: 'ann@build-7', signal: expect.any(AbortSignal) },
      { plan: 'kpi', by: 'ben', from: 's3://kpi-backups/b-1', signal: expect.any(AbortSignal) },
    ]);
    expect(json.exit).toBe(0);
    expect(JSON.parse(json.stdout)).toEqual(drill);
    expect(text.stdout).toBe(
      [
        'Table  Scratch table    Items  Restored  Result',
        'a      a-staging-drill  1,500     1,500  equal',
        'b      b-staging-drill      2         2  equal',
        '',
        'Drill passed: the backup b-1 was restored and compared.',
        '',
      ].join('\n'),
    );
  });

  it('invariant 10: exits 1 where something did not come back as it was', async () => {
    const tables = drill.tables.map((table, index) => ({ ...table, equal: index === 0 }));
    const { application } = answering('drillBackup', { ...drill, passed: false, tables });

    const text = await type('backup drill --env staging', { application });
    const json = await type('backup drill --env staging --json', { application });

    expect([text.exit, json.exit]).toEqual([1, 1]);
    expect(text.stdout).toContain('b      b-staging-drill      2         2  DIFFERENT\n');
    expect(text.stdout).toMatch(/\nDrill failed \(exit 1\): the backup b-1 did not come back as it is\.\n$/);
    expect(JSON.parse(json.stdout)).toEqual({
      ...drill,
      passed: false,
      tables,
      error: {
        code: 'DRILL_FAILED',
        message: 'What was restored is not what the backup b-1 holds: b.',
        next: 'Make a new backup and drill that one; this one may not bring the tables back.',
      },
    });
  });
});

describe('restore', () => {
  it('passes on what to restore and where, and says what came of it', async () => {
    const result = {
      plan: 'kpi',
      env: 'staging',
      backup: 'b-1',
      tables: [
        { table: 'a', physicalName: 'a-staging-restored', created: true, items: 1500 },
        { table: 'b', physicalName: 'b-staging-restored', created: false, items: 2 },
      ],
    };
    const { application, asked } = answering('restore', result);

    const text = await type('restore --env staging --from /mnt/b', { application });
    const json = await type(
      'restore --env staging --from s3://kpi-backups/b-1 --table a,b --table a --suffix -restored --confirm-production --json',
      { application },
    );

    expect(asked).toEqual([
      { plan: 'kpi', from: '/mnt/b', confirmProduction: false, signal: expect.any(AbortSignal) },
      {
        plan: 'kpi',
        from: 's3://kpi-backups/b-1',
        tables: ['a', 'b'],
        suffix: '-restored',
        confirmProduction: true,
        signal: expect.any(AbortSignal),
      },
    ]);
    expect(JSON.parse(json.stdout)).toEqual(result);
    expect(text.stdout).toBe(
      [
        'Table  Name in the store   Items  Result',
        'a      a-staging-restored  1,500  created and filled',
        'b      b-staging-restored      2  filled',
        '',
        'Restored from the backup b-1 and verified.',
        '',
      ].join('\n'),
    );
  });
});
