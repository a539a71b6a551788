import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep, StepContext } from '../../migrations/contract/migration-step.js';
import type { AccessReader } from '../../migrations/contract/access-pattern.js';
import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { PlannedRow, Problem } from '../../migrations/contract/outcome.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';
import { withStamp } from '../../domain/storage/stored.js';
import type { Finding, StepResult } from '../application.js';
import type { Counters, Journal, JournalEntry, RunRecord, StepRecord, StepState } from '../ports/journal.js';
import { EntryBuffer } from './entry-buffer.js';
import { FailureLimits, type FailureLimitOptions } from './failure-limits.js';
import type { Progress } from '../ports/progress.js';
import type { RecordSink } from '../ports/record-sink.js';
import type { RunLog } from '../ports/run-log.js';
import type { TableAdmin } from '../ports/table-admin.js';
import { strayStamps } from '../verification/stray-stamps.js';
import { verifyAccess } from '../verification/verify-access.js';
import { verifyInParts } from '../verification/verification-in-parts.js';
import { verifySteps, type StepToVerify } from '../verification/verify-steps.js';
import type { VerificationResult } from '../verification/verification-parts.js';
import { WRITE_REJECTED } from './guarded-planner.js';
import { PageSettlement } from './page-settlement.js';
import { RowSettlement } from './row-settlement.js';
import { StepCheckpoints, type StepTally } from './step-checkpoints.js';
import { StepExecution } from './step-execution.js';

/** What steps are run with; everything that touches the outside comes in here. */
export interface StepRunnerParts {
  readonly plan: Pick<MigrationPlan, 'steps'>;
  readonly reader: RecordReader;
  readonly sink: RecordSink;
  /** how the rows of a step are asked for afterwards; absent: they are not */
  readonly access?: AccessReader | undefined;
  readonly journal: Journal;
  readonly admin: TableAdmin;
  readonly indexes: LookupIndexes;
  readonly log: RunLog;
  readonly progress: Progress;
  /** parallel parts of every scan: those that the run began with, to which its checkpoints belong */
  readonly segments: number;
  readonly keys: RowKeys;
  readonly planVersion: string;
  readonly now: () => Date;
  readonly limits: FailureLimitOptions;
  /** the time may not be enough for a whole verification, see `verifyInParts`; omitted: it is */
  readonly inParts?: boolean;
  readonly signal?: AbortSignal;
}

/** Entries that slices write; findings come of the verification and are no slice's. */
const SLICE_KINDS = ['quarantine', 'conflict', 'warning', 'decision'] as const;

/** A digest has always this length; the real one is not known before the row is. */
const ANY_DIGEST = '0'.repeat(64);

interface Execution {
  readonly estimate: number | undefined;
  readonly checkpoints: StepCheckpoints;
  /** told where the execution ends in the middle */
  readonly onTally: (tally: StepTally) => Promise<void>;
}

/** Runs one step: executes it, verifies it on fresh look-ups, journals where it stands. */
export class StepRunner {
  constructor(private readonly parts: StepRunnerParts) {}

  /**
   * `earlier`: the record of this step in a run that is resumed. What its checkpoints cover is not done again; the
   * verification begins anew.
   */
  async run(
    step: IMigrationStep,
    run: RunRecord,
    onPartial: (result: StepResult) => void,
    earlier?: StepRecord,
  ): Promise<StepResult> {
    const { journal, log, now } = this.parts;
    const startedAt = earlier?.startedAt ?? now().toISOString();
    const begun = performance.now();
    const elapsed = (): number => Math.round((earlier?.durationMs ?? 0) + performance.now() - begun);
    const base = { step: step.name, title: step.title } as const;
    log.event('info', 'step.started', { run: run.run, step: step.name, resumed: earlier !== undefined });
    await this.establish(step, run, 'running');
    const estimate = (await this.parts.admin.describe(step.source))?.itemCount;
    const save = (result: StepResult): Promise<void> =>
      journal.saveStep(stepRecord(run.run, result, startedAt));
    let onTaken = (_rows: number): void => undefined;
    const onTally = async ({ counters, reasons }: StepTally): Promise<void> => {
      const unverified = { status: 'running' as const, checks: [], findings: [], findingsTotal: 0 };
      const partial: StepResult = { ...base, counters, reasons, ...unverified, durationMs: elapsed() };
      onPartial(partial);
      onTaken = (verifiedRows) => onPartial({ ...partial, verifiedRows, durationMs: elapsed() });
      await save(partial);
    };
    const checkpoints = await this.checkpoints(step, run.run);
    await onTally(checkpoints.tally());
    if (earlier !== undefined) await this.forgetUncovered(run.run, step, checkpoints);
    const tally = await this.execute(step, run, { estimate, checkpoints, onTally });
    await onTally(tally);
    const verified = await this.verify(step, run.run, tally, onTaken);
    const passed = verified.checks.every((check) => check.passed);
    const { checks, findings, findingsTotal } = verified;
    const result: StepResult = {
      ...base,
      ...tally,
      checks,
      findings,
      findingsTotal,
      status: passed ? 'validated' : 'failed',
      durationMs: elapsed(),
    };
    await save(result);
    await this.establish(step, run, passed ? 'validated' : 'failed');
    log.event(passed ? 'info' : 'warn', 'step.ended', {
      run: run.run,
      step: step.name,
      status: result.status,
      ...tally.counters,
    });
    return result;
  }

