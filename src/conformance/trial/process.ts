import { OverlayStore } from '../../infrastructure/dry-run/overlay-store.js';
import { JOURNAL_TABLE } from '../../infrastructure/journal/journal-layout.js';
import { MemoryJournal } from '../../infrastructure/journal/memory-journal.js';
import { ScannedAccess } from '../../infrastructure/memory/scanned-access.js';
import type { MemoryLeases } from '../../infrastructure/lease/memory-leases.js';
import type { MemoryStore } from '../../infrastructure/memory/memory-store.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { Application } from '../../runner/application.js';
import type { Journal } from '../../runner/ports/journal.js';
import type { RecordSink } from '../../runner/ports/record-sink.js';
import type { OpenStoreFor } from '../../runner/ports/stores.js';
import type { ServiceParts } from '../../runner/services/service-parts.js';
import { WaybillApplication } from '../../runner/waybill-application.js';
import { crashable } from './crashable.js';
import { Failpoints } from './failpoints.js';
import { mortalLeases } from './mortal-leases.js';
import { GuardedSink } from './guarded-sink.js';
import { MemoryIndexes } from '../../migrations/contract/memory-indexes.js';
import { observedPlan, type PlanObserver } from './observed-plan.js';
import { OwnCopies } from './own-copies.js';
import { ENVIRONMENT, NO_FILES, NO_PROGRESS } from './surroundings.js';

/** What outlives a process. */
export interface World {
  readonly makePlan: () => MigrationPlan;
  readonly store: MemoryStore;
  readonly journal: MemoryJournal;
  readonly leases: MemoryLeases;
  readonly readerOf: (order: string | undefined) => RecordReader;
  readonly wrote: () => void;
  readonly failed: (error: unknown) => void;
  readonly now: () => Date;
}

export interface ProcessParts {
  readonly failpoints?: Failpoints;
  readonly observer?: PlanObserver;
  readonly order?: string;
}

let drawn = 0;

/** An application of its own, with nothing in its memory from those before it. */
export function openProcess(world: World, parts: ProcessParts): Application {
  const { failpoints = new Failpoints(), observer = {}, order } = parts;
  const plan = observedPlan(world.makePlan(), observer);
  const indexes = new MemoryIndexes(order !== undefined);
  return new WaybillApplication(
    {
      environment: ENVIRONMENT,
      plans: [plan],
      admin: world.store,
      openStore: () => storesOf(world, plan, indexes, failpoints, order),
      journal: crashable<Journal>(world.journal, 'journal', failpoints),
      journalTable: JOURNAL_TABLE,
      leases: mortalLeases(world.leases, failpoints),
      dryRuns: {
        create: () => new MemoryJournal(),
        open: () => Promise.resolve(undefined),
        runs: () => Promise.resolve([]),
      },
      seeder: () => ({ seed: () => Promise.reject(new TypeError('a trial is not seeded')) }),
      ...{ indexes, log: logOf(world), progress: NO_PROGRESS, files: NO_FILES, now: world.now },
      planVersion: () => 'c'.repeat(64),
      emulated: false,
      planFiles: () => ({}),
      // also runs of different trials have different ids: rows move from one to another
      random: () => (drawn += 1) / 0x1000000,
    },
    () => Promise.resolve(),
  );
}

function storesOf(
  { store, readerOf, wrote }: World,
  plan: MigrationPlan,
  indexes: MemoryIndexes,
  failpoints: Failpoints,
  order: string | undefined,
): OpenStoreFor {
  const reader = crashable<RecordReader>(new OwnCopies(readerOf(order)), 'reader', failpoints);
  const access = new ScannedAccess(store);
  return (use) => {
    if (use === 'dry') {
      const overlay = new OverlayStore(reader, store, indexes, plan.tables);
      return { reader: overlay, sink: overlay, access, close: () => overlay.close() };
    }
    const sink = new GuardedSink(store, plan.tables, use, wrote);
    return {
      reader,
      sink: crashable<RecordSink>(sink, 'sink', failpoints),
      access,
      close: () => Promise.resolve(),
    };
  };
}

/** Keeps the error that ended a run, which the engine tells by its name only. */
function logOf({ failed }: World): ServiceParts['log'] {
  return {
    event: (_level, event, fields) => {
      if (event === 'run.stopped' || event === 'rollback.stopped') failed(fields?.['error']);
    },
    toFile: () => undefined,
  };
}
