import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import { backupGate, type BackupGateInput } from '../../../src/runner/backup/backup-gate.js';
import type { BackupEvidence } from '../../../src/runner/ports/attestation.js';
import { StoreError } from '../../../src/runner/ports/errors.js';

const table = (name: string, role: 'source' | 'lookup' | 'target') => ({
  name,
  role,
  partitionKey: 'id',
  indexes: [],
});
const PLAN: MigrationPlan = {
  name: 'kpi',
  title: 'KPI',
  steps: [],
  tables: [table('legacy', 'source'), table('persons', 'lookup'), table('links', 'target')],
  acceptable: new Map(),
};
const NOW = new Date('2026-11-21T12:00:00.000Z');
const REQUIRED = { name: 'staging', backup: 'required', backupHours: 24, embedded: false } as const;
const ADVISED = { ...REQUIRED, name: 'dev', backup: 'advised' } as const;
const LOCAL = { ...ADVISED, name: 'local', embedded: true } as const;
const OVERRIDE = { gate: 'backup', by: 'Ada', why: 'a rehearsal' } as const;

function backup(at: string, ...physicalNames: readonly string[]): BackupEvidence {
  return {
    gate: 'backup',
    at,
    verifiedAt: at,
    by: 'Ada',
    backup: `kpi-staging-${at}`,
    location: 'somewhere',
    tables: physicalNames.map((physicalName) => ({ table: physicalName, physicalName, items: 1 })),
  };
}

const whole = (at: string): BackupEvidence => backup(at, 'legacy-s', 'links-s');

interface Given {
  readonly environment?: BackupGateInput['environment'];
  readonly backups?: readonly BackupEvidence[];
  /** physical names of the tables that have point-in-time recovery, or what is thrown */
  readonly recovery?: readonly string[] | Error;
  readonly overrides?: BackupGateInput['overrides'];
}

function gate({ environment = REQUIRED, backups = [], recovery = [], overrides = [] }: Given) {
  return backupGate({
    plan: PLAN,
    environment,
    backups: () => Promise.resolve(backups),
    admin: {
      physicalName: (name) => `${name}-s`,
      pointInTimeRecovery: (name) =>
        recovery instanceof Error
          ? Promise.reject(recovery)
          : Promise.resolve(recovery.includes(`${name}-s`)),
    },
    now: NOW,
    overrides,
  });
}

describe('the backup gate (K-05)', () => {
  it.each([
    ['a backup that began 24 hours ago', { backups: [whole('2026-11-20T12:00:00.000Z')] }],
    ['a backup that began this instant', { backups: [whole('2026-11-21T12:00:00.000Z')] }],
    ['one from a clock that is 10 minutes ahead', { backups: [whole('2026-11-21T12:10:00.000Z')] }],
    [
      'an older backup that counts beside a newer one that does not',
      { backups: [backup('2026-11-21T11:00:00.000Z', 'legacy-s'), whole('2026-11-21T10:00:00.000Z')] },
    ],
    ['point-in-time recovery on all source and target tables', { recovery: ['legacy-s', 'links-s'] }],
  ])('lets a run pass with %s', async (_, given: Given) => {
    expect(await gate(given)).toBeUndefined();
  });

  it.each([
    ['no backup at all', {}, 'plan kpi has no verified backup here'],
    [
      'a backup that is a second too old',
      { backups: [whole('2026-11-20T11:59:59.000Z')] },
      'began at 2026-11-20T11:59:59.000Z, more than 24 hours ago',
    ],
    [
      'a backup from the future',
      { backups: [whole('2026-11-21T12:10:01.000Z')] },
      'began in the future (2026-11-21T12:10:01.000Z)',
    ],
    ['a backup without a time', { backups: [whole('yesterday')] }, 'does not say when it began'],
    [
      'a backup that lacks a target table',
      { backups: [backup('2026-11-21T11:00:00.000Z', 'legacy-s', 'persons-s')] },
      'lacks links-s',
    ],
    [
      'a backup of tables with the same literal but other physical names',
      { backups: [backup('2026-11-21T11:00:00.000Z', 'legacy', 'links')] },
      'lacks legacy-s, links-s',
    ],
    [
      'two backups that hold all tables only together',
      {
        backups: [
          backup('2026-11-21T11:00:00.000Z', 'legacy-s'),
          backup('2026-11-21T10:00:00.000Z', 'links-s'),
        ],
      },
      'lacks links-s',
    ],
    ['recovery on one table only', { recovery: ['legacy-s'] }, 'point-in-time recovery is off for links-s'],
    [
      'a role that may not ask for recovery',
      { recovery: new StoreError('STORE_DENIED', 'x', 'x') },
      'the store does not tell whether legacy-s, links-s can be recovered',
    ],
  ])('refuses a run with %s, and says what is missing', async (_, given: Given, message) => {
    await expect(gate(given)).rejects.toMatchObject({
      exit: 3,
      code: 'BACKUP_REQUIRED',
      message: expect.stringContaining(message),
      next: expect.stringContaining('node runner backup --env staging --plan kpi'),
    });
  });

  it('names the flag that overrides it', async () => {
    await expect(gate({})).rejects.toMatchObject({
      next: expect.stringContaining('--without-backup "why" --by NAME'),
    });
  });

  it('lets an override pass, and says whose it is and why', async () => {
    expect(await gate({ overrides: [OVERRIDE] })).toMatch(
      /overridden by Ada \(a rehearsal\): plan kpi has no verified backup here/,
    );
  });

  it('does not mind an override of another gate', async () => {
    const overrides = [{ ...OVERRIDE, gate: 'staging' as const }];
    await expect(gate({ overrides })).rejects.toMatchObject({ code: 'BACKUP_REQUIRED' });
  });

  it('does not tell of an override that was not needed', async () => {
    const backups = [whole('2026-11-21T11:00:00.000Z')];
    expect(await gate({ backups, overrides: [OVERRIDE] })).toBeUndefined();
  });

  it('only says so where a backup is advised', async () => {
    const notice = await gate({ environment: ADVISED });
    expect(notice).toMatch(/^No backup protects this run: .*node runner backup --env dev --plan kpi$/);
    expect(
      await gate({ environment: ADVISED, backups: [whole('2026-11-21T11:00:00.000Z')] }),
    ).toBeUndefined();
  });

  it('asks nothing on the embedded server', async () => {
    const asked = (): never => {
      throw new Error('asked');
    };
    const input = { plan: PLAN, environment: LOCAL, now: NOW, overrides: [], backups: asked };
    const admin = { physicalName: asked, pointInTimeRecovery: asked };
    expect(await backupGate({ ...input, admin })).toBeUndefined();
  });

  it('does not hide that the store can’t be reached', async () => {
    const recovery = new StoreError('STORE_UNREACHABLE', 'x', 'x');
    await expect(gate({ recovery })).rejects.toBe(recovery);
  });
});
