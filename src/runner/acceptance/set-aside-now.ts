import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import { noCounters } from '../engine/counters.js';
import type { Counters, Journal } from '../ports/journal.js';
import { CONFLICT_REASON } from './acceptances.js';
import { effectiveStep } from './effective-step.js';

/** What a step's latest run set aside, less what retries settled since. */
export interface StepNow {
  readonly step: string;
  /** of that run */
  readonly flags: readonly string[];
  readonly counters: Counters;
  /** quarantined records per reason code */
  readonly reasons: Readonly<Record<string, number>>;
}

/** The steps of a plan that have run here, in its order. */
export async function setAsideNow(plan: MigrationPlan, journal: Journal): Promise<StepNow[]> {
  const states = await journal.states(plan.name);
  const ran = plan.steps.flatMap(({ name }) => states.filter(({ step }) => step === name));
  return Promise.all(
    ran.map(async ({ step, run }) => {
      const [record, stored] = await Promise.all([journal.run(run), journal.steps(run)]);
      const totals = stored.find((candidate) => candidate.step === step);
      const { counters, reasons } = effectiveStep(totals ?? { counters: noCounters(), reasons: {} });
      return { step, flags: record?.flags ?? [], counters, reasons };
    }),
  );
}

/** Reason → records, `CONFLICT` included, those of any step together. */
export function reasonCounts(
  steps: readonly Pick<StepNow, 'counters' | 'reasons'>[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { counters, reasons } of steps) {
    for (const [reason, count] of [...Object.entries(reasons), [CONFLICT_REASON, counters.conflict] as const])
      if (count > 0) counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return counts;
}
