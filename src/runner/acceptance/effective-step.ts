import { addCounters } from '../engine/counters.js';
import type { Counters, StepAmendment } from '../ports/journal.js';

/** What a step counted in its own run, with what later retries changed about it. */
export interface AmendedTotals {
  readonly counters: Counters;
  /** quarantined records per reason code */
  readonly reasons: Readonly<Record<string, number>>;
  readonly amendments?: readonly StepAmendment[];
}

/**
 * Counters and reasons of a step as they stand now: those of its run plus all its amendments. Reasons that nothing is
 * set aside for any more are left out. The amendments are in the result: never apply it to a result of itself.
 */
export function effectiveStep(step: AmendedTotals): Pick<AmendedTotals, 'counters' | 'reasons'> {
  const { counters, reasons, amendments = [] } = step;
  if (amendments.length === 0) return { counters, reasons };
  const totals = new Map(Object.entries(reasons));
  for (const { reasons: differences } of amendments) {
    for (const [reason, difference] of Object.entries(differences))
      totals.set(reason, (totals.get(reason) ?? 0) + difference);
  }
  return {
    counters: amendments.reduce((sum, amendment) => addCounters(sum, amendment.counters), counters),
    reasons: Object.fromEntries([...totals].filter(([, count]) => count !== 0)),
  };
}

/** Records that a retry found set aside and left settled: a conflict in the place of a quarantine settles nothing. */
export function settledBy({ counters }: StepAmendment): number {
  return 0 - counters.quarantined - counters.conflict;
}
