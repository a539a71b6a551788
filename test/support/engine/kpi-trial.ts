import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { KpiDataMapper } from '../../../src/infrastructure/persistence/kpi/kpi-data.mapper.js';
import { KpiLinkMapper } from '../../../src/infrastructure/persistence/kpi/kpi-link.mapper.js';
import { PersonMapper } from '../../../src/infrastructure/persistence/kpi/person.mapper.js';
import { OverlayStore } from '../../../src/infrastructure/dry-run/overlay-store.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import { ActualsStep } from '../../../src/migrations/kpi/actuals.step.js';
import { kpiPlan } from '../../../src/migrations/kpi/kpi.plan.js';
import { LinksStep } from '../../../src/migrations/kpi/links.step.js';
import { MilestonesStep } from '../../../src/migrations/kpi/milestones.step.js';
import { ReadingsStep } from '../../../src/migrations/kpi/readings.step.js';
import type { Application, RunRequest, ValidateRequest, ValidateResult } from '../../../src/runner/application.js';
import type { IMigrationStep } from '../../../src/migrations/contract/migration-step.js';
import type { RecordReader } from '../../../src/migrations/contract/record-reader.js';
import type { RecordSink } from '../../../src/runner/ports/record-sink.js';
import type { DryRunJournals } from '../../../src/runner/ports/dry-run-journals.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { Journal, JournalEntry, RunRecord } from '../../../src/runner/ports/journal.js';
import { keysOf, type ServiceParts } from '../../../src/runner/services/service-parts.js';
import { WaybillApplication } from '../../../src/runner/waybill-application.js';
import { MapIndexes, quietFiles, quietLog, quietProgress } from './quiet.js';

export type Tables = Readonly<Record<string, readonly StoredItem[]>>;

const JOURNAL_TABLE: TableDefinition = {
  name: 'waybill-journal',
  role: 'target',
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [],
};

export function kpiPlanInMemory(): MigrationPlan {
  const [link, data, person] = [new KpiLinkMapper(), new KpiDataMapper(), new PersonMapper()];
  return kpiPlan([
    new LinksStep(link, person),
    new MilestonesStep(data),
    new ActualsStep(data),
    new ReadingsStep(data),
  ]);
}

/** What a test may put in the place of a trial's own parts. */
export interface Surroundings {
  readonly log?: ServiceParts['log'];
  /** what runs write to and read from, around the store in memory */
  readonly store?: (store: MemoryStore) => { readonly reader: RecordReader; readonly sink: RecordSink };
  /** the plan's steps, one of them replaced or wrapped */
  readonly steps?: (steps: readonly IMigrationStep[]) => readonly IMigrationStep[];
}

let runs = 0;

/** A request with nothing out of the ordinary. */
export const PLAIN_RUN = {
  plan: 'kpi',
  dryRun: false,
  accept: [],
  confirmProduction: false,
  resume: 'auto',
  overrides: [],
} as const;

interface RunOptions extends Partial<Omit<RunRequest, 'steps' | 'accept'>> {
  readonly steps?: string[];
  readonly accept?: string[];
}

/** Plan `kpi` on tables in memory, through the same services that the command line uses. */
export class KpiTrial {
  readonly store: MemoryStore;
  readonly journal = new MemoryJournal();
  readonly dryJournals = new Map<string, Journal>();
  readonly application: Application;
  private clock = Date.UTC(2026, 10, 21, 8);

  constructor(environment: Partial<Environment> = {}, around: Surroundings = {}) {
    const original = kpiPlanInMemory();
    const plan = { ...original, steps: around.steps?.(original.steps) ?? original.steps };
    this.store = new MemoryStore([...plan.tables, JOURNAL_TABLE], { pageSize: 7 });
    const indexes = new MapIndexes();
    this.application = new WaybillApplication(
      {
        environment: { ...TRIAL, ...environment },
        plans: [plan],
        admin: this.store,
        openStore: () => (access) => {
          const overlay = new OverlayStore(this.store, this.store, indexes, keysOf(plan));
          const live = around.store?.(this.store) ?? { reader: this.store, sink: this.store };
          const opened = access === 'dry' ? { reader: overlay, sink: overlay } : live;
          return { ...opened, close: () => overlay.close() };
        },
        journal: this.journal,
        journalTable: JOURNAL_TABLE,
        dryRuns: this.dryRuns(),
        seeder: () => ({ seed: () => Promise.reject(new Error('a trial is not seeded')) }),
        indexes,
        log: around.log ?? quietLog,
        progress: quietProgress,
        leases: new MemoryLeases(this.journal),
        planVersion: () => 'f'.repeat(64),
        planFiles: () => ({ 'domain/kpi.js': 'f'.repeat(16) }),
        now: () => new Date((this.clock += 1000)),
        // also runs of different trials have different ids: rows move from one to another
        random: () => (runs += 1) / 0x1000000,
        files: quietFiles,
      },
      () => Promise.resolve(),
    );
  }

  /** Puts rows as they are, the way somebody else would. */
  async put(tables: Tables): Promise<this> {
    for (const [table, items] of Object.entries(tables)) {
      const results = await this.store.insert(items.map((item) => ({ table, item })));
      const refused = results.find((result) => result.kind !== 'inserted');
      if (refused !== undefined) throw new Error(`a row of ${table} was not put: ${JSON.stringify(refused)}`);
    }
    return this;
  }

  async rows(table: string): Promise<StoredItem[]> {
    const rows: StoredItem[] = [];
    for await (const page of this.store.scan(table)) rows.push(...page.items);
    return rows;
  }

  run(options: RunOptions = {}): ReturnType<Application['run']> {
    return this.application.run({ ...PLAIN_RUN, ...options });
  }

  validate(options: Omit<ValidateRequest, 'plan'> = {}): Promise<ValidateResult> {
    return this.application.validate({ plan: 'kpi', ...options });
  }

  async entries(kind: JournalEntry['kind'], images = false): Promise<JournalEntry[]> {
    const all: JournalEntry[] = [];
    for await (const entry of this.application.entries({ plan: 'kpi', kind, images })) all.push(entry);
    return all;
  }

  private dryRuns(): DryRunJournals {
    return {
      create: (run) => {
        const journal = new MemoryJournal();
        this.dryJournals.set(run, journal);
        return journal;
      },
      open: (run) => Promise.resolve(this.dryJournals.get(run)),
      runs: async (plan) => {
        const records: RunRecord[] = [];
        for (const journal of this.dryJournals.values()) records.push(...(await journal.runs(plan, 10)));
        return records.sort((a, b) => (a.run < b.run ? 1 : -1));
      },
    };
  }
}

const TRIAL: Environment = {
  name: 'dev',
  title: 'Dev',
  suffix: '-dev',
  embedded: false,
  seedable: true,
  production: false,
  tables: {},
  attributes: {},
  segments: 3,
  concurrency: 4,
  backup: 'advised',
  backupHours: 24,
};
