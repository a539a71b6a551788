import type { Outcome } from './outcome.js';

/** A step as a run left it, retries included. */
export interface SummarizedStep {
  readonly step: string;
  /** its verification found nothing; undefined: there was none */
  readonly passed: boolean | undefined;
  readonly read: number;
  /** rows that its records yield */
  readonly rows: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** quarantined records per reason code */
  readonly reasons: Readonly<Record<string, number>>;
}

/**
 * What a run comes to in the plan's own words: sentences for its report, computed from what it counted. Gets the steps
 * that ran, in the plan's order, and is asked for dry runs, too.
 */
export type PlanSummary = (steps: readonly SummarizedStep[]) => readonly string[];

/** `1 link`, `2 links` */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** `, all verified`, or what else is to be said of it. */
export function verdictOf({ passed }: Pick<SummarizedStep, 'passed'>): string {
  if (passed === undefined) return 'not verified';
  return passed ? 'verified' : 'the verification FAILED';
}

/** Records that yield no rows: quarantined or in conflict. */
export function setAside({ outcomes }: Pick<SummarizedStep, 'outcomes'>): number {
  return outcomes.quarantined + outcomes.conflict;
}
