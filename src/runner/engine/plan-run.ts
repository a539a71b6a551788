import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { RunResult, StepResult } from '../application.js';
import type { Acceptance } from '../ports/attestation.js';
import { EXIT, StoreError, WaybillError, type ExitCode } from '../ports/errors.js';
import type { Journal, RunRecord, RunStatus, StepRecord } from '../ports/journal.js';
import type { RunLog } from '../ports/run-log.js';
import { nextCommand } from '../reports/next-command.js';
import { openRecords } from './accepted-reasons.js';
import { noCounters } from './counters.js';
import { endOf } from './run-id.js';
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
  /** records of the steps that an earlier process of this run has begun; undefined: the run is new */
  readonly earlier?: readonly StepRecord[];
  readonly notices: readonly string[];
  readonly acceptances: readonly Acceptance[];
  readonly signal?: AbortSignal;
}

/**
 * Runs the selected steps in order, each validated before the next starts; stops at the first that fails. Steps that an
 * earlier process of the same run ended are not run again. Always gives back the full result: steps that were not
 * reached are listed as `not-run`.
 */
export class PlanRun {
  private readonly results: Map<string, StepResult>;

  constructor(private readonly parts: PlanRunParts) {
    this.results = new Map(
      parts.steps.map((step) => {
        const stored = parts.earlier?.find((candidate) => candidate.step === step.name);
        return [step.name, stored === undefined ? notRun(step) : earlierStep(step, stored)];
      }),
    );
  }

  async execute(): Promise<RunResult> {
    const { journal, record, log, earlier } = this.parts;
    await journal.saveRun(record);
    log.event('info', earlier === undefined ? 'run.started' : 'run.resumed', {
      run: record.run,
      plan: record.plan,
      env: record.env,
      dryRun: record.dryRun,
    });
    let failure: WaybillError | undefined;
    try {
      for (const step of this.parts.steps) {
        // a step that is not begun keeps its old verdict
        this.parts.signal?.throwIfAborted();
        const result = await this.step(step);
        this.results.set(step.name, result);
        if (result.status !== 'validated') break;
      }
    } catch (error) {
      failure = this.failureOf(error);
      log.event('error', 'run.stopped', { run: record.run, error });
    }
    return this.finish(failure);
  }

  private async step(step: IMigrationStep): Promise<StepResult> {
    const { stepRunner, record, earlier } = this.parts;
    const stored = earlier?.find((candidate) => candidate.step === step.name);
    if (stored?.status === 'validated') {
      await stepRunner.settleState(step, record);
      return earlierStep(step, stored);
    }
    return stepRunner.run(step, record, (partial) => this.results.set(step.name, partial), stored);
  }

  private async finish(failure: WaybillError | undefined): Promise<RunResult> {
    const { journal, record, log, now, folder, earlier, notices, acceptances } = this.parts;
    const exit: ExitCode = failure?.exit ?? (this.clean() ? EXIT.done : EXIT.failed);
    const status = statusOf(exit, failure);
    if (status === 'failed') await this.failBegun();
    const error =
      failure === undefined
        ? undefined
        : { code: failure.code, message: failure.message, next: failure.next };
    const ended: RunRecord = {
      ...record,
      status,
      endedAt: endOf(record.startedAt, now()),
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
    const { run, plan, env, dryRun, kind = 'migration' } = record;
    return {
      ...{ run, kind, resumed: earlier !== undefined, plan, env, dryRun, status, exit, folder },
      ...{ steps: [...this.results.values()], notices, acceptances },
      ...(error === undefined ? {} : { error }),
    };
  }

  /**
   * A run that ended for good leaves no step under way: one that it was in the middle of has failed, and blocks what
   * comes after it like a failed validation (invariant 8). One that was cut off goes on from where it stands.
   */
  private async failBegun(): Promise<void> {
    const { steps, stepRunner, record, log } = this.parts;
    for (const step of steps) {
      const result = this.results.get(step.name);
      if (result?.status !== 'running') continue;
      try {
        this.results.set(step.name, await stepRunner.fail(step, record, result));
      } catch (error) {
        // the step stands as `running` then, which blocks as well; why the run ended comes first
        log.event('warn', 'journal.unwritten', { run: record.run, step: step.name, error });
      }
    }
  }

  /** Done means: every step validated, and no record set aside that nobody accepted (invariant 8). */
  private clean(): boolean {
    const { plan, record, acceptances } = this.parts;
    return [...this.results.values()].every((result) => {
      return (
        result.status === 'validated' && openRecords({ plan, flags: record.flags, acceptances }, result) === 0
      );
    });
  }

  /** Whatever it was that failed first when the operator stopped the run: stopped is what it is. */
  private failureOf(error: unknown): WaybillError {
    const { signal } = this.parts;
    if (signal?.aborted !== true) return asWaybillError(error);
    if (signal.reason instanceof WaybillError) return signal.reason;
    const left = [...this.results.values()].map(standing).join(', ');
    return new WaybillError(
      EXIT.aborted,
      'ABORTED',
      `the run was stopped; where it stands: ${left}`,
      this.parts.record.dryRun
        ? 'A dry run is not resumed: run it again.'
        : `Go on with run ${this.parts.record.run}: ${nextCommand('run', { env: this.parts.record.env, plan: this.parts.record.plan })} --resume`,
      { cause: error },
    );
  }
}

/** A run that the store or the lease cut off is as good as stopped: it resumes. Other failures end it for good. */
function statusOf(exit: ExitCode, failure: WaybillError | undefined): Exclude<RunStatus, 'running'> {
  if (exit === EXIT.done) return 'complete';
  const cutOff = failure instanceof StoreError || failure?.code === 'LEASE_LOST';
  return exit === EXIT.aborted || cutOff ? 'aborted' : 'failed';
}

/** What is done of a step, and so what is left. */
function standing({ step, status, counters }: StepResult): string {
  if (status === 'not-run') return `${step} not begun`;
  if (status === 'running') return `${step} begun, ${counters.read} records settled`;
  return `${step} ${status}`;
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

function earlierStep(
  { name, title }: IMigrationStep,
  { status, counters, checks, findings, reasons, durationMs = 0 }: StepRecord,
): StepResult {
  const told = { step: name, title, status, counters, checks, reasons, durationMs };
  return { ...told, findings: [], findingsTotal: findings };
}

/** A step that was not reached. */
export function notRun(step: IMigrationStep): StepResult {
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
