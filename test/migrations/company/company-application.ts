import type { TableRows } from '../../../src/conformance/index.js';
import { OverlayStore } from '../../../src/infrastructure/dry-run/overlay-store.js';
import { itemBytes } from '../../../src/infrastructure/dynamodb/item-size.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { Application } from '../../../src/runner/application.js';
import type { ServiceParts } from '../../../src/runner/services/service-parts.js';
import { WaybillApplication } from '../../../src/runner/waybill-application.js';
import { quietFiles, quietLog, quietProgress } from '../../support/engine/quiet.js';
import { companyInMemory } from './entities-trial.js';

interface Opened {
  readonly application: Application;
  readonly store: MemoryStore;
}

/** Plan `company` on tables in memory, behind its services. `missing`: a table that there is not. */
export function openedCompany(
  tables: TableRows,
  { missing, ...more }: Partial<ServiceParts> & { readonly missing?: string } = {},
): Opened {
  const plan: MigrationPlan = companyInMemory();
  let clock = Date.UTC(2026, 10, 21, 8);
  const there = plan.tables.filter(({ name }) => name !== missing);
  const store = new MemoryStore([...there, JOURNAL_TABLE], { pageSize: 2 });
  for (const [table, rows] of Object.entries(tables)) if (table !== missing) store.load(table, rows);
  const [journal, indexes] = [new MemoryJournal(), new MemoryIndexes()];
  const parts: ServiceParts = {
    ...{ journalTable: JOURNAL_TABLE, log: quietLog, progress: quietProgress, files: quietFiles },
    seeder: () => ({ seed: () => Promise.reject(new Error('nobody seeds')) }),
    ...{ planVersion: () => 'f'.repeat(64), emulated: true, planFiles: () => ({}), random: Math.random },
    ...{ plans: [plan], admin: store, journal, indexes, leases: new MemoryLeases(journal) },
    environment: {
      ...{ name: 'dev', title: 'Dev', suffix: '', tables: {}, attributes: {}, segments: 2, concurrency: 4 },
      ...{ embedded: false, seedable: false, production: false, backup: 'advised', backupHours: 24 },
    },
    openStore: (one) => (access) => {
      const overlay = new OverlayStore(store, store, indexes, one.tables);
      const both = access === 'dry' ? overlay : store;
      return { reader: both, sink: both, close: () => overlay.close() };
    },
    dryRuns: {
      create: () => new MemoryJournal(),
      open: () => Promise.resolve(undefined),
      runs: () => Promise.resolve([]),
    },
    now: () => new Date((clock += 1000)),
    forecasting: {
      itemBytes: (_table, item) => itemBytes(item),
      forecasts: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    },
    ...more,
  };
  return { application: new WaybillApplication(parts, () => Promise.resolve()), store };
}
