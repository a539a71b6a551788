import type { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../../src/migrations/contract/migration-step.js';
import type { Acceptance } from '../../../src/runner/ports/attestation.js';
import type {
  Counters,
  RunRecord,
  StepAmendment,
  StepRecord,
  StepState,
} from '../../../src/runner/ports/journal.js';

export const NOTHING: Counters = {
  read: 0,
  rows: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  quarantined: 0,
  conflict: 0,
};

const step = (name: string): IMigrationStep => ({ name }) as unknown as IMigrationStep;

/** Steps `links` and `readings`; the flag `allow-unlinked` accepts KPI_UNLINKED. */
export const PLAN: MigrationPlan = {
  name: 'kpi',
  title: 'KPI',
  steps: [step('links'), step('readings')],
  tables: [],
  acceptable: new Map([['KPI_UNLINKED', 'allow-unlinked']]),
};

export const VERSION = 'a'.repeat(64);
export const RUN = '20261121T053512Z-a1b2c3';

export interface PastStep {
  readonly step: string;
  readonly run?: Partial<RunRecord>;
  readonly state?: Partial<StepState>;
  readonly record?: Partial<StepRecord>;
}

/** Puts a step and its run into a journal as they stand after a migration; by default all went well. */
export async function past(
  journal: MemoryJournal,
  { step: name, run, state, record }: PastStep,
): Promise<void> {
  const id = run?.run ?? RUN;
  await journal.saveRun({
    run: id,
    plan: 'kpi',
    env: 'staging',
    planVersion: VERSION,
    dryRun: false,
    status: 'complete',
    startedAt: '2026-11-21T05:35:12.000Z',
    steps: ['links', 'readings'],
    flags: [],
    ...run,
  });
  await journal.saveStep({
    run: id,
    step: name,
    status: 'validated',
    counters: { ...NOTHING, read: 10, created: 10, rows: 10 },
    checks: [
      { name: 'one', passed: true, expected: 0, found: 0 },
      { name: 'two', passed: true, expected: 0, found: 0 },
    ],
    findings: 0,
    reasons: {},
    ...record,
  });
  await journal.saveState({
    plan: 'kpi',
    step: name,
    status: 'validated',
    run: id,
    planVersion: VERSION,
    at: '2026-11-21T05:40:00.000Z',
    ...state,
  });
}

/** Two quarantined records settled as created, one moved from one reason to another. */
export const RETRY: StepAmendment = {
  run: '20261122T080000Z-ffffff',
  counters: { ...NOTHING, created: 2, quarantined: -2, rows: 6 },
  reasons: { KPI_MISSING: -3, KPI_UNLINKED: 1 },
  applied: true,
};

export function acceptance(fields: Partial<Acceptance> = {}): Acceptance {
  return {
    gate: 'acceptance',
    at: '2026-11-21T06:00:00.000Z',
    by: 'ann',
    reason: 'KPI_MISSING',
    ...fields,
  };
}
