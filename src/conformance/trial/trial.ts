import type { StoredItem } from '../../domain/storage/stored-value.js';
import { JOURNAL_TABLE } from '../../infrastructure/journal/journal-layout.js';
import { MemoryJournal } from '../../infrastructure/journal/memory-journal.js';
import { MemoryLeases } from '../../infrastructure/lease/memory-leases.js';
import { MemoryStore } from '../../infrastructure/memory/memory-store.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import { rowKeys, type RowKeys } from '../../migrations/contract/row-key.js';
import type { RollbackResult, RunResult, ValidateResult } from '../../runner/application.js';
import type { RunRecord } from '../../runner/ports/journal.js';
import type { RecordSink } from '../../runner/ports/record-sink.js';
import type { TableRows } from '../subject.js';
import { Failpoints } from './failpoints.js';
import type { PlanObserver } from './observed-plan.js';
import { openProcess, type World } from './process.js';
import { ReorderedReader } from './reordered-reader.js';
import { PAGE_ROWS } from './surroundings.js';

/** How a process is to work. */
export interface ProcessOptions {
  readonly failpoints?: Failpoints;
  readonly observer?: PlanObserver;
  readonly dryRun?: boolean;
  /** omitted: all */
  readonly steps?: readonly string[];
  readonly segments?: number;
  /** the order in which tables are scanned, any text; omitted: that of the store */
  readonly order?: string;
}

export type Snapshot = ReadonlyMap<string, readonly StoredItem[]>;

/** Tables, journal and leases in memory, and processes that come and go on them. */
export class Trial {
  readonly journal = new MemoryJournal();
  readonly plan: MigrationPlan;
  /** the error on which the last process stopped, as the plan's code or the engine threw it */
  failure: unknown;
  /** rows written, changed and removed so far */
  writes = 0;
  private readonly store: MemoryStore;
  private readonly keys: RowKeys;
  private readonly leases = new MemoryLeases(this.journal);
  private clock = Date.UTC(2026, 10, 21, 8);

  constructor(
    private readonly makePlan: () => MigrationPlan,
    tables: Snapshot | TableRows,
  ) {
    this.plan = makePlan();
    this.keys = rowKeys(this.plan.tables);
    this.store = new MemoryStore([...this.plan.tables, JOURNAL_TABLE], { pageSize: PAGE_ROWS });
    for (const [table, rows] of entriesOf(tables)) this.put(table, rows);
  }

  get reader(): RecordReader {
    return this.store;
  }

  get sink(): RecordSink {
    return this.store;
  }

  /** Writes rows as an application would: whatever was there is overwritten. */
  put(table: string, rows: readonly StoredItem[]): void {
    this.store.load(table, rows);
  }

  /** Makes of one state of tables another, as an application would; rows that are in neither stay. */
  change(before: TableRows, after: TableRows): void {
    for (const table of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const kept = new Set((after[table] ?? []).map((row) => this.key(table, row)));
      const gone = (before[table] ?? []).filter((row) => !kept.has(this.key(table, row)));
      for (const row of gone) this.store.erase(table, row);
      this.put(table, after[table] ?? []);
    }
  }

  /** All rows of the plan's tables, in the order of their keys. */
  tables(): Snapshot {
    return new Map(this.plan.tables.map(({ name }) => [name, this.store.rows(name)]));
  }

  key(table: string, row: StoredItem): string {
    return this.keys(table).text(row);
  }

  /** Runs in a process of its own. Undefined: it died. Throws what the command line would be told. */
  run(options: ProcessOptions = {}): Promise<RunResult | undefined> {
    const { dryRun = false, steps, segments, failpoints = new Failpoints() } = options;
    return this.outcome(failpoints, () =>
      openProcess(this.world(), { ...options, failpoints }).run({
        ...{
          plan: this.plan.name,
          dryRun,
          accept: [],
          confirmProduction: false,
          resume: 'auto',
          overrides: [],
        },
        ...(steps === undefined ? {} : { steps }),
        ...(segments === undefined ? {} : { segments }),
      }),
    );
  }

  /** A run that nothing is to happen to. */
  async wholeRun(options: ProcessOptions = {}): Promise<RunResult> {
    const result = await this.run(options);
    if (result === undefined) throw new TypeError('nobody asked this process to die');
    return result;
  }

  /** `steps` omitted: all */
  rollback(failpoints = new Failpoints(), steps?: readonly string[]): Promise<RollbackResult | undefined> {
    const chosen = steps === undefined ? {} : { steps };
    return this.outcome(failpoints, () =>
      openProcess(this.world(), { failpoints }).rollback({
        ...{ plan: this.plan.name, dryRun: false, confirmProduction: false, ...chosen },
      }),
    );
  }

  /** `steps` omitted: all */
  validate(steps?: readonly string[]): Promise<ValidateResult> {
    const request = { plan: this.plan.name, ...(steps === undefined ? {} : { steps }) };
    return openProcess(this.world(), {}).validate(request);
  }

  /** Newest first. */
  runs(): Promise<RunRecord[]> {
    return this.journal.runs(this.plan.name, 1000);
  }

  /** Whether the newest run is over, so that the same command would begin a new one. */
  async isOver(): Promise<boolean> {
    const [latest] = await this.runs();
    return latest !== undefined && latest.status !== 'running' && latest.status !== 'aborted';
  }

  private async outcome<R>(failpoints: Failpoints, work: () => Promise<R>): Promise<R | undefined> {
    this.failure = undefined;
    try {
      const result = await work();
      return failpoints.crashed ? undefined : result;
    } catch (error) {
      if (failpoints.crashed) return undefined;
      throw error;
    } finally {
      failpoints.end();
    }
  }

  private world(): World {
    const { makePlan, store, journal, leases, keys } = this;
    return {
      ...{ makePlan, store, journal, leases },
      readerOf: (order) => (order === undefined ? store : new ReorderedReader(store, keys, order)),
      wrote: () => (this.writes += 1),
      failed: (error) => (this.failure = error),
      now: () => new Date((this.clock += 1000)),
    };
  }
}

function entriesOf(tables: Snapshot | TableRows): Iterable<readonly [string, readonly StoredItem[]]> {
  return tables instanceof Map ? (tables as Snapshot) : Object.entries(tables);
}