  /**
   * A step of a resumed run that was validated before. A process that was killed between
   * record and state left the state behind; a later `validate` that found otherwise is not overruled.
   */
  async settleState(step: IMigrationStep, run: RunRecord): Promise<void> {
    const states = await this.parts.journal.states(run.plan);
    const state = states.find((candidate) => candidate.step === step.name);
    if (state === undefined || (state.run === run.run && state.status === 'running'))
      await this.establish(step, run, 'validated');
  }

  /** A step whose run ended for good before it was validated: record and state say that it failed. */
  async fail(step: IMigrationStep, run: RunRecord, partial: StepResult): Promise<StepResult> {
    const { journal, log } = this.parts;
    const result: StepResult = { ...partial, status: 'failed' };
    const records = await journal.steps(run.run);
    const startedAt = records.find((record) => record.step === step.name)?.startedAt ?? run.startedAt;
    await journal.saveStep(stepRecord(run.run, result, startedAt));
    await this.establish(step, run, 'failed');
    log.event('warn', 'step.ended', { run: run.run, step: step.name, status: 'failed', ...result.counters });
    return result;
  }

  private async establish(step: IMigrationStep, run: RunRecord, status: StepState['status']): Promise<void> {
    const { journal, planVersion, now } = this.parts;
    await journal.saveState({
      plan: run.plan,
      step: step.name,
      status,
      run: run.run,
      planVersion,
      at: now().toISOString(),
    });
  }

  private async checkpoints(step: IMigrationStep, run: string): Promise<StepCheckpoints> {
    const { journal, segments } = this.parts;
    const stored = await journal.checkpoints(run, step.name);
    return new StepCheckpoints(journal, run, step.name, segments, stored);
  }

  private async execute(
    step: IMigrationStep,
    record: RunRecord,
    { estimate, checkpoints, onTally }: Execution,
  ): Promise<StepTally> {
    const { reader, sink, keys, limits } = this.parts;
    const { run, env, plan, dryRun } = record;
    if (checkpoints.done) return checkpoints.tally();
    const planner = await step.prepare(this.context(record));
    try {
      const rows = new RowSettlement(reader, sink, run);
      const check = checkWith(sink, run);
      const pages = new PageSettlement(step, planner, check, rows, run, keys, reader);
      const execution = new StepExecution({
        ...{ ...this.parts, step, planner, pages, rows, run, checkpoints },
        // what a dry run sets aside is listed for its run only
        limits: new FailureLimits(
          { env, plan, step: step.name, ...(dryRun ? { run } : {}) },
          limits,
          estimate,
        ),
      });
      try {
        return await execution.execute(estimate);
      } catch (error) {
        await this.tellTally(run, step, () => onTally(execution.tally()));
        throw error;
      }
    } finally {
      await planner.close();
    }
  }

  /** Also where a step ends in the middle, what was written is told; why it ended comes first. */
  private async tellTally(run: string, step: IMigrationStep, tell: () => Promise<void>): Promise<void> {
    try {
      await tell();
    } catch (error) {
      this.parts.log.event('warn', 'journal.unwritten', { run, step: step.name, error });
    }
  }

  /** Takes back what slices wrote that will be done again, and the findings of a verification that did not end. */
  private async forgetUncovered(
    run: string,
    step: IMigrationStep,
    checkpoints: StepCheckpoints,
  ): Promise<void> {
    const { journal } = this.parts;
    for (const kind of SLICE_KINDS)
      await journal.prune(run, step.name, kind, (entry) => checkpoints.covers(entry));
    await journal.prune(run, step.name, 'finding', () => false);
  }

