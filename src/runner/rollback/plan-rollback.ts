import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { RollbackResult, RollbackStepResult } from '../application.js';
import { noCounters } from '../engine/counters.js';
import { EXIT, StoreError, type WaybillError } from '../ports/errors.js';
import type { Journal, JournalEntry, RunRecord, StepRecord, StepState } from '../ports/journal.js';
import type { Progress } from '../ports/progress.js';
import type { RunLog } from '../ports/run-log.js';
import type { OpenStore } from '../ports/stores.js';
import { NOTHING, RollbackCheckpoints, type RollbackTally } from './rollback-checkpoints.js';
import type { RollbackScope } from './row-ownership.js';
import type { Ahead } from './rows-in-use.js';
import { rollbackTables, StepRollback } from './step-rollback.js';

/** Kept rows that a result holds; the journal has all. */
const KEPT_TOLD = 1_000;

export interface PlanRollbackParts {
  readonly plan: MigrationPlan;
  readonly record: RunRecord;
  /** whether an earlier process began this rollback */
  readonly resumed: boolean;
  readonly journal: Journal;
  readonly store: Pick<OpenStore, 'reader' | 'sink'>;
  readonly indexes: LookupIndexes;
  readonly segments: number;
  readonly concurrency: number;
  readonly folder: string;
  /** rows of a table, as far as the store tells */
  readonly estimate: (table: string) => Promise<number | undefined>;
  /** puts what ended the work into our words */
  readonly failureOf: (error: unknown) => WaybillError;
  readonly log: RunLog;
  readonly progress: Progress;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

/**
 * Rolls the steps of a run record back, the newest first. Steps that an earlier process of the same rollback ended are
 * not gone through again. Always gives back the full result: steps that were not reached are listed as `not-run`.
 */
export class PlanRollback {
  /** newest first */
  private readonly steps: readonly IMigrationStep[];
  private readonly results: Map<string, RollbackStepResult>;

  constructor(private readonly parts: PlanRollbackParts) {
    const { plan, record } = parts;
    this.steps = plan.steps.filter(({ name }) => record.steps.includes(name)).toReversed();
    this.results = new Map(
      this.steps.map(({ name }) => [name, { step: name, status: 'not-run', ...NOTHING, durationMs: 0 }]),
    );
  }

  async execute(): Promise<RollbackResult> {
    const { journal, record, log, resumed } = this.parts;
    const { run, plan, env, dryRun, steps, ofRun } = record;
    await journal.saveRun(record);
    const about = { run, plan, env, dryRun, steps, ...(ofRun === undefined ? {} : { ofRun }) };
    log.event('info', resumed ? 'rollback.resumed' : 'rollback.started', about);
    let failure: WaybillError | undefined;
    try {
      const earlier = resumed ? await journal.steps(run) : [];
      for (const step of this.steps) {
        await this.step(
          step,
          earlier.find((candidate) => candidate.step === step.name),
        );
      }
    } catch (error) {
      failure = this.parts.failureOf(error);
      log.event('error', 'rollback.stopped', { run, error });
    }
    return this.finish(failure);
  }

  private async step(step: IMigrationStep, earlier: StepRecord | undefined): Promise<void> {
    const { journal, record, log } = this.parts;
    const begun = performance.now();
    const startedAt = earlier?.startedAt ?? this.parts.now().toISOString();
    const before = earlier?.durationMs ?? 0;
    const told = async (status: 'running' | 'rolled-back', tally: RollbackTally): Promise<void> => {
      const durationMs = before + Math.round(performance.now() - begun);
      this.results.set(step.name, { step: step.name, status, ...tally, durationMs });
      await journal.saveStep(stepRecord(record.run, step.name, status, tally, startedAt, durationMs));
    };
    const rollback = await this.prepared(step);
    if (earlier?.status !== 'rolled-back') {
      await this.establish(step, 'running');
      await told('running', rollback.tally());
      try {
        await rollback.execute(await this.estimate(step));
      } catch (error) {
        await told('running', rollback.tally()).catch((cause: unknown) => {
          log.event('error', 'journal.unwritten', { run: record.run, error: cause });
        });
        throw error;
      }
    }
    await told('rolled-back', rollback.tally());
    await this.establish(step, 'rolled-back');
    log.event('info', 'rollback.step.ended', { run: record.run, step: step.name, ...rollback.tally() });
  }

