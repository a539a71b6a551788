import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { Acceptance } from '../ports/attestation.js';

/** Accepted by this code: records whose rows are in conflict with rows that are there. */
export const CONFLICT_REASON = 'CONFLICT';

/**
 * The decisions that hold: of those on one reason and step the newest counts, and where that one takes the decision back
 * there is none. A decision on any step and one on a certain step are two. Newest first; any order in.
 */
export function acceptancesInForce(attestations: readonly Acceptance[]): Acceptance[] {
  const newest = new Map<string, Acceptance>();
  for (const acceptance of attestations) {
    const key = JSON.stringify([acceptance.reason, acceptance.step ?? null]);
    const other = newest.get(key);
    if (other === undefined || acceptance.at > other.at) newest.set(key, acceptance);
  }
  return [...newest.values()]
    .filter(({ revoked }) => revoked !== true)
    .sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0));
}

/**
 * Whether records of a step that are set aside for this reason may be: by a flag of the run, or by one of these
 * acceptances, which are those in force.
 */
export function isAccepted(
  reason: string,
  step: string,
  flags: readonly string[],
  plan: Pick<MigrationPlan, 'acceptable'>,
  acceptances: readonly Acceptance[],
): boolean {
  const flag = plan.acceptable.get(reason);
  return (flag !== undefined && flags.includes(flag)) || acceptances.some((one) => covers(one, reason, step));
}

export function covers(acceptance: Acceptance, reason: string, step: string): boolean {
  return acceptance.reason === reason && (acceptance.step === undefined || acceptance.step === step);
}

/** Records of these steps that are set aside for a reason, `CONFLICT` included; `reasons` and counters as they stand now. */
export function recordsSetAside(
  acceptance: Pick<Acceptance, 'reason' | 'step'>,
  steps: readonly {
    readonly step: string;
    readonly counters: { readonly conflict: number };
    readonly reasons: Readonly<Record<string, number>>;
  }[],
): number {
  return steps
    .filter(({ step }) => acceptance.step === undefined || acceptance.step === step)
    .reduce((sum, { counters, reasons }) => sum + countOf(acceptance.reason, counters, reasons), 0);
}

function countOf(
  reason: string,
  counters: { readonly conflict: number },
  reasons: Readonly<Record<string, number>>,
): number {
  if (reason === CONFLICT_REASON) return counters.conflict;
  return Object.hasOwn(reasons, reason) ? (reasons[reason] ?? 0) : 0;
}
