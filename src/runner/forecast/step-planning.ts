import { withStamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep, RecordPlanner } from '../../migrations/contract/migration-step.js';
import { sourceName } from '../../migrations/contract/migration-step.js';
import { rowKeys, type RowKeys } from '../../migrations/contract/row-key.js';
import { decide, survey, type Check } from '../engine/guarded-planner.js';
import { parallelScan } from '../engine/parallel-scan.js';
import { checkWith } from '../engine/step-runner.js';
import type { Progress } from '../ports/progress.js';
import type { RecordSink, StampedRow } from '../ports/record-sink.js';
import type { RandomSample } from './random-sample.js';
import type { SampledReader } from './sampled-reader.js';
import { StepTally } from './step-tally.js';

/** Any run's name is as long as this one, any digest as long as that one; so rows get the size that they will have. */
const ANY_RUN = '00000000T000000Z-000000';
const ANY_DIGEST = '0'.repeat(64);
/** Records that are planned between two looks at the signal. */
const CHUNK_RECORDS = 250;

interface StepPlanningParts {
  readonly plan: MigrationPlan;
  readonly step: IMigrationStep;
  readonly store: { readonly reader: SampledReader; readonly sink: RecordSink };
  readonly indexes: LookupIndexes;
  readonly progress: Progress;
  readonly segments: number;
  readonly itemBytes: (table: string, item: StoredItem) => number;
  /** absent: every record is planned, and its rows are kept in the overlay */
  readonly sample?: RandomSample;
  readonly signal?: AbortSignal;
}

export interface PlannedStep {
  readonly tally: StepTally;
  /** every record was planned, so that later steps can look things up */
  readonly whole: boolean;
  /** every record was planned */
  readonly complete: boolean;
  /** whole scans of each table for the look-ups, and the items of all of them together */
  readonly lookups: ReadonlyMap<string, { readonly times: number; readonly items: number }>;
  readonly surveys: boolean;
}

interface Keyed {
  readonly row: StampedRow;
  readonly companion: boolean;
}

/** Plans records of one step and counts what comes of them. Nothing is written. */
export class StepPlanning {
  private readonly tally: StepTally;
  private readonly keys: RowKeys;
  private readonly check: Check;

  constructor(private readonly parts: StepPlanningParts) {
    const { plan, store } = parts;
    this.tally = new StepTally(new Map(plan.tables.map((table) => [table.name, table])));
    this.keys = rowKeys(plan.tables);
    this.check = checkWith(store.sink, ANY_RUN);
  }

  async execute(): Promise<PlannedStep> {
    const { step, store, indexes, segments, sample, signal, progress } = this.parts;
    const stop = signal === undefined ? {} : { signal };
    store.reader.takeScans();
    progress.started(`${step.name}: forecast`, sample?.records.length);
    const planner = await step.prepare({
      reader: store.reader,
      indexes,
      segments,
      check: this.check,
      ...stop,
    });
    const lookups = store.reader.takeScans();
    try {
      if (planner.survey !== undefined) {
        await this.eachChunk(async (records) => {
          for (const record of records) await survey(planner, record);
        });
      }
      await this.companions(planner);
      await this.eachChunk((records) => this.plan(planner, records));
    } finally {
      progress.finished();
      await planner.close();
    }
    const whole = sample === undefined;
    const complete = sample?.complete ?? true;
    return { tally: this.tally, whole, complete, lookups, surveys: planner.survey !== undefined };
  }

  private async companions(planner: RecordPlanner): Promise<void> {
    if (planner.companions === undefined) return;
    let rows: Keyed[] = [];
    for await (const { table, item, source } of planner.companions()) {
      rows.push({ row: { table, item: stamped(item, source) }, companion: true });
      if (rows.length < CHUNK_RECORDS) continue;
      await this.count(rows);
      rows = [];
    }
    await this.count(rows);
  }

  private async plan(planner: RecordPlanner, records: readonly StoredItem[]): Promise<void> {
    const { step, itemBytes } = this.parts;
    const rows: Keyed[] = [];
    for (const record of records) {
      const decision = decide(step, planner, this.check, record);
      const source = sourceName(step, record);
      this.tally.addRecord(source, itemBytes(step.source, record), decision);
      if (decision.kind !== 'rows') continue;
      for (const { table, item } of decision.rows)
        rows.push({ row: { table, item: stamped(item, source) }, companion: false });
    }
    await this.count(rows);
    this.parts.progress.advanced(this.tally.records.count);
  }

  private async count(rows: readonly Keyed[]): Promise<void> {
    const taken = await this.taken(rows.map(({ row }) => row));
    rows.forEach(({ row: { table, item }, companion }, index) => {
      const key = this.keys(table).text(item);
      const facts = { key, bytes: this.parts.itemBytes(table, item), exists: taken[index] === true };
      if (companion) this.tally.addCompanion(table, item, facts);
      else this.tally.addRow(table, item, facts);
    });
  }

  /** Whether the key of each row is taken in the store. Where later steps need the rows, the overlay gets them. */
  private async taken(rows: readonly StampedRow[]): Promise<boolean[]> {
    const { reader, sink } = this.parts.store;
    if (this.parts.sample === undefined)
      return (await sink.insert(rows)).map(({ kind }) => kind === 'exists');
    const taken = new Array<boolean>(rows.length).fill(false);
    for (const table of new Set(rows.map((row) => row.table))) {
      const own = rows.flatMap((row, index) => (row.table === table ? [{ row, index }] : []));
      const keys = own.map(({ row }) => this.keys(table).of(row.item));
      const found = await reader.get(table, keys);
      own.forEach(({ index }, position) => (taken[index] = found[position] !== undefined));
    }
    return taken;
  }

  private async eachChunk(handle: (records: readonly StoredItem[]) => Promise<void>): Promise<void> {
    const { step, store, segments, sample, signal } = this.parts;
    const chunks = async (records: readonly StoredItem[]): Promise<void> => {
      for (let start = 0; start < records.length; start += CHUNK_RECORDS) {
        signal?.throwIfAborted();
        await handle(records.slice(start, start + CHUNK_RECORDS));
      }
    };
    if (sample !== undefined) return chunks(sample.records);
    const stop = signal === undefined ? {} : { signal };
    await parallelScan(store.reader, step.source, segments, ({ items }) => chunks(items), stop);
  }
}

function stamped(item: StoredItem, source: string): StoredItem {
  return withStamp(item, { source, run: ANY_RUN, digest: ANY_DIGEST });
}
