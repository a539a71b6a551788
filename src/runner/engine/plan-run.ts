import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { RunResult, StepResult } from '../application.js';
import { EXIT, WaybillError, type ExitCode } from '../ports/errors.js';
import type { Journal, RunRecord, RunStatus } from '../ports/journal.js';
import type { RunLog } from '../ports/run-log.js';
import { openRecords } from './accepted-reasons.js';
import { noCounters } from './counters.js';
import type { StepRunner } from './step-runner.js';

export interface PlanRunParts {
  readonly plan: MigrationPlan;
  readonly steps: readonly IMigrationStep[];
  readonly record: RunRecord;
  readonly journal: Journal;
  readonly stepRunner: StepRunner;
  readonly log: RunLog;
  readonly now: () => Date;
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs the selected steps in order, each validated before the next starts; stops at the first that fails. Always gives
 * back the full result: steps that were not reached are listed as `not-run`.
 */
export class PlanRun {
  private readonly results: Map<string, StepResult>;

  constructor(private readonly parts: PlanRunParts) {
    this.results = new Map(parts.steps.map((step) => [step.name, notRun(step)]));
  }

  async execute(): Promise<RunResult> {
    const { journal, record, log } = this.parts;
    await journal.saveRun(record);
    log.event('info', 'run.started', {
      run: record.run,
      plan: record.plan,
      env: record.env,
      dryRun: record.dryRun,
    });
    let failure: WaybillError | undefined;
    try {
      for (const step of this.parts.steps) {
        const result = await this.parts.stepRunner.run(step, record, (partial) =>
          this.results.set(step.name, partial),
        );
        this.results.set(step.name, result);
        if (result.status !== 'validated') break;
      }
    } catch (error) {
      failure = this.parts.signal?.aborted === true ? stopped(error) : asWaybillError(error);
      log.event('error', 'run.stopped', { run: record.run, error });
    }
    return this.finish(failure);
  }

  private async finish(failure: WaybillError | undefined): Promise<RunResult> {
    const { journal, record, log, now, folder } = this.parts;
    const exit: ExitCode = failure?.exit ?? (this.clean() ? EXIT.done : EXIT.failed);
    const status = statusOf(exit);
    const error =
      failure === undefined
        ? undefined
        : { code: failure.code, message: failure.message, next: failure.next };
    const ended: RunRecord = {
      ...record,
      status,
      endedAt: now().toISOString(),
      ...(error === undefined ? {} : { error }),
    };
    try {
      await journal.saveRun(ended);
    } catch (cause) {
      // the first failure is the one to tell; the journal still says `running`, which the next run finds
      if (failure === undefined) throw cause;
      log.event('error', 'journal.unwritten', { run: record.run, error: cause });
    }
    log.event('info', 'run.ended', { run: record.run, status, exit });
    const { run, plan, env, dryRun } = record;
    const steps = [...this.results.values()];
    return { run, plan, env, dryRun, status, exit, folder, steps, ...(error === undefined ? {} : { error }) };
  }

  /** Done means: every step validated, and no record set aside that nobody accepted (invariant 8). */
  private clean(): boolean {
    const { plan, record } = this.parts;
    return [...this.results.values()].every(({ status, reasons, counters }) => {
      return status === 'validated' && openRecords(plan, record.flags, reasons, counters) === 0;
    });
  }
}

function statusOf(exit: ExitCode): Exclude<RunStatus, 'running'> {
  if (exit === EXIT.done) return 'complete';
  return exit === EXIT.aborted ? 'aborted' : 'failed';
}

/** Whatever it was that failed first when the operator stopped the run: stopped is what it is. */
function stopped(cause: unknown): WaybillError {
  const next = 'Run the same command again: what is done stays done, the rest is done then.';
  return new WaybillError(EXIT.aborted, 'ABORTED', 'the run was stopped', next, { cause });
}

function asWaybillError(error: unknown): WaybillError {
  if (error instanceof WaybillError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new WaybillError(
    EXIT.failed,
    'INTERNAL',
    `the run stopped on an unexpected ${name}`,
    'See the log of the run; this is a defect to report.',
    { cause: error },
  );
}

function notRun(step: IMigrationStep): StepResult {
  return {
    step: step.name,
    title: step.title,
    status: 'not-run',
    counters: noCounters(),
    checks: [],
    findings: [],
    findingsTotal: 0,
    reasons: {},
    durationMs: 0,
  };
}
