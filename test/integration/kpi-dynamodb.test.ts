import fc from 'fast-check';
import { contentDigest } from '../../src/domain/storage/canonical-digest.js';
import { KpiDemoData } from '../../src/migrations/kpi/demo/kpi-demo-data.js';
import type { RunResult } from '../../src/runner/application.js';
import { startServer, type TestServer } from '../support/dynamodb/server.js';
import { DynamoTrial } from '../support/e2e/dynamo-trial.js';
import { FaultPlan } from '../support/e2e/faults.js';
import { freshFolder } from '../support/e2e/stage.js';
import { arbitraryTables } from '../support/kpi/arbitraries.js';
import { comparable } from '../support/kpi/model-store.js';
import { secondModel, STEP_NAMES, type ModelResult } from '../support/kpi/second-model.js';
import { TABLE, tablesWith, type Tables } from '../support/kpi/tables.js';

const RUNS = Number(process.env['WAYBILL_INTEGRATION_RUNS'] ?? 6);

/** What the services said and stored, and what the second model predicts, in the same words. */
interface Observed {
  readonly outcomes: Readonly<Record<string, unknown>>;
  readonly quarantine: readonly string[];
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

function texts(tables: Tables): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, rows.map(comparable).sort()]),
  );
}

async function observe(trial: DynamoTrial, result: RunResult): Promise<Observed> {
  const outcomes = result.steps.map(
    ({ step, counters: { created, updated, unchanged, quarantined, conflict } }) => {
      return [step, { created, updated, unchanged, quarantined, conflict }] as const;
    },
  );
  const quarantine = (await trial.entries('quarantine')).map(({ source, reason }) => `${source} ${reason}`);
  return {
    outcomes: Object.fromEntries(outcomes),
    quarantine: quarantine.sort(),
    tables: texts(await trial.tables()),
  };
}

function predicted(model: ModelResult): Observed {
  const quarantine: string[] = [];
  const outcomes = STEP_NAMES.map((step) => {
    const counts = { created: 0, updated: 0, unchanged: 0, quarantined: 0, conflict: 0 };
    for (const [source, found] of model.steps[step]) {
      counts[found.outcome] += 1;
      if (found.outcome === 'quarantined') quarantine.push(`${source} ${found.reason}`);
    }
    return [step, counts] as const;
  });
  return {
    outcomes: Object.fromEntries(outcomes),
    quarantine: quarantine.sort(),
    tables: texts(model.tables),
  };
}

describe('plan kpi on a real server, with faults between', () => {
  let server: TestServer;
  const folder = freshFolder();

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  /** Runs a data set twice against the faults and compares with the model after each. */
  async function expectAsPredicted(tables: Tables, faults: FaultPlan, segments: number): Promise<void> {
    const trial = await new DynamoTrial(server.endpoint, folder.path, faults, segments).open(tables);
    try {
      const result = await trial.run();
      expect(result.steps.map(({ step, status, findings }) => ({ step, status, findings }))).toEqual(
        STEP_NAMES.map((step) => ({ step, status: 'validated', findings: [] })),
      );
      // an insert whose answer was lost is found as a row of this very run, and counts as created
      expect(await observe(trial, result)).toEqual(predicted(secondModel(tables, contentDigest)));
      const before = await trial.tables();
      const again = await trial.run();
      expect(await observe(trial, again)).toEqual(predicted(secondModel(before, contentDigest)));
      expect(await trial.tables()).toEqual(before);
      expect(again.steps.map(({ counters }) => counters.created + counters.updated)).toEqual([0, 0, 0, 0]);
    } finally {
      await trial.close();
    }
  }

  it('invariants 1 and 6: random data sets end as the second model says, in rows, counters and quarantine', async () => {
    const seed = fc.integer({ min: 1, max: 2 ** 31 });
    await fc.assert(
      fc.asyncProperty(arbitraryTables(), seed, fc.integer({ min: 1, max: 3 }), (tables, chance, segments) =>
        expectAsPredicted(tables, new FaultPlan(chance, 2), segments),
      ),
      // shrinking a failure takes many trials
      { numRuns: RUNS, interruptAfterTimeLimit: 30_000 },
    );
  });

  it('invariants 1 and 6: so does the catalogue of defects, with every kind of fault met on the way', async () => {
    const rows = [...new KpiDemoData().rows({ defects: true, scale: 60 })];
    const named = Object.values(TABLE).map((name) => [
      name,
      rows.filter(({ table }) => table === name).map(({ item }) => item),
    ]);
    const faults = new FaultPlan(7, 2);
    await expectAsPredicted(tablesWith(Object.fromEntries(named) as Partial<Tables>), faults, 2);
    expect([...faults.fired].filter(([, times]) => times === 0)).toEqual([]);
  });
});
