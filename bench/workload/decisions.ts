import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Row } from '../meter/write-units.js';
import { built } from './built.js';
import { SUFFIX, type Kind } from './tables.js';

/** Parts of the runner, as far as the bench calls them. */
interface Step {
  readonly name: string;
  readonly source: string;
  prepare(context: object): Promise<Planner>;
}
interface Planner {
  close(): Promise<void>;
}
interface Plan {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly tables: readonly object[];
}
interface PlannedRow {
  readonly table: string;
}
type Decision =
  | { readonly kind: 'rows'; readonly rows: readonly PlannedRow[] }
  | { readonly kind: 'quarantined' | 'skipped' };
type Check = (row: PlannedRow, source: string) => unknown;
type Class = new (options: never) => object;

interface Runner {
  readonly client: DynamoDBClient;
  readonly plan: Plan;
  readonly reader: object;
  readonly indexes: object;
  readonly check: Check;
  readonly surveyAll: (
    planner: Planner,
    reader: object,
    source: string,
    segments: number,
    options: object,
  ) => Promise<void>;
  readonly decide: (step: Step, planner: Planner, check: Check, record: Row) => Decision;
  readonly sourceName: (step: Step, record: Row) => string;
  readonly stamped: (row: PlannedRow, source: string) => Row;
}

/** A step that has its look-ups. */
interface DecidingStep {
  /** the rows of a record with their stamps and digests; none where it is set aside */
  rowsOf(record: Row): Row[];
  close(): Promise<void>;
}

const RUN = '20260101T000000Z-abcdef';

/**
 * All that the built runner does before it writes a row: its client, its look-ups, what its plan decides of each record,
 * the store's limits, stamps and digests. What it does for safety is not in here: no guard, lease, pace, journal, log,
 * comparison with what is stored.
 */
export class Decisions {
  private constructor(private readonly runner: Runner) {}

  static async load(endpoint: string): Promise<Decisions> {
    // as runner.js does (ADR 0028)
    setFlagsFromString('--interrupt-budget=400000');
    setFlagsFromString('--max-inlined-bytecode-size-cumulative=400');
    return new Decisions(await loadRunner(endpoint));
  }

  get client(): DynamoDBClient {
    return this.runner.client;
  }

  /** Loads the look-ups of a kind's step and surveys its records where it wants to see them first. */
  async step(kind: Kind, segments: number): Promise<DecidingStep> {
    const { plan, reader, indexes, check, surveyAll, decide, sourceName, stamped } = this.runner;
    const step = plan.steps.find(({ name }) => name === kind);
    if (step === undefined) throw new Error(`the runner has no step ${kind}`);
    const startedAt = new Date().toISOString();
    const planner = await step.prepare({ reader, indexes, segments, check, startedAt });
    await surveyAll(planner, reader, step.source, segments, {});
    return {
      rowsOf: (record) => {
        const decision = decide(step, planner, check, record);
        if (decision.kind !== 'rows') return [];
        const source = sourceName(step, record);
        return decision.rows.map((row) => stamped(row, source));
      },
      close: () => planner.close(),
    };
  }
}

async function loadRunner(endpoint: string): Promise<Runner> {
  const { plans } = await built<{ plans: () => { plan: Plan }[] }>('runner/composition/plans');
  const plan = plans().find((one) => one.plan.name === 'kpi')?.plan;
  if (plan === undefined) throw new Error('the runner has no plan kpi');
  const { createDynamoClient } = await built<{ createDynamoClient: (options: object) => DynamoDBClient }>(
    'infrastructure/dynamodb/client',
  );
  const { TableMapping } = await built<{ TableMapping: Class }>('infrastructure/dynamodb/table-mapping');
  const { DynamoReader } = await built<{ DynamoReader: Class }>('infrastructure/dynamodb/dynamodb-reader');
  const { DynamoSink } = await built<{ DynamoSink: Class }>('infrastructure/dynamodb/dynamodb-sink');
  const { SpillingLookupIndexes } = await built<{ SpillingLookupIndexes: Class }>(
    'infrastructure/lookup/spilling-lookup-indexes',
  );
  const { decide, surveyAll } = await built<Pick<Runner, 'decide' | 'surveyAll'>>(
    'runner/engine/guarded-planner',
  );
  const { sourceName } = await built<Pick<Runner, 'sourceName'>>('migrations/contract/migration-step');
  const { checkWith } = await built<{ checkWith: (sink: object, run: string) => Check }>(
    'runner/engine/step-runner',
  );
  const { pendingRow } = await built<{
    pendingRow: (row: PlannedRow, key: unknown, source: string, run: string) => { readonly item: Row };
  }>('runner/engine/row-settlement');
  const { rowKeys } = await built<{ rowKeys: (tables: readonly object[]) => (table: string) => unknown }>(
    'migrations/contract/row-key',
  );
  const client = createDynamoClient({ endpoint, maxSockets: 256, requestTimeout: 60_000 });
  const mapping = made(TableMapping, { suffix: SUFFIX, tables: {}, attributes: {} });
  const options = { client, mapping, tables: plan.tables, concurrency: 64 };
  const keys = rowKeys(plan.tables);
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-lookups-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return {
    client,
    plan,
    surveyAll,
    decide,
    sourceName,
    reader: made(DynamoReader, options),
    // the size at which a run's look-ups go on in files, too
    indexes: made(SpillingLookupIndexes, { root: folder, ceilingBytes: 1024 * 1024 }),
    check: checkWith(made(DynamoSink, options), RUN),
    stamped: (row, source) => pendingRow(row, keys(row.table), source, RUN).item,
  };
}

function made(type: Class, options: object): object {
  return new type(options as never);
}
