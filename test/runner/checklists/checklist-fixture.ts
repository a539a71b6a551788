import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import type { PlanChecklists } from '../../../src/migrations/contract/checklist.js';
import { attested, elapsed, figure, measured } from '../../../src/migrations/contract/checklist-items.js';
import type { PlanOutline } from '../../../src/migrations/contract/plan-outline.js';
import type { ChecklistLine } from '../../../src/runner/application.js';
import { AttestService } from '../../../src/runner/checklists/attest.service.js';
import { ChecklistService, type ChecklistParts } from '../../../src/runner/checklists/checklist.service.js';
import type { BackupEvidence, StagingEvidence } from '../../../src/runner/ports/attestation.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { TableAdmin } from '../../../src/runner/ports/table-admin.js';
import { PLAN, VERSION } from '../acceptance/journal-fixture.js';

export const LISTS: PlanChecklists = {
  lists: [
    {
      list: 'pre',
      title: 'Before',
      items: [
        measured('backup', 'T-1 ops', 'A backup', 'backup-verified'),
        measured('dry-run', 'T-2 dev', 'A dry run', 'dry-run-passed'),
        measured('staging-passed', 'T-3 dev', 'Staging', 'passed-before'),
        measured('rehearsed', 'T-4 dev', 'A rollback', 'rollback-rehearsed'),
        attested('approved', 'T-5 product owner', 'It is approved', { gates: 'run' }),
        attested('window', 'T-6 product owner', 'The window', { validHours: 48, gates: 'run' }),
      ],
    },
    {
      list: 'post',
      title: 'After',
      items: [
        measured('migrated', 'T-7 dev', 'All is there', 'migrated'),
        measured('validated', 'T-8 dev', 'Validated', 'validated'),
        measured('nothing-open', 'T-9 dev', 'Nothing is open', 'nothing-open'),
        figure('errors', 'T-10 ops', 'Few errors', { measure: 'errorRate', is: 'below', limit: '0.01' }),
        attested('traffic', 'E-46 ops', 'All traffic is on the new tables'),
        elapsed('day', 'E-46 ops', 'A day of it', { hours: 24, since: { item: 'traffic' } }),
      ],
    },
    {
      list: 'final',
      title: 'Finally',
      items: [
        elapsed('seven-days', 'K-08 dev', 'Validated for 7 days', { hours: 168, since: 'validated' }),
        attested('stable', 'E-51 ops', 'Stable for 7 days', {
          notBefore: { hours: 168, since: { item: 'traffic' } },
        }),
      ],
    },
  ],
  triggers: [{ id: 'bad-rows', requirement: 'E-26', text: 'Bad rows', when: 'validation-failed' }],
};

/** A journal, a clock and what is around them; both services of the checklists work on it. */
export class ChecklistTrial {
  readonly journal = new MemoryJournal();
  readonly dry = new MemoryJournal();
  plan: PlanOutline = {
    ...PLAN,
    tables: [
      { name: 'old', role: 'source', partitionKey: 'id', indexes: [] },
      { name: 'people', role: 'lookup', partitionKey: 'id', indexes: [] },
      { name: 'new', role: 'target', partitionKey: 'id', indexes: [] },
    ],
    checklists: () => Promise.resolve(LISTS),
  };
  now = new Date('2026-11-21T09:00:00.000Z');
  hasTable = true;
  after: string | undefined = 'staging';
  before: StagingEvidence | undefined;

  parts(): ChecklistParts {
    const admin = {
      physicalName: (table: string) => `${table}-p`,
      describe: () => Promise.resolve(this.hasTable ? {} : undefined),
    };
    const environment = { name: 'production', backupHours: 24, production: true };
    return {
      environment: {
        ...environment,
        ...(this.after === undefined ? {} : { after: this.after }),
      } as Environment,
      plans: [this.plan],
      admin: admin as unknown as TableAdmin,
      journal: this.journal,
      journalTable: { name: 'waybill-journal', role: 'target', partitionKey: 'pk', indexes: [] },
      dryRuns: { open: () => Promise.resolve(this.dry), runs: (plan) => this.dry.runs(plan, 100) },
      now: () => this.now,
      all: () =>
        Promise.resolve({
          plans: [PLAN],
          planVersion: () => VERSION,
          evidenceBefore: () => Promise.resolve(this.before as StagingEvidence),
        }),
    };
  }

  checklist(fields: { readonly lists?: readonly string[]; readonly figures?: string } = {}) {
    return new ChecklistService(this.parts()).checklist({ plan: 'kpi', ...fields });
  }

  async line(id: string, figures?: string): Promise<ChecklistLine> {
    const { lists } = await this.checklist(figures === undefined ? {} : { figures });
    const line = lists.flatMap(({ lines }) => lines).find((candidate) => candidate.id === id);
    if (line === undefined) throw new Error(`no line ${id}`);
    return line;
  }

  attest(item: string, fields: Partial<Parameters<AttestService['attest']>[0]> = {}) {
    return new AttestService(this.parts()).attest({
      plan: 'kpi',
      item,
      by: 'ann',
      withdraw: false,
      ...fields,
    });
  }

  passHours(hours: number): void {
    this.now = new Date(this.now.getTime() + hours * 3_600_000);
  }
}

export const BACKUP: BackupEvidence = {
  gate: 'backup',
  at: '2026-11-21T06:00:00.000Z',
  verifiedAt: '2026-11-21T06:30:00.000Z',
  by: 'ann',
  backup: 'b-1',
  location: 'backups/b-1',
  tables: ['old-p', 'new-p'].map((physicalName) => ({ table: physicalName, physicalName, items: 1 })),
};

export const STAGING: StagingEvidence = {
  gate: 'staging',
  at: '2026-11-20T08:00:00.000Z',
  plan: 'kpi',
  env: 'staging',
  planVersion: VERSION,
  steps: [],
};
