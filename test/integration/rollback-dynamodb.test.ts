import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import { startServer, type TestServer } from '../support/dynamodb/server.js';
import { DynamoTrial } from '../support/e2e/dynamo-trial.js';
import { FaultPlan } from '../support/e2e/faults.js';
import { freshFolder } from '../support/e2e/stage.js';
import { id } from '../support/engine/small-rows.js';
import { comparable } from '../support/kpi/model-store.js';
import { idOf, TABLE, tablesWith, type Tables } from '../support/kpi/tables.js';
import { COMPANY } from '../runner/rollback/company.js';
import { keptLine, totals } from '../runner/rollback/rollback-trial.js';

const texts = (tables: Tables): Record<string, string[]> =>
  Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.map(comparable).sort()]));

describe('the rollback of plan kpi on a real server', () => {
  let server: TestServer;
  const folder = freshFolder();

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  it('invariant 9: removes what the engine wrote with the rights of a rollback alone, and keeps what was edited', async () => {
    const trial = await new DynamoTrial(server.endpoint, folder.path, new FaultPlan(5, 3), 2).open(COMPANY);
    try {
      expect((await trial.run()).exit).toBe(0);
      const ran = await trial.tables();
      const row = ran[TABLE.kpiData].find((one) => idOf(one) === id('d3', 1)) as StoredItem;
      const edited = { ...row, note: { S: 'by hand' } };
      await trial.open(tablesWith({ [TABLE.kpiData]: [edited] }));
      const rollback = { plan: 'kpi', confirmProduction: false };
      const before = texts(await trial.tables());
      const dry = await trial.application.rollback({ ...rollback, dryRun: true });
      expect(texts(await trial.tables())).toEqual(before);
      const result = await trial.application.rollback({ ...rollback, dryRun: false });
      expect(result).toMatchObject({ status: 'complete', exit: 0 });
      expect(totals(result)).toEqual([
        'readings rolled-back 5/1/7',
        'actuals rolled-back 2/0/6',
        'milestones rolled-back 4/0/2',
        'links rolled-back 4/0/2',
      ]);
      expect(result.kept.map(keptLine)).toEqual([`readings ${TABLE.kpiData}#${id('d3', 1)} EDITED`]);
      expect(dry.kept.map(keptLine)).toEqual(result.kept.map(keptLine));
      expect(dry.steps.map(({ removed, kept }) => [removed, kept])).toEqual(
        result.steps.map(({ removed, kept }) => [removed, kept]),
      );
      expect(texts(await trial.tables())).toEqual(
        texts({ ...COMPANY, [TABLE.kpiData]: [...COMPANY[TABLE.kpiData], edited] }),
      );
    } finally {
      await trial.close();
    }
  });
});
