import { covers, CONFLICT_REASON, recordsSetAside } from '../acceptance/acceptances.js';
import { effectiveStep, settledBy, type AmendedTotals } from '../acceptance/effective-step.js';
import type { Acceptance, Override } from '../ports/attestation.js';
import { formatCount, formatQuantity } from './quantities.js';

/** A step of a live result or of a stored report. */
type Totals = AmendedTotals & { readonly step: string };

/** A decision in a JSON document, with the records of these steps that it covers. */
export function acceptanceDocument(acceptance: Acceptance, steps: readonly Totals[]) {
  return { ...acceptance, records: acceptedBy(acceptance, steps) };
}

export const ACCEPTANCE_COLUMNS = ['Reason', 'Step', 'Records', 'By', 'When', 'Why'] as const;

export function acceptanceRows(acceptances: readonly Acceptance[], steps: readonly Totals[]): string[][] {
  return acceptances.map((acceptance) => {
    const { reason, step, by, at, why } = acceptance;
    return [reason, step ?? 'any', formatCount(acceptedBy(acceptance, steps)), by, at, why ?? ''];
  });
}

/** A decision as a sentence, e.g. for the notes of the progress comment. */
export function acceptanceNote(acceptance: Acceptance, steps: readonly Totals[]): string {
  const { reason, step, by, at, why } = acceptance;
  const where = step === undefined ? '' : ` in ${step}`;
  const set = `${formatQuantity(acceptedBy(acceptance, steps), 'record')} set aside as ${reason}${where}`;
  return `Accepted: ${set}, by ${by} on ${at.slice(0, 10)}${why === undefined ? '' : `: ${why}`}`;
}

export const OVERRIDE_COLUMNS = ['Gate', 'By', 'Why'] as const;

export function overrideRows(overrides: readonly Override[] = []): string[][] {
  return overrides.map(({ gate, by, why }) => [gate, by, why]);
}

/** A gate that a run went through although it was closed, as a sentence. */
export function overrideNote({ gate, by, why }: Override): string {
  return `Overridden: the ${gate} gate, by ${by}: ${why}`;
}

/** What later retries changed, so that the numbers of a step and those of its own run add up. */
export function retryLines(steps: readonly Totals[]): string[] {
  return steps.flatMap(({ step, amendments = [] }) =>
    amendments.map(
      (amendment) =>
        `${step}: ${formatQuantity(settledBy(amendment), 'record')} settled by retry ${amendment.run}`,
    ),
  );
}

/** Records of these steps that are set aside and covered by a decision, each counted once. */
export function acceptedRecords(
  steps: readonly Totals[],
  acceptances: readonly Acceptance[],
): { readonly quarantined: number; readonly conflicts: number } {
  const covered = (reason: string, step: string): boolean =>
    acceptances.some((acceptance) => covers(acceptance, reason, step));
  let [quarantined, conflicts] = [0, 0];
  for (const one of steps) {
    const { counters, reasons } = effectiveStep(one);
    for (const [reason, count] of Object.entries(reasons))
      if (covered(reason, one.step)) quarantined += count;
    if (covered(CONFLICT_REASON, one.step)) conflicts += counters.conflict;
  }
  return { quarantined, conflicts };
}

function acceptedBy(acceptance: Acceptance, steps: readonly Totals[]): number {
  return recordsSetAside(
    acceptance,
    steps.map((step) => ({ step: step.step, ...effectiveStep(step) })),
  );
}
