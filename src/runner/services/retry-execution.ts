import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { StepResult, ValidateResult } from '../application.js';
import { WRITE_REJECTED } from '../engine/guarded-planner.js';
import type { RetryAmendments } from '../engine/retry-amendments.js';
import { noTally, type StepTally } from '../engine/step-checkpoints.js';
import type { StepRetry } from '../engine/step-retry.js';
import type { Journal, RunRecord, StepRecord, StepState } from '../ports/journal.js';

/** A step with something in its quarantine that a retry is about. */
export interface RetryWork {
  readonly step: IMigrationStep;
  /** the run whose quarantine it is */
  readonly base: StepRecord;
}

export interface RetryExecutionParts {
  readonly plan: MigrationPlan;
  readonly record: RunRecord;
  readonly journal: Journal;
  readonly states: readonly StepState[];
  readonly retry: Pick<StepRetry, 'settle'>;
  readonly amendments: RetryAmendments;
  /** validates one step and records what it finds */
  readonly validate: (step: IMigrationStep) => Promise<ValidateResult>;
  readonly now: () => Date;
}

/**
 * Settles the chosen records step by step, each step validated before the next one. What a step settles may ask for rows
 * of later steps (a new link for one of each record of its KPI). So these lose their verdict before anything is written,
 * and get another one after it; a process that is killed leaves no verdict behind that no longer holds.
 */
export class RetryExecution {
  /** of the steps that were tried again or validated, as far as it got */
  readonly results = new Map<string, StepResult>();
  /** steps without a verdict: their rows may not be what their records ask for any more */
  private readonly open: Set<string>;
  private readonly withdrawn = new Map<string, StepState>();

  /** `unverified`: steps that an interrupted retry left without the verdict that their run had given them */
  constructor(
    private readonly parts: RetryExecutionParts,
    unverified: readonly string[],
  ) {
    this.open = new Set(unverified);
  }

  async execute(work: readonly RetryWork[]): Promise<void> {
    let failed = false;
    for (const step of this.parts.plan.steps) {
      const own = work.find((candidate) => candidate.step === step);
      if (own !== undefined && !failed) await this.settle(own);
      else if (this.open.has(step.name)) await this.judge(step, noTally());
      failed ||= this.results.get(step.name)?.status === 'failed';
    }
    for (const [step, state] of this.withdrawn)
      if (!this.results.has(step)) await this.parts.journal.saveState(state);
  }

  private async settle({ step, base }: RetryWork): Promise<void> {
    const { journal, record, retry, amendments } = this.parts;
    const begun = performance.now();
    const startedAt = this.parts.now().toISOString();
    const dependents = this.dependents(step);
    for (const name of [step.name, ...dependents]) await this.withdraw(name);
    const { tally, change } = await retry.settle(step, record, base.run);
    if (wroteRows(tally)) for (const name of dependents) this.open.add(name);
    const amendment = { run: record.run, ...change, applied: false };
    const amended = { ...base, amendments: [...(base.amendments ?? []), amendment] };
    await journal.saveStep(amended);
    await amendments.apply(amended);
    await this.judge(step, tally, startedAt, begun);
  }

  private async judge(
    step: IMigrationStep,
    tally: StepTally,
    startedAt = this.parts.now().toISOString(),
    begun = performance.now(),
  ): Promise<void> {
    const { journal, record, validate } = this.parts;
    const { passed, checks, findings, findingsTotal } = await validate(step);
    const status = passed ? ('validated' as const) : ('failed' as const);
    const durationMs = Math.round(performance.now() - begun);
    const { name, title } = step;
    const totals = { ...tally, checks, durationMs };
    this.results.set(name, { step: name, title, status, ...totals, findings, findingsTotal });
    await journal.saveStep({
      run: record.run,
      step: name,
      status,
      ...totals,
      findings: findingsTotal,
      startedAt,
    });
  }

  /** Later steps whose rows hang on those of a step and stand validated. */
  private dependents({ name }: IMigrationStep): string[] {
    return this.parts.plan.steps
      .filter(({ requires }) => requires.includes(name))
      .map((step) => step.name)
      .filter((step) => this.stateOf(step)?.status === 'validated');
  }

  private async withdraw(step: string): Promise<void> {
    const state = this.stateOf(step);
    if (state === undefined || this.withdrawn.has(step)) return;
    this.withdrawn.set(step, state);
    await this.parts.journal.saveState({ ...state, status: 'running', at: this.parts.now().toISOString() });
  }

  private stateOf(step: string): StepState | undefined {
    return this.parts.states.find((state) => state.step === step);
  }
}

function wroteRows({ counters, reasons }: StepTally): boolean {
  return counters.rows > 0 || (reasons[WRITE_REJECTED] ?? 0) > 0;
}
