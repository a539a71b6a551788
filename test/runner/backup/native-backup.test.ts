import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { BackupParts } from '../../../src/runner/backup/backup-parts.js';
import { NativeBackupService } from '../../../src/runner/backup/native-backup.service.js';
import type { NativeBackups, NativeJob } from '../../../src/runner/ports/backup-native.js';
import { quietLog, quietProgress } from '../../support/engine/quiet.js';

const table = (name: string, role: 'source' | 'target') => ({ name, role, partitionKey: 'id', indexes: [] });
const PLAN: MigrationPlan = {
  name: 'kpi',
  title: 'KPI',
  steps: [],
  tables: [table('legacy', 'source'), table('links', 'target')],
  acceptable: new Map(),
};
const REQUEST = { plan: 'kpi', by: 'Ada' };

/** A store that needs so many looks for each job. */
class SlowStore implements NativeBackups {
  readonly calls: string[] = [];
  isClosed = false;
  private readonly looks = new Map<string, number>();

  constructor(private readonly last: Pick<NativeJob, 'status' | 'state' | 'failure'>) {}

  startBackup(physicalName: string, name: string): Promise<NativeJob> {
    this.calls.push(`backup ${physicalName} ${name}`);
    return Promise.resolve({ arn: `arn:${physicalName}`, status: 'CREATING', state: 'under way' });
  }

  startExport(physicalName: string, bucket: string, prefix: string): Promise<NativeJob> {
    this.calls.push(`export ${physicalName} ${bucket} ${prefix}`);
    return Promise.resolve({ arn: `arn:${physicalName}`, status: 'IN_PROGRESS', state: 'under way' });
  }

  backup(arn: string): Promise<NativeJob> {
    return this.look('backup', arn);
  }

  export(arn: string): Promise<NativeJob> {
    return this.look('export', arn);
  }

  close(): void {
    this.isClosed = true;
  }

  private look(kind: string, arn: string): Promise<NativeJob> {
    this.calls.push(`look ${kind} ${arn}`);
    const looks = (this.looks.get(arn) ?? 0) + 1;
    this.looks.set(arn, looks);
    const isOver = looks === (arn.includes('legacy') ? 1 : 2);
    return Promise.resolve(isOver ? { arn, ...this.last } : { arn, status: 'CREATING', state: 'under way' });
  }
}

function service(store: NativeBackups): NativeBackupService {
  const parts = {
    environment: { name: 'staging' },
    plans: [PLAN],
    admin: { physicalName: (name: string) => `${name}-s` },
    log: quietLog,
    progress: quietProgress,
    now: () => new Date('2026-11-21T05:35:12.000Z'),
    random: () => 0.5,
    openNativeBackups: () => store,
  };
  return new NativeBackupService(parts as unknown as BackupParts, 1);
}

describe('backups by the store itself', () => {
  it('starts all tables at once and waits for each until it is done', async () => {
    const store = new SlowStore({ status: 'AVAILABLE', state: 'done' });
    expect(await service(store).backup(REQUEST)).toEqual({
      plan: 'kpi',
      env: 'staging',
      tables: [
        { table: 'legacy', physicalName: 'legacy-s', arn: 'arn:legacy-s', status: 'AVAILABLE' },
        { table: 'links', physicalName: 'links-s', arn: 'arn:links-s', status: 'AVAILABLE' },
      ],
    });
    expect(store.calls).toEqual([
      'backup legacy-s kpi-staging-20261121T053512Z-800000',
      'backup links-s kpi-staging-20261121T053512Z-800000',
      'look backup arn:legacy-s',
      'look backup arn:links-s',
      'look backup arn:links-s',
    ]);
    expect(store.isClosed).toBe(true);
  });

  it('exports to S3 where a place is given, and to nowhere else', async () => {
    const store = new SlowStore({ status: 'COMPLETED', state: 'done' });
    await service(store).backup({ ...REQUEST, to: 's3://backups/night/' });
    expect(store.calls.slice(0, 3)).toEqual([
      'export legacy-s backups night',
      'export links-s backups night',
      'look export arn:legacy-s',
    ]);
    await expect(service(store).backup({ ...REQUEST, to: './folder' })).rejects.toMatchObject({
      exit: 2,
      code: 'BACKUP_LOCATION',
    });
  });

  it('fails where one of them fails, and says why', async () => {
    const store = new SlowStore({ status: 'FAILED', state: 'failed', failure: 'S3AccessDenied' });
    await expect(service(store).backup({ ...REQUEST, to: 's3://backups/night' })).rejects.toMatchObject({
      exit: 3,
      code: 'NATIVE_BACKUP_FAILED',
      message: expect.stringContaining('legacy-s (S3AccessDenied, arn:legacy-s)'),
    });
  });

  it('stops waiting with exit 4 when it is asked to', async () => {
    const store = new SlowStore({ status: 'CREATING', state: 'under way' });
    const stop = new AbortController();
    const waiting = service(store).backup({ ...REQUEST, signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(waiting).rejects.toMatchObject({
      exit: 4,
      message: expect.stringContaining('goes on in the store'),
    });
    expect(store.isClosed).toBe(true);
  });
});
