import { crashable } from '../../../src/conformance/trial/crashable.js';
import { mortalLeases } from '../../../src/conformance/trial/mortal-leases.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { KpiDataMapper } from '../../../src/infrastructure/persistence/kpi/kpi-data.mapper.js';
import { KpiLinkMapper } from '../../../src/infrastructure/persistence/kpi/kpi-link.mapper.js';
import { PersonMapper } from '../../../src/infrastructure/persistence/kpi/person.mapper.js';
import { OverlayStore } from '../../../src/infrastructure/dry-run/overlay-store.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import { ActualsStep } from '../../../src/migrations/kpi/actuals.step.js';
import { kpiPlan } from '../../../src/migrations/kpi/kpi.plan.js';
import { LinksStep } from '../../../src/migrations/kpi/links.step.js';
import { MilestonesStep } from '../../../src/migrations/kpi/milestones.step.js';
import { ReadingsStep } from '../../../src/migrations/kpi/readings.step.js';
import type {
  Application,
  RetryRequest,
  RunRequest,
  RunResult,
  ValidateRequest,
  ValidateResult,
} from '../../../src/runner/application.js';
import type { IMigrationStep } from '../../../src/migrations/contract/migration-step.js';
import type { RecordReader } from '../../../src/migrations/contract/record-reader.js';
import type { RecordSink } from '../../../src/runner/ports/record-sink.js';
import type { DryRunJournals } from '../../../src/runner/ports/dry-run-journals.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { Journal, JournalEntry, RunRecord } from '../../../src/runner/ports/journal.js';
import type { Fence, Leases } from '../../../src/runner/ports/lease.js';
import type { TableAdmin, TableDescription } from '../../../src/runner/ports/table-admin.js';
import type { ServiceParts } from '../../../src/runner/services/service-parts.js';
import { WaybillApplication } from '../../../src/runner/waybill-application.js';
import { Failpoints } from '../faults/failpoints.js';
import { quietFiles, quietLog, quietProgress } from './quiet.js';

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
  /** what the plan has besides its steps */
  readonly plan?: Partial<Omit<MigrationPlan, 'steps'>>;
  /** the journal as the process has it */
  readonly journal?: (journal: Journal) => Journal;
  readonly leases?: (leases: MemoryLeases) => Leases;
  readonly environment?: Partial<Environment>;
  readonly planVersion?: string;
  readonly planFiles?: Readonly<Record<string, string>>;
  readonly physicalName?: (table: string) => string;
  readonly describe?: (described: TableDescription) => TableDescription;
  readonly pointInTimeRecovery?: boolean;
  readonly evidenceBefore?: ServiceParts['evidenceBefore'];
  readonly now?: () => Date;
  /** the process dies where they say */
  readonly failpoints?: Failpoints;
  /** rows of a page of a scan; of the trial's first process only */
  readonly pageSize?: number;
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

interface RetryOptions extends Partial<Omit<RetryRequest, 'steps'>> {
  readonly steps?: string[];
}

/** All that outlives a process. */
interface World {
  readonly store: MemoryStore;
  readonly journal: MemoryJournal;
  readonly leases: MemoryLeases;
  readonly dryJournals: Map<string, Journal>;
  readonly now: () => Date;
}

/** One process with an application of its own, and nothing in its memory from those before it. */
export class KpiProcess {
  readonly application: Application;
  readonly failpoints: Failpoints;

  constructor(world: World, around: Surroundings) {
    this.failpoints = around.failpoints ?? new Failpoints();
    this.application = new WaybillApplication(partsOf(world, around, this.failpoints), () =>
      Promise.resolve(),
    );
  }

  run(options: RunOptions = {}): Promise<RunResult> {
    return this.application.run({ ...PLAIN_RUN, ...options });
  }

  retry(options: RetryOptions = {}): Promise<RunResult> {
    return this.application.retry({ plan: 'kpi', accept: [], confirmProduction: false, ...options });
  }

  validate(options: Omit<ValidateRequest, 'plan'> = {}): Promise<ValidateResult> {
    return this.application.validate({ plan: 'kpi', ...options });
  }

  /** Does something in which the process has to die. */
  async dies(work: (process: this) => Promise<unknown>): Promise<void> {
    await work(this).catch((error: unknown) => {
      if (!this.failpoints.crashed) throw error;
    });
    if (!this.failpoints.crashed) throw new Error('the process came to its end');
  }
}

/** Plan `kpi` on tables in memory, through the same services that the command line uses. */
export class KpiTrial {
  readonly store: MemoryStore;
  readonly journal = new MemoryJournal();
  readonly leases = new MemoryLeases(this.journal, 'dev');
  readonly dryJournals = new Map<string, Journal>();
  readonly application: Application;
  private readonly first: KpiProcess;
  private readonly world: World;
  private clock = Date.UTC(2026, 10, 21, 8);

