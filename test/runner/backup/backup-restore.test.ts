import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sameRow } from '../../../src/domain/storage/canonical-digest.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { BackupService } from '../../../src/runner/backup/backup.service.js';
import { RestoreService } from '../../../src/runner/backup/restore.service.js';
import type { BackupArchives } from '../../../src/runner/ports/backup-archive.js';
import type { BackupTables } from '../../../src/runner/ports/backup-tables.js';
import { PHYSICAL, startTrial, withTables, type Trial } from './backup-trial.js';
import { PAIR_ROWS, TORTURE_ROWS } from './torture-rows.js';

const BY = { plan: 'cargo', by: 'Ada' };
const RESTORE = { plan: 'cargo', confirmProduction: false };
const ALL = Object.values(PHYSICAL);

describe('backup and restore on the embedded server', () => {
  let trial: Trial;
  let backups: BackupService;
  let restores: RestoreService;

  beforeEach(async () => {
    trial = await startTrial();
    backups = new BackupService(trial.parts);
    restores = new RestoreService(trial.parts);
  });
  afterEach(() => trial.close());

  it('K-05, E-X25: backup, drop, restore gives every table back as it was: keys, indexes, and each value of each type', async () => {
    const schemas = await schemasOf(trial, ALL);
    const { location } = await backups.backup(BY);
    await trial.drop(...ALL);
    const result = await restores.restore({ ...RESTORE, from: location });
    expect(result.tables).toEqual([
      { table: 'torture', physicalName: 'torture-staging', created: true, items: 7 },
      { table: 'pairs', physicalName: 'pairs-staging', created: true, items: 40 },
      { table: 'nothing', physicalName: 'nothing-staging', created: true, items: 0 },
    ]);
    expectSameRows(await trial.rows(PHYSICAL.torture), TORTURE_ROWS);
    expectSameRows(await trial.rows(PHYSICAL.pairs), PAIR_ROWS);
    expect(await trial.rows(PHYSICAL.nothing)).toEqual([]);
    expect(await schemasOf(trial, ALL)).toEqual(schemas);
  });

  it('restores the exact texts of numbers, bytes and names', async () => {
    const { location } = await backups.backup(BY);
    await trial.drop(...ALL);
    await restores.restore({ ...RESTORE, from: location });
    const rows = new Map(
      (await trial.rows(PHYSICAL.torture)).map((row) => [(row['id'] as { S: string }).S, row]),
    );
    expect(rows.get('numbers')?.['digits38']).toEqual({ N: '1.2345678901234567890123456789012345678' });
    expect(rows.get('bytes')?.['none']).toEqual({ B: new Uint8Array() });
    expect(rows.get('texts')?.['empty']).toEqual({ S: '' });
    const names = rows.get('names') as StoredItem;
    expect(Object.keys(names)).toContain('__proto__');
    expect(JSON.stringify(Object.entries(names).find(([name]) => name === '__proto__')?.[1])).toContain(
      'inner',
    );
    expect((rows.get('large')?.['text'] as { S: string }).S).toBe('é'.repeat(195_000));
  });

  it('E-X24: tells counts and digests, and records the evidence once it has read everything again', async () => {
    await trial.createJournal();
    const result = await backups.backup(BY);
    expect(result).toMatchObject({ plan: 'cargo', env: 'staging', notices: [] });
    expect(result.backup).toMatch(/^cargo-staging-\d{8}T\d{6}Z-[0-9a-f]{6}$/);
    expect(result.tables.map(({ table, items, files }) => [table, items, files])).toEqual([
      ['torture', 7, expect.any(Number)],
      ['pairs', 40, expect.any(Number)],
      ['nothing', 0, 1],
    ]);
    expect(result.tables[2]?.digest).toBe('0'.repeat(64));
    const [evidence] = await backups.backups({ plan: 'cargo' });
    expect(evidence).toEqual({
      gate: 'backup',
      backup: result.backup,
      location: result.location,
      at: result.at,
      verifiedAt: result.verifiedAt,
      by: 'Ada',
      tables: [
        { table: 'torture', physicalName: 'torture-staging', items: 7 },
        { table: 'pairs', physicalName: 'pairs-staging', items: 40 },
        { table: 'nothing', physicalName: 'nothing-staging', items: 0 },
      ],
    });
  });

  it('says so where there is no journal to record it in; verify records it later', async () => {
    const { location, notices } = await backups.backup(BY);
    expect(notices).toEqual([expect.stringContaining('backup verify')]);
    expect(await backups.backups({ plan: 'cargo' })).toEqual([]);
    await trial.createJournal();
    expect((await backups.verify({ ...BY, from: location })).notices).toEqual([]);
    expect(await backups.backups({ plan: 'cargo' })).toHaveLength(1);
  });

  it('records nothing of a backup that was damaged on its way to the disk, or that is damaged later', async () => {
    await trial.createJournal();
    const { archives } = trial.parts;
    const damaging: BackupArchives = {
      defaultLocation: (backup) => archives.defaultLocation(backup),
      newest: (plan, env) => archives.newest(plan, env),
      open: async (location) => {
        const archive = await archives.open(location);
        const seal = archive.seal.bind(archive);
        archive.seal = async (manifest) => {
          await seal(manifest);
          flipByte(location);
        };
        return archive;
      },
    };
    const damaged = { code: 'BACKUP_DAMAGED', message: expect.stringMatching(/pairs-staging\/.*\.json\.gz/) };
    const service = new BackupService({ ...trial.parts, archives: damaging });
    await expect(service.backup(BY)).rejects.toMatchObject(damaged);
    expect(await backups.backups({ plan: 'cargo' })).toEqual([]);
    const { location } = await backups.backup(BY);
    flipByte(location);
    await expect(backups.verify({ ...BY, from: location })).rejects.toMatchObject(damaged);
    expect(await backups.backups({ plan: 'cargo' })).toHaveLength(1);
  });

  it('loads nothing at all from a backup with one byte flipped', async () => {
    const { location } = await backups.backup(BY);
    flipByte(location);
    await trial.drop(...ALL);
    await expect(restores.restore({ ...RESTORE, from: location })).rejects.toMatchObject({
      exit: 3,
      code: 'BACKUP_DAMAGED',
    });
    expect(await trial.tables()).toEqual([]);
  });

  it('invariant 11: gives folders and files to their owner alone', async () => {
    const { location } = await backups.backup(BY);
    const names = readdirSync(location, { recursive: true }) as string[];
    const modes = [location, ...names.map((name) => join(location, name))].map((path) => {
      const found = statSync(path);
      return `${found.isDirectory() ? 'folder' : 'file'} ${(found.mode & 0o777).toString(8)}`;
    });
    expect([...new Set(modes)].sort()).toEqual(['file 600', 'folder 700']);
  });

  it('finds the latest backup by itself: the newest that was verified, without a journal the newest in its folder', async () => {
    await trial.put(PHYSICAL.nothing, { id: { S: 'first' } });
    await backups.backup(BY);
    await new Promise((done) => setTimeout(done, 1_100));
    await trial.put(PHYSICAL.nothing, { id: { S: 'second' } });
    const newest = await backups.backup(BY);
    expect((await backups.verify(BY)).backup).toBe(newest.backup);
    await trial.createJournal();
    const elsewhere = await backups.backup({ ...BY, to: join(trial.folder, 'elsewhere') });
    expect((await backups.verify(BY)).location).toBe(elsewhere.location);
  });

  it('refuses where there is no backup at all, naming the command that makes one', async () => {
    await expect(backups.verify(BY)).rejects.toMatchObject({
      exit: 3,
      code: 'BACKUP_MISSING',
      next: expect.stringContaining('node runner backup --env staging --plan cargo'),
    });
  });

  it('refuses to back up a plan that lacks a table, and writes nothing', async () => {
    await trial.drop(PHYSICAL.pairs);
    await expect(backups.backup(BY)).rejects.toMatchObject({
      code: 'TABLE_MISSING',
      message: expect.stringContaining('pairs-staging'),
    });
    expect(existsSync(join(trial.folder, 'backups'))).toBe(false);
  });

  it('never writes where something is already, and leaves it as it is', async () => {
    const to = join(trial.folder, 'taken');
    const first = await backups.backup({ ...BY, to });
    const before = (readdirSync(to, { recursive: true }) as string[]).sort();
    await expect(backups.backup({ ...BY, to })).rejects.toMatchObject({ code: 'BACKUP_EXISTS' });
    expect((readdirSync(to, { recursive: true }) as string[]).sort()).toEqual(before);
    expect((await backups.verify({ ...BY, from: to })).backup).toBe(first.backup);
  });

  it('leaves nothing that looks like a backup when it fails half-way', async () => {
    const to = join(trial.folder, 'half');
    const failing = withTables(trial, (tables) => ({
      rows: async function* (name, options) {
        yield* tables.rows(name, options);
        if (name === PHYSICAL.pairs) throw new Error('the network is gone');
      },
    }));
    await expect(new BackupService(failing).backup({ ...BY, to })).rejects.toThrow('the network is gone');
    expect(existsSync(to)).toBe(false);
    await expect(backups.verify({ ...BY, from: to })).rejects.toMatchObject({ code: 'BACKUP_MISSING' });
  });

  it('takes no backup for one whose writer was killed before its manifest', async () => {
    const archive = await trial.parts.archives.open(join(trial.folder, 'killed'));
    const table = await archive.exportTable({ physicalName: PHYSICAL.pairs }, new Date());
    await table.write(pagesOf(PAIR_ROWS));
    await table.finish();
    const from = archive.location;
    await expect(backups.verify({ ...BY, from })).rejects.toMatchObject({ code: 'BACKUP_MISSING' });
    await expect(restores.restore({ ...RESTORE, from })).rejects.toMatchObject({ code: 'BACKUP_MISSING' });
  });

  it('stops with exit 4 when it is asked to, and cleans up', async () => {
    const to = join(trial.folder, 'stopped');
    const stop = new AbortController();
    const parts = withTables(trial, (tables) => ({
      rows: async function* (name, options) {
        if (name === PHYSICAL.pairs) stop.abort();
        yield* tables.rows(name, options);
      },
    }));
    await expect(new BackupService(parts).backup({ ...BY, to, signal: stop.signal })).rejects.toMatchObject({
      exit: 4,
      code: 'ABORTED',
    });
    expect(existsSync(to)).toBe(false);
  });

  it('never restores over rows: every table is looked at before one is loaded', async () => {
    const { location } = await backups.backup(BY);
    await trial.drop(PHYSICAL.torture);
    const before = await trial.rows(PHYSICAL.pairs);
    await expect(restores.restore({ ...RESTORE, from: location })).rejects.toMatchObject({
      exit: 3,
      code: 'RESTORE_NOT_EMPTY',
      message: expect.stringContaining('pairs-staging is not empty'),
    });
    expect(await trial.tables()).not.toContain(PHYSICAL.torture);
    expect(await trial.rows(PHYSICAL.pairs)).toEqual(before);
  });

  it('refuses a table of which only a row was deleted: it is not empty, though nothing in it differs', async () => {
    const { location } = await backups.backup(BY);
    await trial.remove(PHYSICAL.pairs, { owner: { S: 'owner-0' }, rank: { N: '0' } });
    const request = { ...RESTORE, from: location, tables: ['pairs'] };
    await expect(restores.restore(request)).rejects.toMatchObject({ code: 'RESTORE_NOT_EMPTY' });
    expect(await trial.rows(PHYSICAL.pairs)).toHaveLength(39);
  });

  it('overwrites no row that somebody writes in the meantime, and says that the table differs', async () => {
    const { location } = await backups.backup(BY);
    await trial.drop(PHYSICAL.pairs);
    const theirs = { owner: { S: 'owner-1' }, rank: { N: '1' }, note: { S: 'theirs' } };
    const parts = withTables(trial, (tables) => ({
      load: async (name, rows) => {
        await trial.put(name, theirs);
        return tables.load(name, rows);
      },
    }));
    const request = { ...RESTORE, from: location, tables: ['pairs'] };
    await expect(new RestoreService(parts).restore(request)).rejects.toMatchObject({
      exit: 1,
      code: 'RESTORE_DIFFERS',
      message: expect.stringContaining('as many rows, but not the same'),
    });
    expectSameRows(await trial.rows(PHYSICAL.pairs), [
      ...PAIR_ROWS.filter((row) => !sameRow({ rank: row['rank'] as never }, { rank: { N: '1' } })),
      theirs,
    ]);
  });

  it.each([0, 1, 17, 40])('goes on after it was killed when %i rows were in', async (loaded) => {
    const { location } = await backups.backup(BY);
    await trial.drop(PHYSICAL.pairs);
    const request = { ...RESTORE, from: location, tables: ['pairs'] };
    await expect(new RestoreService(killedAfter(trial, loaded)).restore(request)).rejects.toThrow('killed');
    expect(await trial.rows(PHYSICAL.pairs)).toHaveLength(loaded);
    expect((await restores.restore(request)).tables).toMatchObject([{ created: false, items: 40 }]);
    expectSameRows(await trial.rows(PHYSICAL.pairs), PAIR_ROWS);
    // what is restored is live: the note of the killed restore is gone
    await expect(restores.restore(request)).rejects.toMatchObject({ code: 'RESTORE_NOT_EMPTY' });
  });

  it.each([
    ['a row was changed', { owner: { S: 'owner-0' }, rank: { N: '0' }, note: { S: 'changed' } }],
    ['a row was added', { owner: { S: 'owner-0' }, rank: { N: '999' } }],
  ])('does not go on after a kill where %s since', async (_, row) => {
    const { location } = await backups.backup(BY);
    await trial.drop(PHYSICAL.pairs);
    const request = { ...RESTORE, from: location, tables: ['pairs'] };
    await expect(new RestoreService(killedAfter(trial, 40)).restore(request)).rejects.toThrow('killed');
    await trial.put(PHYSICAL.pairs, row);
    await expect(restores.restore(request)).rejects.toMatchObject({ code: 'RESTORE_NOT_EMPTY' });
  });

  it('does not go on with another backup than the one that was being restored', async () => {
    const first = await backups.backup(BY);
    const second = await backups.backup({ ...BY, to: join(trial.folder, 'second') });
    await trial.drop(PHYSICAL.pairs);
    const request = { ...RESTORE, tables: ['pairs'] };
    const killed = new RestoreService(killedAfter(trial, 17));
    await expect(killed.restore({ ...request, from: first.location })).rejects.toThrow('killed');
    await expect(restores.restore({ ...request, from: second.location })).rejects.toMatchObject({
      code: 'RESTORE_NOT_EMPTY',
    });
  });

  it('E-X23: restores chosen tables beside the live ones under a suffix', async () => {
    const { location } = await backups.backup(BY);
    const request = { ...RESTORE, from: location, tables: ['pairs', 'torture'], suffix: '-old' };
    const result = await restores.restore(request);
    expect(result.tables.map(({ physicalName, created }) => [physicalName, created])).toEqual([
      ['torture-staging-old', true],
      ['pairs-staging-old', true],
    ]);
    expectSameRows(await trial.rows('torture-staging-old'), TORTURE_ROWS);
    expectSameRows(await trial.rows('pairs-staging-old'), PAIR_ROWS);
    await expect(restores.restore({ ...request, tables: ['pears'] })).rejects.toMatchObject({
      exit: 2,
      code: 'TABLE_UNKNOWN',
      next: expect.stringContaining('torture, pairs, nothing'),
    });
    await expect(restores.restore({ ...request, suffix: '/..' })).rejects.toMatchObject({
      exit: 2,
      code: 'SUFFIX_INVALID',
    });
  });

  it('refuses an empty table with other keys', async () => {
    const { location } = await backups.backup(BY);
    await trial.drop(PHYSICAL.pairs, PHYSICAL.nothing);
    await trial.parts.admin.create({ name: 'pairs', role: 'target', partitionKey: 'owner', indexes: [] });
    const request = { ...RESTORE, from: location, tables: ['nothing', 'pairs'] };
    await expect(restores.restore(request)).rejects.toMatchObject({
      code: 'RESTORE_KEYS_DIFFER',
      message: expect.stringContaining('owner (HASH) instead of owner (HASH), rank (RANGE)'),
    });
    expect(await trial.tables()).not.toContain(PHYSICAL.nothing);
  });

  it('A-04: restores into production only where that is confirmed, or beside it', async () => {
    const { location } = await backups.backup(BY);
    const production = { ...trial.parts, environment: { ...trial.parts.environment, production: true } };
    const inProduction = new RestoreService(production);
    const request = { ...RESTORE, from: location, tables: ['nothing'] };
    await expect(inProduction.restore(request)).rejects.toMatchObject({ code: 'PRODUCTION_UNCONFIRMED' });
    expect((await inProduction.restore({ ...request, suffix: '-old' })).tables).toHaveLength(1);
    expect((await inProduction.restore({ ...request, confirmProduction: true })).tables).toHaveLength(1);
  });

  it('refuses the backup of another environment', async () => {
    const { location } = await backups.backup(BY);
    const elsewhere = { ...trial.parts, environment: { ...trial.parts.environment, name: 'production' } };
    await expect(new RestoreService(elsewhere).restore({ ...RESTORE, from: location })).rejects.toMatchObject(
      { code: 'BACKUP_OF_ANOTHER' },
    );
  });

  it('stops a restore with exit 4 when it is asked to, and goes on afterwards', async () => {
    await trial.createJournal();
    const { location } = await backups.backup(BY);
    await trial.drop(PHYSICAL.pairs);
    const request = { ...RESTORE, from: location, tables: ['pairs'] };
    const operator = new AbortController();
    const parts = withTables(trial, (tables) => ({
      load: (name, rows) => {
        operator.abort();
        return tables.load(name, rows);
      },
    }));
    await expect(
      new RestoreService(parts).restore({ ...request, signal: operator.signal }),
    ).rejects.toMatchObject({ exit: 4, code: 'ABORTED' });
    await restores.restore(request);
    expectSameRows(await trial.rows(PHYSICAL.pairs), PAIR_ROWS);
  });

  it('invariant 3: gives each command a client that can do no more than it needs', async () => {
    const rows = [{ id: { S: 'x' } }];
    const open = (use: 'read' | 'load' | 'scratch'): BackupTables =>
      trial.openTables([{ physicalName: PHYSICAL.nothing, use, keys: ['id'] }]);
    const [read, load, scratch] = [open('read'), open('load'), open('scratch')];
    const forbidden = { code: 'WRITE_FORBIDDEN' };
    await expect(read.load(PHYSICAL.nothing, rows)).rejects.toMatchObject(forbidden);
    await expect(read.drop(PHYSICAL.nothing)).rejects.toMatchObject(forbidden);
    await expect(load.drop(PHYSICAL.nothing)).rejects.toMatchObject(forbidden);
    await expect(scratch.drop(PHYSICAL.pairs)).rejects.toMatchObject(forbidden);
    await expect(load.load(PHYSICAL.pairs, rows)).rejects.toMatchObject(forbidden);
    expect(await load.load(PHYSICAL.nothing, rows)).toBe(1);
    expect(await load.load(PHYSICAL.nothing, [{ id: { S: 'x' }, a: { S: 'new' } }])).toBe(0);
    expect(await trial.rows(PHYSICAL.nothing)).toEqual(rows);
    for (const tables of [read, load, scratch]) tables.close();
  });
});

