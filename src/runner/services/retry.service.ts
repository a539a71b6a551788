import { join } from 'node:path';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { acceptancesInForce } from '../acceptance/acceptances.js';
import type { RetryRequest, RunResult, StepResult } from '../application.js';
import { openRecords } from '../engine/accepted-reasons.js';
import { noCounters } from '../engine/counters.js';
import { isSelected, StepRetry } from '../engine/step-retry.js';
import { requirePrerequisites, selectSteps } from '../engine/step-selection.js';
import { isUnfinished, latestRun } from '../engine/unfinished-run.js';
import type { Acceptance } from '../ports/attestation.js';
import { EXIT, RefusedError, WaybillError } from '../ports/errors.js';
import type { Journal, JournalEntry, RunRecord, StepRecord, StepState } from '../ports/journal.js';
import { preflight, requirePassed } from '../preflight/preflight.js';
import { nextCommand } from '../reports/next-command.js';
import { leased, stopOf, type Held } from './leased-work.js';
import { newRun } from './new-run.js';
import { requireConfirmation } from './production-confirmation.js';
import { writeReports } from './run-report.js';
import { keysOf, planNamed, type ServiceParts } from './service-parts.js';
import { ValidateService } from './validate.service.js';

/** Entries with their images that are held at a time. */
const COPIED_AT_ONCE = 50;

/** A step with something in its quarantine that the retry is about. */
interface Work {
  readonly step: IMigrationStep;
  /** the run whose quarantine it is */
  readonly base: StepRecord;
}

/**
 * `quarantine retry`: settles quarantined records once more after their cause was mended, in a run of its own. The
 * numbers of the run that set them aside stay; the difference is kept beside them, so that they add up.
 */
export class RetryService {
  constructor(private readonly parts: ServiceParts) {}

  async retry(request: RetryRequest): Promise<RunResult> {
    const { environment, admin, journalTable } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const steps = selectSteps(plan, request.steps);
    requireConfirmation(environment, { ...request, dryRun: false });
    requirePassed(await preflight(admin, plan, journalTable, environment.name));
    return leased(this.parts, 'retry', request, (held) => this.execute(plan, steps, request, held));
  }

  private async execute(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    request: RetryRequest,
    held: Held,
  ): Promise<RunResult> {
    const { parts } = this;
    const { journal } = held;
    const latest = await latestRun(journal, plan.name);
    if (isUnfinished(latest) && latest.kind !== 'retry') throw unfinished(latest, plan.name);
    const states = await journal.states(plan.name);
    const { reasons, ids } = request;
    const selection = {
      ...(reasons === undefined ? {} : { reasons }),
      ...(ids === undefined ? {} : { ids }),
    };
    const work = await this.work(journal, steps, states, selection);
    const chosen = work.map(({ step }) => step);
    requirePrerequisites(plan, chosen, states, parts.environment.name);
    const base = newRun(parts, plan, chosen, { ...request, dryRun: false, overrides: [] }, latest);
    const record: RunRecord = { ...base, kind: 'retry', selection };
    parts.log.toFile(join(parts.files.folder(record.run), 'log.jsonl'));
    const acceptances = acceptancesInForce(await journal.attestations(plan.name, 'acceptance'));
    await journal.saveRun(record);
    const results = new Map<string, StepResult>();
    let failure: WaybillError | undefined;
    try {
      await this.settle(plan, work, record, held, request, results);
    } catch (error) {
      failure = failureOf(error, held.signal);
      parts.log.event('error', 'retry.stopped', { run: record.run, error });
    }
    const open = await this.open(plan, work, journal, request.accept, acceptances);
    const passed = [...results.values()].every(({ status }) => status === 'validated');
    const exit = failure?.exit ?? (passed && open === 0 ? EXIT.done : EXIT.failed);
    const result = resultOf(record, work, results, acceptances, parts.files.folder(record.run), exit, failure);
    await journal.saveRun({
      ...record,
      status: result.status,
      endedAt: parts.now().toISOString(),
      ...(result.error === undefined ? {} : { error: result.error }),
    });
    await writeReports(parts, plan, journal, record.run);
    return result;
  }

  /** Also brings entries up to date that a retry before this one has settled and could not take away any more. */
  private async work(
    journal: Journal,
    steps: readonly IMigrationStep[],
    states: readonly StepState[],
    selection: NonNullable<RunRecord['selection']>,
  ): Promise<Work[]> {
    const work: Work[] = [];
    for (const step of steps) {
      const state = states.find((candidate) => candidate.step === step.name);
      if (state === undefined || state.status === 'rolled-back') continue;
      const stored = (await journal.steps(state.run)).find((record) => record.step === step.name);
      if (stored === undefined) continue;
      const base = await this.applied(journal, stored);
      for await (const entry of journal.entries(base.run, step.name, 'quarantine')) {
        if (!isSelected(selection, entry)) continue;
        work.push({ step, base });
        break;
      }
    }
    return work;
  }