  constructor(
    private readonly environment: Partial<Environment> = {},
    around: Surroundings = {},
  ) {
    const { pageSize = 7 } = around;
    this.store = new MemoryStore([...kpiPlanInMemory().tables, JOURNAL_TABLE], { pageSize });
    const { store, journal, leases, dryJournals } = this;
    this.world = { store, journal, leases, dryJournals, now: () => new Date((this.clock += 1000)) };
    this.first = this.process(around);
    this.application = this.first.application;
  }

  /** Another process on the same tables, journal and leases. */
  process(around: Surroundings = {}): KpiProcess {
    const environment = { ...this.environment, ...around.environment };
    return new KpiProcess(this.world, { ...around, environment });
  }

  /** A process that dies at the first point of this kind, e.g. `before journal.saveStep links validated`. */
  dying(where: (point: string) => boolean, around: Surroundings = {}): KpiProcess {
    return this.process({ ...around, failpoints: new Failpoints(where) });
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

  run(options: RunOptions = {}): Promise<RunResult> {
    return this.first.run(options);
  }

  retry(options: RetryOptions = {}): Promise<RunResult> {
    return this.first.retry(options);
  }

  validate(options: Omit<ValidateRequest, 'plan'> = {}): Promise<ValidateResult> {
    return this.first.validate(options);
  }

  async entries(kind: JournalEntry['kind'], images = false): Promise<JournalEntry[]> {
    const all: JournalEntry[] = [];
    for await (const entry of this.application.entries({ plan: 'kpi', kind, images })) all.push(entry);
    return all;
  }
}

function partsOf(world: World, around: Surroundings, failpoints: Failpoints): ServiceParts {
  const { store } = world;
  const original = kpiPlanInMemory();
  const plan = { ...original, ...around.plan, steps: around.steps?.(original.steps) ?? original.steps };
  const indexes = new MemoryIndexes();
  const { evidenceBefore } = around;
  return {
    environment: { ...TRIAL, ...around.environment },
    plans: [plan],
    admin: adminOf(store, around),
    openStore:
      () =>
      (access, { fence }) => {
        const overlay = new OverlayStore(store, store, indexes, plan.tables);
        const live = around.store?.(store) ?? { reader: store, sink: store };
        const { reader, sink } = access === 'dry' ? { reader: overlay, sink: overlay } : live;
        return {
          reader: crashable<RecordReader>(reader, 'reader', failpoints),
          sink: crashable<RecordSink>(fenced(sink, fence), 'sink', failpoints),
          close: () => overlay.close(),
        };
      },
    journal: crashable<Journal>(around.journal?.(world.journal) ?? world.journal, 'journal', failpoints),
    journalTable: JOURNAL_TABLE,
    dryRuns: dryRuns(world.dryJournals),
    seeder: () => ({ seed: () => Promise.reject(new Error('a trial is not seeded')) }),
    ...{ indexes, log: around.log ?? quietLog, progress: quietProgress, files: quietFiles },
    leases: mortalLeases(around.leases?.(world.leases) ?? world.leases, failpoints),
    planVersion: () => around.planVersion ?? 'f'.repeat(64),
    emulated: false,
    planFiles: () => around.planFiles ?? { 'domain/kpi.js': 'f'.repeat(16) },
    now: around.now ?? world.now,
    // also runs of different trials have different ids: rows move from one to another
    random: () => (runs += 1) / 0x1000000,
    ...(evidenceBefore === undefined ? {} : { evidenceBefore }),
  };
}

function adminOf(store: MemoryStore, around: Surroundings): TableAdmin {
  return {
    physicalName: around.physicalName ?? ((table) => store.physicalName(table)),
    describe: async (table) => {
      const described = await store.describe(table);
      return described === undefined ? undefined : (around.describe?.(described) ?? described);
    },
    create: (definition) => store.create(definition),
    pointInTimeRecovery: () => Promise.resolve(around.pointInTimeRecovery),
  };
}

/** As the client does it: what the fence does not let through never reaches the store. */
function fenced(sink: RecordSink, fence: Fence | undefined): RecordSink {
  return {
    check: (row) => sink.check(row),
    insert: async (rows) => {
      fence?.assertHeld();
      return sink.insert(rows);
    },
    replace: async (row, image) => {
      fence?.assertHeld();
      return sink.replace(row, image);
    },
    remove: async (table, image) => {
      fence?.assertHeld();
      return sink.remove(table, image);
    },
  };
}

function dryRuns(journals: Map<string, Journal>): DryRunJournals {
  return {
    create: (run) => {
      const journal = new MemoryJournal();
      journals.set(run, journal);
      return journal;
    },
    open: (run) => Promise.resolve(journals.get(run)),
    runs: async (plan) => {
      const records: RunRecord[] = [];
      for (const journal of journals.values()) records.push(...(await journal.runs(plan, 10)));
      return records.sort((a, b) => (a.run < b.run ? 1 : -1));
    },
  };
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