/** In a data file of the second table. */
function flipByte(location: string): void {
  const names = readdirSync(location, { recursive: true }) as string[];
  const path = join(location, names.find((name) => /^pairs.*\.gz$/.test(name)) as string);
  const content = readFileSync(path);
  content.writeUInt8(content.readUInt8(20) ^ 1, 20);
  writeFileSync(path, content);
}

function expectSameRows(found: readonly StoredItem[], expected: readonly StoredItem[]): void {
  expect(found).toHaveLength(expected.length);
  const missing = expected.filter((row) => !found.some((other) => sameRow(row, other)));
  expect(missing).toEqual([]);
}

async function schemasOf(trial: Trial, names: readonly string[]): Promise<unknown[]> {
  const tables = trial.openTables(names.map((physicalName) => ({ physicalName, use: 'read', keys: [] })));
  const found = await Promise.all(names.map(async (name) => (await tables.describe(name))?.schema));
  tables.close();
  return found;
}

/** What a kill leaves behind: some of the rows, and nobody who tidies up. */
function killedAfter(trial: Trial, rows: number): Trial['parts'] {
  let left = rows;
  return withTables(trial, (tables) => ({
    load: async (name, all) => {
      const loaded = await tables.load(name, all.slice(0, left));
      left -= Math.min(left, all.length);
      if (left === 0) throw new Error('killed');
      return loaded;
    },
  }));
}

// eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
async function* pagesOf(rows: readonly StoredItem[]): AsyncGenerator<readonly StoredItem[]> {
  yield rows;
}