  private async verify(
    step: IMigrationStep,
    run: string,
    tally: StepTally,
    onTaken: (rows: number) => void,
  ): Promise<VerificationResult> {
    const { journal, inParts = false } = this.parts;
    const buffer = new EntryBuffer(journal, run);
    const conflicts = await conflictSources(this.parts.indexes, journal, [{ run, step: step.name }]);
    const toVerify: StepToVerify = {
      step,
      conflicts: conflicts.has,
      isStray: strayStamps(this.parts.plan, step),
      counters: refusedAsConflicts(tally),
      onFinding: (finding) => buffer.add(findingEntry(finding)),
    };
    try {
      const parts = { ...this.parts, check: checkWith(this.parts.sink, run) };
      const results: VerificationResult[] = [];
      await verifyAccess(
        parts,
        [toVerify],
        { access: this.parts.access },
        (joint, settled) =>
          inParts
            ? verifyInParts(joint, toVerify, { journal, run, onTaken }, settled)
            : verifySteps(joint, [toVerify], settled),
        (_step, result) => Promise.resolve(void results.push(result)),
      );
      await buffer.flush();
      return results[0] as VerificationResult;
    } finally {
      await conflicts.close();
    }
  }

  private context({ run, startedAt }: RunRecord): StepContext {
    const { reader, sink, indexes, segments, signal } = this.parts;
    return {
      reader,
      indexes,
      segments,
      startedAt,
      check: checkWith(sink, run),
      ...(signal === undefined ? {} : { signal }),
    };
  }
}

/** Whether the store could hold a row of a step, its stamp included. */
export function checkWith(
  sink: RecordSink,
  run: string,
): (row: PlannedRow, source: string) => Problem | undefined {
  return ({ table, item }, source) =>
    sink.check({ table, item: withStamp(item, { source, run, digest: ANY_DIGEST }) });
}

/** Source records, in bounded memory. */
export interface SourceSet {
  readonly has: (source: string) => boolean;
  /** whether it is this step that told so: steps may have their records in common */
  readonly hasOf: (step: string, source: string) => boolean;
  readonly close: () => Promise<void>;
}

/**
 * The sources whose rows are expected of nobody: those that steps reported as conflicts in these runs, and those of which
 * the store refused a row for good. The plan knows nothing of either, so only the journal tells.
 */
export async function conflictSources(
  indexes: LookupIndexes,
  journal: Journal,
  ran: readonly { readonly run: string; readonly step: string }[],
): Promise<SourceSet> {
  const index = indexes.create('conflicts');
  const stepsOf = (source: string): readonly string[] =>
    JSON.parse(index.get(source) ?? '[]') as readonly string[];
  for (const { run, step } of ran) {
    const put = async (source: string): Promise<void> => {
      const told = stepsOf(source);
      if (!told.includes(step)) await index.put(source, JSON.stringify([...told, step]));
    };
    for await (const { source } of journal.entries(run, step, 'conflict')) await put(source);
    for await (const { source, reason } of journal.entries(run, step, 'quarantine'))
      if (reason === WRITE_REJECTED) await put(source);
  }
  return {
    has: (source) => index.get(source) !== undefined,
    hasOf: (step, source) => stepsOf(source).includes(step),
    close: () => index.close(),
  };
}

/** The counters as a verification knows them: what the store refused is no quarantine of the plan's, see above. */
function refusedAsConflicts({ counters, reasons }: StepTally): Counters {
  const refused = reasons[WRITE_REJECTED] ?? 0;
  return {
    ...counters,
    quarantined: counters.quarantined - refused,
    conflict: counters.conflict + refused,
  };
}

/** What the journal keeps of a step's result. */
function stepRecord(run: string, result: StepResult, startedAt: string): StepRecord {
  const { step, status, counters, checks, findingsTotal, reasons, durationMs } = result;
  return { run, step, status, counters, checks, findings: findingsTotal, reasons, startedAt, durationMs };
}

function findingEntry({ kind, step, table, key, field, detail }: Finding): JournalEntry {
  const entry = {
    kind: 'finding',
    step,
    source: `${table}#${key}`,
    reason: kind,
    detail,
    table,
    key,
  } as const;
  return field === undefined ? entry : { ...entry, field };
}
