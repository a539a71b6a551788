import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { MemoryPhaseStore } from '../../../src/infrastructure/journal/memory-phase-store.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import type { PhaseName } from '../../../src/cutover/phases/phase.js';
import type { Discrepancy } from '../../../src/cutover/dual-writes/discrepancies.js';
import type { PlanChecklists } from '../../../src/migrations/contract/checklist.js';
import type { PlanOutline } from '../../../src/migrations/contract/plan-outline.js';
import type { PhaseRequest } from '../../../src/runner/application.js';
import { AttestService } from '../../../src/runner/checklists/attest.service.js';
import type { PhaseParts } from '../../../src/runner/phases/phase-gates.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { TableAdmin } from '../../../src/runner/ports/table-admin.js';
import { PhaseService } from '../../../src/runner/services/phase.service.js';
import { PLAN, past, VERSION } from '../acceptance/journal-fixture.js';

const START = Date.parse('2026-11-21T09:00:00.000Z');

/** A plan of two steps, a journal and a clock; an environment that is production where nothing else is said. */
export class PhaseTrial {
  readonly journal = new MemoryJournal();
  readonly phases = new MemoryPhaseStore();
  readonly leases = new MemoryLeases(this.journal);
  version = VERSION;
  tables: readonly string[] = ['waybill-journal', 'new'];
  discrepancies: readonly Discrepancy[] = [];
  production = true;
  cutover: Environment['cutover'];
  lists: PlanChecklists | undefined;
  private ms = START;

  get now(): string {
    return new Date(this.ms).toISOString();
  }

  passSeconds(seconds: number): this {
    this.ms += seconds * 1000;
    return this;
  }

  passHours(hours: number): this {
    return this.passSeconds(hours * 3600);
  }

  show() {
    return this.service().show({ plan: 'kpi' });
  }

  advance(fields: Partial<PhaseRequest> & { readonly figures?: string } = {}) {
    return this.service().advance(request(fields));
  }

  back(fields: Partial<PhaseRequest> = {}) {
    return this.service().back(request(fields));
  }

  attest(item: string) {
    return new AttestService(this.parts()).attest({ plan: 'kpi', item, by: 'ann', withdraw: false });
  }

  /** A run of both steps that begins now and is validated an hour later. */
  async run(): Promise<void> {
    const startedAt = this.now;
    this.passHours(1);
    for (const step of ['links', 'readings'])
      await past(this.journal, {
        step,
        run: { startedAt },
        state: { at: this.now, planVersion: this.version },
      });
  }

  /** A validation of both steps, now. */
  async validate(status: 'validated' | 'failed' = 'validated'): Promise<void> {
    const states = await this.journal.states('kpi');
    for (const state of states) await this.journal.saveState({ ...state, status, at: this.now });
  }

  /** Goes on with all gates open, until the plan stands there. */
  async until(name: PhaseName, share?: number): Promise<this> {
    for (;;) {
      const { phase, next } = await this.show();
      if (phase.name === name && (share === undefined || phase.share === share)) return this;
      this.passSeconds(60);
      if (next?.phase.name === 'backfilled') await this.run();
      if (next?.phase.name === 'new-only') this.passHours(168);
      if (next?.phase.name === 'archived') this.passHours(336);
      await this.advance();
    }
  }

  private service(): PhaseService {
    return new PhaseService(this.parts());
  }

  private parts(): PhaseParts {
    const admin = {
      physicalName: (table: string) => `${table}-p`,
      describe: (table: string) => Promise.resolve(this.tables.includes(table) ? {} : undefined),
    };
    const { lists, cutover, production } = this;
    const plan: PlanOutline = {
      ...PLAN,
      tables: [
        { name: 'old', role: 'source', partitionKey: 'id', indexes: [] },
        { name: 'new', role: 'target', partitionKey: 'id', indexes: [] },
      ],
      ...(lists === undefined ? {} : { checklists: () => Promise.resolve(lists) }),
    };
    const environment = { name: 'production', backupHours: 24, production };
    return {
      environment: { ...environment, ...(cutover === undefined ? {} : { cutover }) } as Environment,
      plans: [plan],
      admin: admin as unknown as TableAdmin,
      journal: this.journal,
      journalTable: { name: 'waybill-journal', role: 'target', partitionKey: 'pk', indexes: [] },
      dryRuns: { open: () => Promise.resolve(undefined), runs: () => Promise.resolve([]) },
      now: () => new Date(this.ms),
      phases: () => Promise.resolve(this.phases),
      discrepancies: () => Promise.resolve({ list: () => each(this.discrepancies), count: never }),
      leases: this.leases,
      all: () => Promise.resolve({ plans: [PLAN], planVersion: () => this.version }),
    };
  }
}

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  for (const one of all) yield await Promise.resolve(one);
}

function never(): never {
  throw new Error('a count tells nothing of what is under way');
}

function request(fields: Partial<PhaseRequest>): PhaseRequest {
  return { plan: 'kpi', by: 'ann', why: 'CHG-4711', confirmProduction: true, ...fields };
}