  private async settle(
    plan: MigrationPlan,
    work: readonly Work[],
    record: RunRecord,
    { journal, lease, signal, requestTimeout }: Held,
    request: RetryRequest,
    results: Map<string, StepResult>,
  ): Promise<void> {
    const { parts } = this;
    const store = parts.openStore(plan)('live', {
      concurrency: request.concurrency ?? parts.environment.concurrency,
      ...{ fence: lease, requestTimeout },
    });
    const retry = new StepRetry({
      ...{ ...parts, plan, journal, signal, keyOf: keysOf(plan), planVersion: record.planVersion },
      ...{ reader: store.reader, sink: store.sink, limits: {} },
      segments: record.pins?.segments ?? parts.environment.segments,
    });
    try {
      for (const { step, base } of work) {
        const begun = performance.now();
        const startedAt = parts.now().toISOString();
        const { tally, change } = await retry.settle(step, record, base.run);
        const amendment = { run: record.run, ...change, applied: false };
        const amended = { ...base, amendments: [...(base.amendments ?? []), amendment] };
        await journal.saveStep(amended);
        await this.applied(journal, amended);
        const verdict = await new ValidateService(parts).checked(plan, [step], { plan: plan.name, signal }, journal);
        const durationMs = Math.round(performance.now() - begun);
        const status = verdict.passed ? ('validated' as const) : ('failed' as const);
        const { checks, findings, findingsTotal } = verdict;
        const { name, title } = step;
        results.set(name, { step: name, title, status, ...tally, checks, findings, findingsTotal, durationMs });
        const own = { run: record.run, step: name, status, ...tally, checks, startedAt, durationMs };
        await journal.saveStep({ ...own, findings: findingsTotal });
        if (!verdict.passed) break;
      }
    } finally {
      await store.close();
    }
  }

  /**
   * Brings the quarantine of a step's run in line with the retries that amended it: what they settled leaves it, what
   * they set aside again stands there with its new reason. Safe to repeat.
   */
  private async applied(journal: Journal, base: StepRecord): Promise<StepRecord> {
    const amendments = [];
    for (const amendment of base.amendments ?? []) {
      if (!amendment.applied) await this.bringUpToDate(journal, base, amendment.run);
      amendments.push({ ...amendment, applied: true });
    }
    if (amendments.length === 0 || base.amendments?.every(({ applied }) => applied) === true) return base;
    const applied = { ...base, amendments };
    await journal.saveStep(applied);
    return applied;
  }

  private async bringUpToDate(journal: Journal, { run, step }: StepRecord, retry: string): Promise<void> {
    const selection = (await journal.run(retry))?.selection ?? {};
    const again = this.parts.indexes.create('set-aside-again');
    try {
      for (const kind of ['quarantine', 'conflict', 'warning'] as const) {
        let batch: JournalEntry[] = [];
        for await (const entry of journal.entries(retry, step, kind, { images: true })) {
          if (kind === 'quarantine') await again.put(entry.source, '');
          batch.push(entry);
          if (batch.length < COPIED_AT_ONCE) continue;
          await journal.append(run, batch);
          batch = [];
        }
        await journal.append(run, batch);
      }
      const stays = (source: string): boolean => again.get(source) !== undefined;
      await journal.prune(run, step, 'quarantine', (entry) => !isSelected(selection, entry) || stays(entry.source));
    } finally {
      await again.close();
    }
  }

  private async open(
    plan: MigrationPlan,
    work: readonly Work[],
    journal: Journal,
    flags: readonly string[],
    acceptances: readonly Acceptance[],
  ): Promise<number> {
    let open = 0;
    for (const { step, base } of work) {
      const record = (await journal.steps(base.run)).find((candidate) => candidate.step === step.name) ?? base;
      open += openRecords({ plan, flags, acceptances }, record);
    }
    return open;
  }
}

function resultOf(
  { run, plan, env }: RunRecord,
  work: readonly Work[],
  results: ReadonlyMap<string, StepResult>,
  acceptances: readonly Acceptance[],
  folder: string,
  exit: RunResult['exit'],
  failure: WaybillError | undefined,
): RunResult {
  const status = exit === EXIT.done ? 'complete' : exit === EXIT.aborted ? 'aborted' : 'failed';
  const steps = work.map(({ step }) => results.get(step.name) ?? notRun(step));
  return {
    ...{ run, kind: 'retry', resumed: false, plan, env, status, dryRun: false, steps, exit, folder, acceptances },
    notices: work.length === 0 ? ['No quarantined record was chosen: there was nothing to do.'] : [],
    ...(failure === undefined
      ? {}
      : { error: { code: failure.code, message: failure.message, next: failure.next } }),
  };
}

function notRun({ name, title }: IMigrationStep): StepResult {
  const nothing = { counters: noCounters(), checks: [], findings: [], findingsTotal: 0, reasons: {}, durationMs: 0 };
  return { step: name, title, status: 'not-run', ...nothing };
}

function failureOf(error: unknown, signal: AbortSignal): WaybillError {
  const stopped = stopOf(signal, 'the retry was stopped', 'Retry again: what is settled stays settled.', error);
  if (stopped !== undefined) return stopped;
  if (error instanceof WaybillError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  const message = `the retry stopped on an unexpected ${name}`;
  return new WaybillError(EXIT.failed, 'INTERNAL', message, 'See the log of the run; this is a defect to report.', {
    cause: error,
  });
}

function unfinished({ run, env }: RunRecord, plan: string): RefusedError {
  return new RefusedError(
    'RUN_UNFINISHED',
    `run ${run} of plan ${plan} is unfinished, so its quarantine is not complete`,
    `Finish it first: ${nextCommand('run', { env, plan })}`,
  );
}
