import type { IMigrationStep } from '../../../src/migrations/contract/migration-step.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import type { BackupParts } from '../../../src/runner/backup/backup-parts.js';
import type { Lease, LeaseView } from '../../../src/runner/ports/lease.js';
import { BackupsService } from '../../../src/runner/services/backups.service.js';
import type { ServiceParts } from '../../../src/runner/services/service-parts.js';
import { PHYSICAL, startTrial, withTables, type Trial } from '../backup/backup-trial.js';

const RESTORE = { plan: 'cargo', confirmProduction: false };

/** Of a step, what a restore asks for. */
const step = (name: string, source: string, target: string): IMigrationStep =>
  ({ name, source, mappers: new Map([[target, {}]]), companionTables: [] }) as unknown as IMigrationStep;

describe('a restore into the place of the live tables', () => {
  let trial: Trial;
  let leases: MemoryLeases;
  let location: string;

  const service = (backups: BackupParts = trial.parts): BackupsService => {
    const plans = trial.parts.plans.map((plan) => ({
      ...plan,
      steps: [step('first', 'torture', 'pairs'), step('second', 'nothing', 'elsewhere')],
    }));
    return new BackupsService({ ...trial.parts, plans, leases, backups } as unknown as ServiceParts);
  };
  const verdicts = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await trial.journal.states('cargo')).map(({ step: name, status }) => [name, status] as const),
    );

  beforeEach(async () => {
    trial = await startTrial();
    leases = new MemoryLeases(trial.journal, 'staging');
    await trial.createJournal();
    ({ location } = await service().backups.backup({ plan: 'cargo', by: 'Ada' }));
    for (const name of ['first', 'second']) {
      const state = { plan: 'cargo', step: name, run: '20261121T000000Z-000000', planVersion: 'v' };
      await trial.journal.saveState({ ...state, status: 'validated', at: '2026-11-21T00:00:00Z' });
    }
  });
  afterEach(() => trial.close());

  it('invariant 7: holds the lease while it loads, and lets go of it', async () => {
    await trial.drop(PHYSICAL.pairs);
    const seen: (LeaseView | undefined)[] = [];
    const watched = withTables(trial, (tables) => ({
      load: async (name, rows) => {
        seen.push(await leases.current('cargo'));
        return tables.load(name, rows);
      },
    }));
    await service(watched).restore({ ...RESTORE, from: location, tables: ['pairs'] });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen[0]).toMatchObject({ command: 'restore', released: false });
    expect((await leases.current('cargo'))?.released).toBe(true);
    expect(await trial.rows(PHYSICAL.pairs)).toHaveLength(40);
  });

  it('invariant 7: is refused while somebody is at work, and makes nothing; one beside the tables is not', async () => {
    await trial.drop(PHYSICAL.pairs);
    const before = await trial.tables();
    const working = await leases.acquire({ plan: 'cargo', command: 'run', seconds: 30 });
    const request = { ...RESTORE, from: location, tables: ['pairs'] };
    await expect(service().restore(request)).rejects.toMatchObject({ exit: 3, code: 'LEASE_HELD' });
    expect(await trial.tables()).toEqual(before);
    await service().restore({ ...request, suffix: '-beside' });
    expect(await trial.tables()).toContain(`${PHYSICAL.pairs}-beside`);
    expect(await verdicts()).toEqual({ first: 'validated', second: 'validated' });
    await working.release();
  });

  it('invariant 8: takes the verdicts back of the steps whose tables it restored, and of no others', async () => {
    await trial.drop(PHYSICAL.pairs);
    await service().restore({ ...RESTORE, from: location, tables: ['pairs'] });
    expect(await verdicts()).toEqual({ first: 'running', second: 'validated' });
    await trial.drop(...Object.values(PHYSICAL));
    await service().restore({ ...RESTORE, from: location });
    expect(await verdicts()).toEqual({ first: 'running', second: 'running' });
  });

  it('leaves the verdicts where it was refused, and takes them back where it broke off', async () => {
    await expect(service().restore({ ...RESTORE, from: location })).rejects.toMatchObject({
      code: 'RESTORE_NOT_EMPTY',
    });
    expect(await verdicts()).toEqual({ first: 'validated', second: 'validated' });
    await trial.drop(PHYSICAL.pairs);
    const breaking = withTables(trial, () => ({ load: () => Promise.reject(new TypeError('broken')) }));
    await expect(
      service(breaking).restore({ ...RESTORE, from: location, tables: ['pairs'] }),
    ).rejects.toThrow();
    expect(await verdicts()).toEqual({ first: 'running', second: 'validated' });
    expect((await leases.current('cargo'))?.released).toBe(true);
  });

  it('invariant 7: stops where the lease is taken over meanwhile, and does not touch the verdicts any more', async () => {
    await trial.drop(PHYSICAL.pairs);
    const thief: Lease[] = [];
    const robbed = withTables(trial, (tables) => ({
      load: async (name, rows) => {
        if (thief.length === 0) thief.push(await leases.steal('cargo'));
        return tables.load(name, rows);
      },
    }));
    await expect(
      service(robbed).restore({ ...RESTORE, from: location, tables: ['pairs'] }),
    ).rejects.toMatchObject({ exit: 3, code: 'LEASE_LOST' });
    expect(await verdicts()).toEqual({ first: 'validated', second: 'validated' });
    await thief[0]?.release();
  });

  it('comes before the journal where that is lost as well: then there is no lease', async () => {
    await trial.drop(...(await trial.tables()));
    await service().restore({ ...RESTORE, from: location });
    expect(await leases.current('cargo')).toBeUndefined();
    expect(await trial.rows(PHYSICAL.pairs)).toHaveLength(40);
  });
});
