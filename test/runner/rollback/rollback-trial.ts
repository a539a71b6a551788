import { crashable } from '../../../src/conformance/trial/crashable.js';
import { mortalLeases } from '../../../src/conformance/trial/mortal-leases.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { OverlayStore } from '../../../src/infrastructure/dry-run/overlay-store.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { RecordReader } from '../../../src/migrations/contract/record-reader.js';
import type {
  RollbackRequest,
  RollbackResult,
  RunRequest,
  RunResult,
} from '../../../src/runner/application.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { Journal, JournalEntry } from '../../../src/runner/ports/journal.js';
import type { RecordSink } from '../../../src/runner/ports/record-sink.js';
import type { RunFiles } from '../../../src/runner/ports/run-files.js';
import type { StoreAccess } from '../../../src/runner/ports/stores.js';
import { RollbackService } from '../../../src/runner/services/rollback.service.js';
import { RunService } from '../../../src/runner/services/run.service.js';
import type { ServiceParts } from '../../../src/runner/services/service-parts.js';
import { kpiPlanInMemory } from '../../support/engine/kpi-trial.js';
import { quietLog, quietProgress } from '../../support/engine/quiet.js';
import { Failpoints } from '../../support/faults/failpoints.js';
import { TABLE, tablesWith, type Tables } from '../../support/kpi/tables.js';

const ENVIRONMENT: Environment = {
  ...{ name: 'dev', title: 'Dev', suffix: '-dev', embedded: false, seedable: true, production: false },
  ...{ backup: 'advised', backupHours: 24, tables: {}, attributes: {}, segments: 2, concurrency: 3 },
};

/** What a test may put in the place of a trial's own parts. */
export interface Around {
  readonly environment?: Partial<Environment>;
  readonly plan?: MigrationPlan;
  readonly pageSize?: number;
  readonly planVersion?: () => string;
  readonly physicalName?: (table: string) => string;
  /** what a rollback deletes with, around the store in memory */
  readonly sink?: (store: MemoryStore) => RecordSink;
  readonly reader?: (store: MemoryStore) => RecordReader;
}

/** Plan `kpi` on tables, journal and leases in memory: runs and rollbacks by processes that come and go. */
export class RollbackTrial {
  readonly store: MemoryStore;
  readonly journal = new MemoryJournal();
  readonly leases = new MemoryLeases(this.journal);
  /** journals of dry runs */
  readonly dryJournals: MemoryJournal[] = [];
  /** `<run>/<name>` → content */
  readonly written = new Map<string, string>();
  /** how the tables were opened, in order */
  readonly opened: StoreAccess[] = [];
  private readonly plan: MigrationPlan;
  private clock = Date.UTC(2026, 10, 21, 8);
  private drawn = 0;

  constructor(
    tables: Partial<Tables>,
    private readonly around: Around = {},
  ) {
    this.plan = around.plan ?? kpiPlanInMemory();
    this.store = new MemoryStore([...this.plan.tables, JOURNAL_TABLE], { pageSize: around.pageSize ?? 3 });
    for (const [table, rows] of Object.entries(tables)) this.store.load(table, rows);
  }

  run(request: Partial<RunRequest> = {}): Promise<RunResult> {
    return new RunService(this.parts(new Failpoints())).run({
      ...{ plan: 'kpi', dryRun: false, accept: [], confirmProduction: false, resume: 'auto', overrides: [] },
      ...request,
    });
  }

  rollback(request: Partial<RollbackRequest> = {}): Promise<RollbackResult> {
    return this.service(new Failpoints()).rollback({ ...PLAIN, ...request });
  }

  /** A rollback in a process that dies where the failpoints say. Undefined: it died. */
  async dyingRollback(
    failpoints: Failpoints,
    request: Partial<RollbackRequest> = {},
  ): Promise<RollbackResult | undefined> {
    try {
      const result = await this.service(failpoints).rollback({ ...PLAIN, ...request });
      return failpoints.crashed ? undefined : result;
    } catch (error) {
      if (failpoints.crashed) return undefined;
      throw error;
    }
  }

