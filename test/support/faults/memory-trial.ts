import { crashable } from '../../../src/conformance/trial/crashable.js';
import { mortalLeases } from '../../../src/conformance/trial/mortal-leases.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { RecordReader } from '../../../src/migrations/contract/record-reader.js';
import type { Application, RunResult } from '../../../src/runner/application.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { Journal } from '../../../src/runner/ports/journal.js';
import type { RecordSink } from '../../../src/runner/ports/record-sink.js';
import { WaybillApplication } from '../../../src/runner/waybill-application.js';
import { kpiPlanInMemory } from '../engine/kpi-trial.js';
import { quietFiles, quietLog, quietProgress } from '../engine/quiet.js';
import { endState, type EndState } from './end-state.js';
import { Failpoints } from './failpoints.js';

/** Rows that a page of a scan has: few, so that a segment has several slices. */
const PAGE_ROWS = 7;

const ENVIRONMENT: Environment = {
  ...{ name: 'dev', title: 'Dev', suffix: '-dev', embedded: false, seedable: true, production: false },
  ...{ backup: 'advised', backupHours: 24, tables: {}, attributes: {}, segments: 2, concurrency: 4 },
};

export type StoredTables = ReadonlyMap<string, readonly StoredItem[]>;

let drawn = 0;

/** Tables, journal and leases in memory, and processes that come and go on them. */
export class MemoryTrial {
  readonly store = new MemoryStore([...kpiPlanInMemory().tables, JOURNAL_TABLE], { pageSize: PAGE_ROWS });
  readonly journal = new MemoryJournal();
  private readonly leases = new MemoryLeases(this.journal);
  private clock = Date.UTC(2026, 10, 21, 8);

  constructor(tables: StoredTables) {
    this.load(tables);
  }

  /** Writes rows as an application would. */
  load(tables: StoredTables): void {
    for (const [table, rows] of tables) this.store.load(table, rows);
  }

  tables(): StoredTables {
    return new Map(kpiPlanInMemory().tables.map(({ name }) => [name, this.store.rows(name)]));
  }

  /** Runs the whole plan in a process that dies where the failpoints say. Undefined: it died. */
  async run(failpoints = new Failpoints()): Promise<RunResult | undefined> {
    try {
      const result = await this.process(failpoints).run({
        ...{ plan: 'kpi', dryRun: false, accept: [], confirmProduction: false },
        ...{ resume: 'auto', overrides: [] },
      });
      return failpoints.crashed ? undefined : result;
    } catch (error) {
      if (failpoints.crashed) return undefined;
      throw error;
    }
  }

  endState(earlier: readonly string[] = []): Promise<EndState> {
    return endState(this.tables(), this.journal, earlier);
  }

  async runs(): Promise<readonly { readonly run: string; readonly status: string }[]> {
    return this.journal.runs('kpi', 1000);
  }

  /** An application of its own, with nothing in its memory from those before it. */
  private process(failpoints: Failpoints): Application {
    const plan = kpiPlanInMemory();
    const reader = crashable<RecordReader>(this.store, 'reader', failpoints);
    const sink = crashable<RecordSink>(this.store, 'sink', failpoints);
    return new WaybillApplication(
      {
        environment: ENVIRONMENT,
        plans: [plan],
        admin: this.store,
        openStore: () => () => ({ reader, sink, close: () => Promise.resolve() }),
        journal: crashable<Journal>(this.journal, 'journal', failpoints),
        journalTable: JOURNAL_TABLE,
        leases: mortalLeases(this.leases, failpoints),
        dryRuns: {
          create: () => new MemoryJournal(),
          open: () => Promise.resolve(undefined),
          runs: () => Promise.resolve([]),
        },
        seeder: () => ({ seed: () => Promise.reject(new Error('a trial is not seeded')) }),
        ...{ indexes: new MemoryIndexes(), log: quietLog, progress: quietProgress, files: quietFiles },
        planVersion: () => 'f'.repeat(64),
        emulated: false,
        planFiles: () => ({}),
        now: () => new Date((this.clock += 1000)),
        // also runs of different trials have different ids: rows move from one to another
        random: () => (drawn += 1) / 0x1000000,
      },
      () => Promise.resolve(),
    );
  }
}
