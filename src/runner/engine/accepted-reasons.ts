import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import { CONFLICT_REASON, isAccepted } from '../acceptance/acceptances.js';
import { effectiveStep, type AmendedTotals } from '../acceptance/effective-step.js';
import type { Acceptance } from '../ports/attestation.js';

/** What lets records of a run be set aside: the flags that it was given, and the decisions in force. */
export interface Accepting {
  readonly plan: Pick<MigrationPlan, 'acceptable'>;
  readonly flags: readonly string[];
  readonly acceptances: readonly Acceptance[];
}

/**
 * Records of a step that are set aside and that nobody accepted: a run with such records is not done. What retries
 * settled since is taken off.
 */
export function openRecords(
  { plan, flags, acceptances }: Accepting,
  step: AmendedTotals & { readonly step: string },
): number {
  const { counters, reasons } = effectiveStep(step);
  return [...Object.entries(reasons), [CONFLICT_REASON, counters.conflict] as const]
    .filter(([reason]) => !isAccepted(reason, step.step, flags, plan, acceptances))
    .reduce((sum, [, count]) => sum + Math.max(0, count), 0);
}