  tables(): Tables {
    return tablesWith(
      Object.fromEntries(Object.values(TABLE).map((name) => [name, this.store.rows(name)] as const)),
    );
  }

  /** `<step> <table>#<key> <reason>` of all kept rows of a rollback, sorted. */
  async kept(run: string, journal: Journal = this.journal): Promise<string[]> {
    const lines: string[] = [];
    for (const { name } of this.plan.steps) {
      for await (const entry of journal.entries(run, name, 'kept')) lines.push(keptLine(entry));
    }
    return lines.sort();
  }

  /** An edit as the application makes it: the row keeps its stamp. */
  edit(table: string, id: string, changes: StoredItem): void {
    const row = this.store.rows(table).find((candidate) => (candidate['id'] as { S: string }).S === id);
    if (row === undefined) throw new Error(`there is no row ${id} in ${table}`);
    this.store.load(table, [{ ...row, ...changes }]);
  }

  private service(failpoints: Failpoints): RollbackService {
    return new RollbackService(this.parts(failpoints));
  }

  private parts(failpoints: Failpoints): ServiceParts {
    const { plan, around, store } = this;
    const indexes = new MemoryIndexes();
    return {
      environment: { ...ENVIRONMENT, ...around.environment },
      plans: [plan],
      admin: {
        physicalName: around.physicalName ?? ((table) => store.physicalName(table)),
        describe: (table) => store.describe(table),
        create: (definition) => store.create(definition),
        pointInTimeRecovery: (table) => store.pointInTimeRecovery(table),
      },
      openStore: () => (access) => {
        this.opened.push(access);
        const [reader, sink] = [around.reader?.(store) ?? store, around.sink?.(store) ?? store];
        if (access === 'dry') {
          const overlay = new OverlayStore(reader, store, indexes, plan.tables);
          return { reader: overlay, sink: overlay, close: () => overlay.close() };
        }
        return {
          reader: crashable<RecordReader>(reader, 'reader', failpoints),
          sink: crashable<RecordSink>(sink, 'sink', failpoints),
          close: () => Promise.resolve(),
        };
      },
      journal: crashable<Journal>(this.journal, 'journal', failpoints),
      journalTable: JOURNAL_TABLE,
      leases: mortalLeases(this.leases, failpoints),
      dryRuns: {
        create: () => {
          const journal = new MemoryJournal();
          this.dryJournals.push(journal);
          return journal;
        },
        open: () => Promise.resolve(undefined),
        runs: () => Promise.resolve([]),
      },
      seeder: () => ({ seed: () => Promise.reject(new Error('a trial is not seeded')) }),
      ...{ indexes, log: quietLog, progress: quietProgress, files: this.files() },
      planVersion: around.planVersion ?? (() => 'f'.repeat(64)),
      emulated: false,
      planFiles: () => ({}),
      now: () => new Date((this.clock += 1000)),
      random: () => (this.drawn += 1) / 0x1000000,
    };
  }

  private files(): RunFiles {
    return {
      folder: (run) => run,
      write: async (run, name, chunks) => {
        let text = '';
        for await (const chunk of chunks) text += chunk;
        this.written.set(`${run}/${name}`, text);
      },
    };
  }
}

const PLAIN: RollbackRequest = { plan: 'kpi', dryRun: false, confirmProduction: false };

export function keptLine({ step, source, reason }: JournalEntry): string {
  return `${step} ${source} ${reason}`;
}

/** Totals per step, `<step> <status> removed/kept/foreign`, in the order in which they were rolled back. */
export function totals({ steps }: RollbackResult): string[] {
  return steps.map(
    ({ step, status, removed, kept, foreign }) => `${step} ${status} ${removed}/${kept}/${foreign}`,
  );
}
