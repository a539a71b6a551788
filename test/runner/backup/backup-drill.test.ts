import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BackupDrillService } from '../../../src/runner/backup/backup-drill.service.js';
import { BackupService } from '../../../src/runner/backup/backup.service.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { StoreError } from '../../../src/runner/ports/errors.js';
import { PHYSICAL, startTrial, withTables, type Trial } from './backup-trial.js';

const BY = { plan: 'cargo', by: 'Ada' };

describe('a restore drill', () => {
  let trial: Trial;
  let from: string;
  let tables: string[];

  beforeAll(async () => {
    trial = await startTrial();
    from = (await new BackupService(trial.parts).backup(BY)).location;
    tables = (await trial.tables()).sort();
  });
  afterAll(() => trial.close());
  // whatever became of the drill, its tables are gone and the others are there
  afterEach(async () => expect((await trial.tables()).sort()).toEqual(tables));

  it('restores every table under a name of its own, compares it and removes it', async () => {
    const made: string[] = [];
    const parts = withTables(trial, (inner) => ({
      create: async (name, schema, options) => {
        await inner.create(name, schema, options);
        made.push(...(await trial.tables()).filter((table) => !tables.includes(table)));
      },
    }));
    const result = await new BackupDrillService(parts).drill({ ...BY, from });
    expect(result).toMatchObject({ plan: 'cargo', env: 'staging', passed: true });
    expect(result.tables.map(({ table, items, restored, equal }) => [table, items, restored, equal])).toEqual(
      [
        ['torture', 7, 7, true],
        ['pairs', 40, 40, true],
        ['nothing', 0, 0, true],
      ],
    );
    expect(result.tables.map(({ scratchTable }) => scratchTable)).toEqual(made);
    expect(made).toEqual(
      ['torture', 'pairs', 'nothing'].map((table) =>
        expect.stringMatching(new RegExp(`^${table}-staging-drill-[0-9a-f]{12}$`)),
      ),
    );
  });

  it.each([
    ['a row is lost', (rows: readonly StoredItem[]) => rows.slice(1), false],
    [
      'a value changes',
      (rows: readonly StoredItem[]) => rows.map((row) => ({ ...row, extra: { S: '' } })),
      true,
    ],
  ])('does not pass where %s on the way', async (_, change, sameCount) => {
    const parts = withTables(trial, (inner) => ({
      load: (name, rows) => inner.load(name, name.startsWith(PHYSICAL.torture) ? change(rows) : rows),
    }));
    const result = await new BackupDrillService(parts).drill({ ...BY, from });
    expect(result.passed).toBe(false);
    const [torture, pairs] = result.tables;
    expect(torture).toMatchObject({ items: 7, equal: false });
    expect(torture?.restored === 7).toBe(sameCount);
    expect(pairs).toMatchObject({ equal: true });
  });

  it('removes its tables when it fails', async () => {
    const parts = withTables(trial, () => ({
      load: () => Promise.reject(new Error('the network is gone')),
    }));
    await expect(new BackupDrillService(parts).drill({ ...BY, from })).rejects.toThrow('the network is gone');
  });

  it('removes its tables when it is stopped, and ends with exit 4', async () => {
    const stop = new AbortController();
    const parts = withTables(trial, (inner) => ({
      load: (name, rows) => {
        stop.abort();
        return inner.load(name, rows);
      },
    }));
    const drill = new BackupDrillService(parts).drill({ ...BY, from, signal: stop.signal });
    await expect(drill).rejects.toMatchObject({ exit: 4, code: 'ABORTED' });
  });

  it('names a table that it could not remove', async () => {
    const left: string[] = [];
    const parts = withTables(trial, () => ({
      drop: (name) => {
        left.push(name);
        return Promise.reject(new Error('denied'));
      },
    }));
    await expect(new BackupDrillService(parts).drill({ ...BY, from })).rejects.toMatchObject({
      exit: 3,
      code: 'DRILL_TABLE_LEFT',
      message: expect.stringMatching(/torture-staging-drill-[0-9a-f]{12}/),
      next: expect.stringContaining('aws dynamodb delete-table'),
    });
    await trial.drop(...left);
  });

  const denied = (action: string): StoreError =>
    new StoreError('STORE_DENIED', `The store denies ${action}.`, 'Attach the policy.');

  it('tells that a table can not be made, and of none that is left where there is none', async () => {
    const parts = withTables(trial, () => ({
      create: () => Promise.reject(denied('CreateTable')),
      drop: () => Promise.reject(denied('DeleteTable')),
    }));
    await expect(new BackupDrillService(parts).drill({ ...BY, from })).rejects.toMatchObject({
      code: 'STORE_DENIED',
      message: 'The store denies CreateTable.',
      next: 'Attach the policy.',
    });
  });

  it('tells first what failed first where nobody may even see whether the table is there', async () => {
    const parts = withTables(trial, () => ({
      create: () => Promise.reject(denied('CreateTable')),
      drop: () => Promise.reject(denied('DeleteTable')),
      describe: () => Promise.reject(denied('DescribeTable')),
    }));
    await expect(new BackupDrillService(parts).drill({ ...BY, from })).rejects.toMatchObject({
      code: 'STORE_DENIED',
      message: 'The store denies CreateTable.',
      next: expect.stringMatching(
        /^Attach the policy\. Whether the scratch table torture-staging-drill-\S+ was made/,
      ),
    });
  });

  it('tells both errors where a table was made, could not be loaded and could not be removed', async () => {
    const left: string[] = [];
    const parts = withTables(trial, () => ({
      load: () => Promise.reject(denied('PartiQLInsert')),
      drop: (name) => {
        left.push(name);
        return Promise.reject(denied('DeleteTable'));
      },
    }));
    await expect(new BackupDrillService(parts).drill({ ...BY, from })).rejects.toMatchObject({
      code: 'DRILL_TABLE_LEFT',
      message: expect.stringMatching(
        /torture-staging-drill-[0-9a-f]{12} could not be removed: STORE_DENIED: The store denies DeleteTable\. Before that: STORE_DENIED: The store denies PartiQLInsert\.$/,
      ),
    });
    await trial.drop(...left);
  });

  it('makes no table for a damaged backup', async () => {
    const parts = withTables(trial, () => ({ create: () => Promise.reject(new Error('created')) }));
    const names = readdirSync(from, { recursive: true }) as string[];
    const path = join(from, names.find((name) => /^pairs.*\.gz$/.test(name)) as string);
    const whole = readFileSync(path);
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(5) ^ 0x10, 5);
    writeFileSync(path, flipped);
    try {
      await expect(new BackupDrillService(parts).drill({ ...BY, from })).rejects.toMatchObject({
        code: 'BACKUP_DAMAGED',
      });
    } finally {
      writeFileSync(path, whole);
    }
  });
});
