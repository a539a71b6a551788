import { EXIT, WaybillError } from '../ports/errors.js';
import { TRANSFORM_FAILED, WRITE_REJECTED } from './guarded-planner.js';
import { nextCommand } from '../reports/next-command.js';
import type { StepTally } from './step-checkpoints.js';

/** Reasons that no plan gives: its code threw, or the store refused a row for good. */
const UNEXPECTED: ReadonlySet<string> = new Set([TRANSFORM_FAILED, WRITE_REJECTED]);

/** A handful of failures is data; beyond the larger of these it is a defect that a longer quarantine would only hide. */
const TOLERATED = 100;
const TOLERATED_SHARE = 0.01;

export interface FailureLimitOptions {
  /** undefined: the larger of 100 and 1 % of the records */
  readonly maxFailures?: number;
  /** undefined: any number is fine */
  readonly maxQuarantined?: number;
}

/** When a step has failed so often that going on would be wrong (F-09). */
export class FailureLimits {
  constructor(
    private readonly of: {
      readonly env: string;
      readonly plan: string;
      readonly step: string;
      readonly run?: string;
    },
    private readonly options: FailureLimitOptions,
    /** records of the source, as far as they are known */
    private readonly estimate: number | undefined,
  ) {}

  /** Throws `MAX_FAILURES` or `MAX_QUARANTINED`, exit 1. */
  check({ counters, reasons }: StepTally): void {
    const counts = Object.entries(reasons);
    const failures = sum(counts.filter(([reason]) => UNEXPECTED.has(reason)));
    const records = Math.max(this.estimate ?? 0, counters.read);
    const most = this.options.maxFailures ?? Math.max(TOLERATED, Math.floor(records * TOLERATED_SHARE));
    if (failures > most)
      throw this.exceeded('MAX_FAILURES', failures, 'that failed unexpectedly', most, '--max-failures');
    const { maxQuarantined } = this.options;
    if (maxQuarantined === undefined) return;
    const quarantined = sum(counts.filter(([reason]) => !UNEXPECTED.has(reason)));
    if (quarantined > maxQuarantined)
      throw this.exceeded(
        'MAX_QUARANTINED',
        quarantined,
        'that were quarantined',
        maxQuarantined,
        '--max-quarantined',
      );
  }

  private exceeded(code: string, found: number, what: string, most: number, flag: string): WaybillError {
    const { step } = this.of;
    return new WaybillError(
      EXIT.failed,
      code,
      `step ${step} was stopped: records ${what}: ${found}, allowed: ${most} (those of the pages under way are counted, too)`,
      `Look at them: ${nextCommand('quarantine list', this.of)} --step ${step}; mend the cause and run again, or raise ${flag}.`,
    );
  }
}

function sum(counts: readonly (readonly [string, number])[]): number {
  return counts.reduce((total, [, count]) => total + count, 0);
}
