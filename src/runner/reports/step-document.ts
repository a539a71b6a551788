import { effectiveStep, settledBy } from '../acceptance/effective-step.js';
import type { CheckResult, Counters, StepAmendment, StepStatus } from '../ports/journal.js';

/** What a step of a live result and one of a stored report have in common. */
export interface StepFacts {
  readonly step: string;
  readonly title: string;
  readonly status: StepStatus;
  readonly counters: Counters;
  readonly checks: readonly CheckResult[];
  readonly reasons: Readonly<Record<string, number>>;
  readonly durationMs?: number;
  /** what later retries changed; shown is the sum */
  readonly amendments?: readonly StepAmendment[];
  /** of a rollback */
  readonly removed?: number;
  readonly kept?: number;
}

export interface CheckTally {
  readonly checks: number;
  readonly passed: number;
  readonly failed: number;
}

export function tallyChecks(checks: readonly CheckResult[]): CheckTally {
  const passed = checks.filter((check) => check.passed).length;
  return { checks: checks.length, passed, failed: checks.length - passed };
}

/** A step as every JSON document of ours shows it: the spec's fields first, ours behind them. */
export function stepDocument(step: StepFacts) {
  const { counters, reasons } = effectiveStep(step);
  const { amendments = [], removed, kept } = step;
  return {
    step: step.step,
    read: counters.read,
    created: counters.created,
    updated: counters.updated,
    unchanged: counters.unchanged,
    skipped: counters.skipped,
    quarantined: counters.quarantined,
    conflicts: counters.conflict,
    rows: counters.rows,
    validation: tallyChecks(step.checks),
    title: step.title,
    status: step.status,
    reasons,
    checks: step.checks,
    ...(step.durationMs === undefined ? {} : { durationMs: step.durationMs }),
    ...(amendments.length === 0
      ? {}
      : { retries: amendments.map((amendment) => ({ run: amendment.run, settled: settledBy(amendment) })) }),
    ...(removed === undefined ? {} : { removed }),
    ...(kept === undefined ? {} : { kept }),
  };
}