  /** Takes back what slices that no checkpoint covers have listed: they are done again. */
  private async prepared(step: IMigrationStep): Promise<StepRollback> {
    const { plan, record, journal, store, segments, resumed } = this.parts;
    const tables = rollbackTables(plan, step);
    const stored = resumed ? await journal.checkpoints(record.run, step.name) : [];
    const parts = tables.length * segments;
    const checkpoints = new RollbackCheckpoints(journal, record.run, step.name, parts, stored);
    if (resumed) await journal.prune(record.run, step.name, 'kept', (entry) => checkpoints.covers(entry));
    const { ofRun } = record;
    return new StepRollback({
      ...{ ...this.parts, ...store, step, tables, checkpoints, run: record.run },
      scope: scopeOf(step, ofRun),
      later: this.later(step),
    });
  }

  private later(step: IMigrationStep): Ahead[] {
    const { plan, record } = this.parts;
    return this.steps.slice(this.steps.indexOf(step) + 1).map((one) => {
      return { scope: scopeOf(one, record.ofRun), tables: rollbackTables(plan, one).map(({ name }) => name) };
    });
  }

  private async estimate(step: IMigrationStep): Promise<number | undefined> {
    const counts = await Promise.all(
      rollbackTables(this.parts.plan, step).map(({ name }) => this.parts.estimate(name)),
    );
    return counts.reduce(
      (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
      0,
    );
  }

  private async establish(step: IMigrationStep, status: StepState['status']): Promise<void> {
    const { journal, record, now } = this.parts;
    const { plan, run, planVersion } = record;
    await journal.saveState({ plan, step: step.name, status, run, planVersion, at: now().toISOString() });
  }

  private async finish(failure: WaybillError | undefined): Promise<RollbackResult> {
    const { journal, record, log, now, folder, resumed } = this.parts;
    const status = statusOf(failure);
    const error =
      failure === undefined
        ? {}
        : { error: { code: failure.code, message: failure.message, next: failure.next } };
    try {
      await journal.saveRun({ ...record, status, endedAt: now().toISOString(), ...error });
    } catch (cause) {
      // the first failure is the one to tell; the journal still says `running`, which the next rollback finds
      if (failure === undefined) throw cause;
      log.event('error', 'journal.unwritten', { run: record.run, error: cause });
    }
    const exit = failure?.exit ?? EXIT.done;
    log.event('info', 'rollback.ended', { run: record.run, status, exit });
    const { run, plan, env, dryRun } = record;
    const steps = [...this.results.values()];
    const kept = await this.kept();
    return { run, plan, env, status, dryRun, resumed, steps, kept, ...error, exit, folder };
  }

  private async kept(): Promise<JournalEntry[]> {
    const { journal, record } = this.parts;
    const kept: JournalEntry[] = [];
    for (const { name } of this.steps) {
      for await (const entry of journal.entries(record.run, name, 'kept')) {
        if (kept.length === KEPT_TOLD) return kept;
        kept.push(entry);
      }
    }
    return kept;
  }
}

function scopeOf(step: IMigrationStep, ofRun: string | undefined): RollbackScope {
  const owns = step.owns === undefined ? {} : { owns: (row: StoredItem) => step.owns?.(row) !== false };
  return { source: step.source, ...owns, ...(ofRun === undefined ? {} : { ofRun }) };
}

/** A rollback that the store or the lease cut off is as good as stopped: it resumes. Other failures end it for good. */
function statusOf(failure: WaybillError | undefined): RollbackResult['status'] {
  if (failure === undefined) return 'complete';
  const cutOff = failure instanceof StoreError || failure.code === 'LEASE_LOST';
  return failure.exit === EXIT.aborted || cutOff ? 'aborted' : 'failed';
}

function stepRecord(
  run: string,
  step: string,
  status: StepRecord['status'],
  { removed, kept }: RollbackTally,
  startedAt: string,
  durationMs: number,
): StepRecord {
  const nothing = { counters: noCounters(), checks: [], findings: 0, reasons: {} };
  return { run, step, status, ...nothing, startedAt, durationMs, removed, kept };
}
