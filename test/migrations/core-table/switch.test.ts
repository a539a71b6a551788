import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { join } from 'node:path';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import {
  assertPermitted,
  guardedTables,
  rollbackPermission,
} from '../../../src/infrastructure/dynamodb/write-guard.js';
import { CORE_TABLE_OUTLINE } from '../../../src/migrations/core-table/core-table.outline.js';
import { WriteForbiddenError } from '../../../src/runner/ports/errors.js';
import { servedApplication } from '../../support/dynamodb/served-application.js';
import { aMembership, aServer, contentOf, linesOf, trialOn } from './core-table-trial.js';

describe('C-X16, C-X13, A-25: functions use the new table before traffic is switched', () => {
  const native: readonly StoredItem[] = [
    { PK: { S: 'SERVER#new' }, SK: { S: 'METADATA' }, Type: { S: 'Server' }, name: { S: 'Made there' } },
    { PK: { S: 'USER#zoe' }, SK: { S: 'SERVER#new' }, Type: { S: 'UserServer' }, role: { S: 'admin' } },
  ];

  it('on a table that nobody has migrated to yet, and what they write stays beside what comes', async () => {
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1')], { core: native });
    expect((await trial.wholeRun()).exit).toBe(0);
    expect(trial.tables().get('CoreTable')).toEqual(expect.arrayContaining([...native]));
    expect((await trial.validate()).passed).toBe(true);
  });

  it('and a run right before the switch brings all that the old tables have got since the one before', async () => {
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1')], { core: native });
    await trial.wholeRun();
    trial.put('ServersTable', [aServer('s1', { name: { S: 'Renamed' } }), aServer('s3')]);
    trial.put('UserMembershipTable', [aMembership('bob', 's3')]);
    expect((await trial.validate()).passed).toBe(false);
    await trial.wholeRun();
    expect((await trial.validate()).passed).toBe(true);
    expect(Object.keys(contentOf(trial)).sort()).toEqual([
      ...['SERVER#new|METADATA', 'SERVER#s1|METADATA', 'SERVER#s3|METADATA', 'USER#ann|METADATA'],
      ...['USER#ann|SERVER#s1', 'USER#bob|METADATA', 'USER#bob|SERVER#s3', 'USER#zoe|SERVER#new'],
    ]);
    expect(contentOf(trial)['SERVER#s1|METADATA']).toMatchObject({ name: { S: 'Renamed' } });
    expect((await linesOf(trial, 'servers')).filter((line) => line.startsWith('conflict'))).toEqual([]);
  });

  it('and what functions have changed there meanwhile stays as they have it, whatever the old tables say by then', async () => {
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1')], { core: native });
    await trial.wholeRun();
    const changed = (trial.tables().get('CoreTable') ?? []).map((row) => ({ ...row, seen: { BOOL: true } }));
    trial.put('CoreTable', changed);
    trial.put('ServersTable', [aServer('s1', { name: { S: 'Renamed' } })]);
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ status: 'validated', counters: { conflict: 1, updated: 0 } });
    expect(trial.tables().get('CoreTable')).toEqual(expect.arrayContaining(changed));
  });

  it('and what the old tables have lost since is told, deleted by nobody, and holds up the steps after it', async () => {
    const trial = trialOn([aServer('s1'), aServer('s2')], [aMembership('ann', 's1')]);
    await trial.wholeRun();
    trial.change({ ServersTable: [aServer('s2')] }, {});
    const { steps } = await trial.wholeRun();
    expect(steps.map(({ status }) => status)).toEqual(['failed', 'not-run', 'not-run']);
    expect(steps[0]?.findings.map(({ kind, key }) => [kind, key])).toEqual([['extra', 'SERVER#s2|METADATA']]);
    expect(Object.keys(contentOf(trial))).toContain('SERVER#s2|METADATA');
  });
});

describe('C-X14: an old stack that is deployed again has empty tables', () => {
  it('a backup that was read again brings every row back', async () => {
    const CORE = { plan: 'core-table' };
    const served = await servedApplication({ suffix: '-x14' });
    const client = createDynamoClient({ endpoint: served.endpoint, maxSockets: 4, requestTimeout: 20_000 });
    try {
      const { application } = served;
      const seeded = await application.seed({ ...CORE, defects: false, scale: 30 });
      await application.createTables(CORE);
      const { location } = await application.backup({ ...CORE, by: 'ann', to: join(served.folder, 'b') });
      const counts = async (): Promise<unknown> =>
        (await application.analyze(CORE)).tables.map(({ table, items: rows }) => ({ table, rows }));
      const before = await counts();
      expect(before).toEqual(seeded.tables);
      for (const { name } of CORE_TABLE_OUTLINE.tables)
        await client.send(new DeleteTableCommand({ TableName: `${name}-x14` }));
      await application.restore({ ...CORE, confirmProduction: false, from: location });
      expect(await counts()).toEqual(before);
      const again = await application.backup({ ...CORE, by: 'ann', to: join(served.folder, 'c') });
      const first = await application.verifyBackup({ ...CORE, by: 'ann', from: location });
      expect(again.tables.map(({ digest }) => digest)).toEqual(first.tables.map(({ digest }) => digest));
    } finally {
      client.destroy();
      await served.close();
    }
  });

  it.each(CORE_TABLE_OUTLINE.tables.map(({ name }) => name))('no client of the plan deletes %s', (name) => {
    const mapping = new TableMapping({ suffix: '', tables: {}, attributes: {} });
    const { tables } = CORE_TABLE_OUTLINE;
    for (const permitted of [
      guardedTables(tables, mapping),
      guardedTables(tables, mapping, rollbackPermission),
    ])
      for (const tableAdmin of [true, false])
        expect(() => {
          const policy = { tables: permitted, readOnly: false, tableAdmin };
          assertPermitted('DeleteTableCommand', { TableName: name }, policy);
        }).toThrow(WriteForbiddenError);
  });
});
