import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { BackupParts } from '../../../src/runner/backup/backup-parts.js';
import { BackupService } from '../../../src/runner/backup/backup.service.js';
import { RestoreService } from '../../../src/runner/backup/restore.service.js';
import { startTrial, type Trial } from './backup-trial.js';

const BY = { plan: 'cargo', by: 'Ada' };
const HULK = 'hulk-staging';
const ROWS: readonly StoredItem[] = [1, 2, 3, 4].map((n) => ({
  berth: { N: String(n) },
  cargo: { S: `crate ${n}` },
}));

/** A table that no plan knows the keys of. */
async function moor(trial: Trial): Promise<void> {
  await trial.client.send(
    new CreateTableCommand({
      TableName: HULK,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'berth', AttributeType: 'N' }],
      KeySchema: [{ AttributeName: 'berth', KeyType: 'HASH' }],
    }),
  );
  await trial.put(HULK, ...ROWS);
}

describe('A-45, E-X30: tables that a plan only archives', () => {
  let trial: Trial;
  let parts: BackupParts;

  beforeEach(async () => {
    trial = await startTrial();
    parts = { ...trial.parts, plans: trial.parts.plans.map((plan) => ({ ...plan, archived: ['hulk'] })) };
  });
  afterEach(() => trial.close());

  it('are part of every backup, whatever their keys, and are restored with it', async () => {
    await moor(trial);
    const { location, tables } = await new BackupService(parts).backup(BY);
    expect(tables.map(({ table, items }) => [table, items])).toEqual([
      ['torture', 7],
      ['pairs', 40],
      ['nothing', 0],
      ['hulk', 4],
    ]);
    await trial.drop(HULK, 'torture-staging', 'pairs-staging', 'nothing-staging');
    await new RestoreService(parts).restore({ plan: 'cargo', confirmProduction: false, from: location });
    const rows = await trial.rows(HULK);
    expect(
      rows.sort((a, b) => Number((a['berth'] as { N: string }).N) - Number((b['berth'] as { N: string }).N)),
    ).toEqual(ROWS);
  });

  it('may be retired already: a backup without them is whole', async () => {
    const { tables } = await new BackupService(parts).backup(BY);
    expect(tables.map(({ table }) => table)).toEqual(['torture', 'pairs', 'nothing']);
  });
});
