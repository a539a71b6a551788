import { join } from 'node:path';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { rowKeys } from '../../migrations/contract/row-key.js';
import { acceptancesInForce } from '../acceptance/acceptances.js';
import type { RetryRequest, RunResult, StepResult } from '../application.js';
import { openRecords } from '../engine/accepted-reasons.js';
import { isSelected, RetryAmendments } from '../engine/retry-amendments.js';
import { notRun } from '../engine/plan-run.js';
import { endOf } from '../engine/run-id.js';
import { StepRetry } from '../engine/step-retry.js';
import { requirePrerequisites, selectSteps } from '../engine/step-selection.js';
import { isUnfinished } from '../engine/unfinished-run.js';
import { requireLegacyWritten } from '../phases/phase-guards.js';
import type { Acceptance } from '../ports/attestation.js';
import { EXIT, type WaybillError } from '../ports/errors.js';
import type { Journal, RunRecord, StepRecord, StepState } from '../ports/journal.js';
import { preflight, requirePassed } from '../preflight/preflight.js';
import { latestSettledRun } from './latest-run.js';
import { leased, type Held } from './leased-work.js';
import { newestRun, newRun } from './new-run.js';
import { requireConfirmation } from './production-confirmation.js';
import { requireChoice } from './retry-choice.js';
import { RetryExecution, type RetryWork } from './retry-execution.js';
import {
  leftToRun,
  retryFailure,
  retryNotices,
  runUnfinished,
  stillOpen,
  validationError,
} from './retry-words.js';
import { writeReports } from './run-report.js';
import { planNamed, type ServiceParts } from './service-parts.js';
import { storeRates } from './store-rates.js';
import { ValidateService } from './validate.service.js';

/** A retry that may begin. */
interface Admitted {
  readonly record: RunRecord;
  readonly work: readonly RetryWork[];
  readonly states: readonly StepState[];
  /** steps that an interrupted retry left without a verdict */
  readonly unverified: readonly string[];
  /** steps asked for that were begun and not finished, so that what they have set aside is not all of it */
  readonly unfinished: readonly string[];
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
    return leased(this.parts, 'retry', request, async (held) => {
      const admitted = await this.admit(plan, steps, request, held.journal);
      return this.execute(plan, steps, admitted, request, held);
    });
  }

  /** Throws RefusedError `RUN_UNFINISHED`, `STEP_PREREQUISITE`; UsageError `REASON_UNKNOWN`, `ENTRY_NOT_FOUND`. */
  private async admit(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    request: RetryRequest,
    journal: Journal,
  ): Promise<Admitted> {
    const { parts } = this;
    await requireLegacyWritten(parts, plan.name);
    const latest = await latestSettledRun(journal, plan.name, parts.now);
    if (isUnfinished(latest) && latest.kind !== 'retry') throw runUnfinished(latest);
    const states = await journal.states(plan.name);
    const { reasons, ids } = request;
    const selection = {
      ...(reasons === undefined ? {} : { reasons }),
      ...(ids === undefined ? {} : { ids }),
    };
    const unverified = await this.unverified(journal, states);
    const records = await this.records(journal, steps, states);
    const { name: env } = parts.environment;
    await requireChoice(journal, selection, { env, plan: plan.name, steps, records, latest });
    const unfinished = records.filter(isIncomplete).map(({ step }) => step);
    const work = await this.work(journal, steps, records, selection);
    const chosen = work.map(({ step }) => step);
    const judged = plan.steps.filter((step) => chosen.includes(step) || unverified.includes(step.name));
    requirePrerequisites(plan, judged, states, parts.environment);
    const newest = await newestRun(journal, plan.name);
    const base = newRun(parts, plan, chosen, { ...request, dryRun: false, overrides: [] }, newest);
    return { record: { ...base, kind: 'retry', selection }, work, states, unverified, unfinished };
  }

  /** Their run has ended them, so it was a retry that took their verdict and was interrupted before it gave another. */
  private async unverified(journal: Journal, states: readonly StepState[]): Promise<string[]> {
    const found: string[] = [];
    for (const { step, run, status } of states) {
      if (status !== 'running') continue;
      const record = (await journal.steps(run)).find((candidate) => candidate.step === step);
      if (record?.status === 'validated' || record?.status === 'failed') found.push(step);
    }
    return found;
  }

  /** The records of the steps' latest runs, where these have not been rolled back. */
  private async records(
    journal: Journal,
    steps: readonly IMigrationStep[],
    states: readonly StepState[],
  ): Promise<StepRecord[]> {
    const records: StepRecord[] = [];
    for (const { name } of steps) {
      const state = states.find(({ step }) => step === name);
      if (state === undefined || state.status === 'rolled-back') continue;
      const record = (await journal.steps(state.run)).find(({ step }) => step === name);
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  /** Also brings entries up to date that an interrupted retry has settled and could not take away any more. */
  private async work(
    journal: Journal,
    steps: readonly IMigrationStep[],
    records: readonly StepRecord[],
    selection: NonNullable<RunRecord['selection']>,
  ): Promise<RetryWork[]> {
    const amendments = new RetryAmendments(journal, this.parts.indexes);
    const work: RetryWork[] = [];
    for (const step of steps) {
      const stored = records.find((record) => record.step === step.name);
      if (stored === undefined || isIncomplete(stored)) continue;
      const base = await amendments.apply(stored);
      for await (const entry of journal.entries(base.run, step.name, 'quarantine')) {
        if (!isSelected(selection, entry)) continue;
        work.push({ step, base });
        break;
      }
    }
    return work;
  }

  private async execute(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    admitted: Admitted,
    request: RetryRequest,
    held: Held,
  ): Promise<RunResult> {
    const { parts } = this;
    const { journal } = held;
    const { record, work } = admitted;
    parts.log.toFile(join(parts.files.folder(record.run), 'log.jsonl'));
    const acceptances = acceptancesInForce(await journal.attestations(plan.name, 'acceptance'));
    await journal.saveRun(record);
    const { results, failure } = await this.settle(plan, admitted, request, held);
    const told = plan.steps.filter((step) => results.has(step.name) || work.some((one) => one.step === step));
    let open = 0;
    const ended = await this.ended(
      { ...record, steps: told.map(({ name }) => name) },
      failure,
      async () => {
        open = await this.open(plan, steps, journal, request.accept, acceptances);
        return open === 0 && [...results.values()].every(({ status }) => status === 'validated');
      },
      journal,
    );
    await writeReports(parts, plan, journal, record.run);
    const left = leftToRun(plan, admitted, results, parts.environment);
    const error = ended.error ?? validationError(record, left);
    return {
      ...ended,
      ...(error === undefined ? {} : { error }),
      ...{ kind: 'retry', resumed: false, plan: plan.name, env: record.env, dryRun: false, run: record.run },
      steps: told.map((step) => results.get(step.name) ?? notRun(step)),
      folder: parts.files.folder(record.run),
      acceptances,
      notices: [...retryNotices(admitted), ...left, ...stillOpen(open, record, results)],
    };
  }

  private async settle(
    plan: MigrationPlan,
    { record, work, states, unverified }: Admitted,
    request: RetryRequest,
    { journal, lease, signal, requestTimeout }: Held,
  ): Promise<{ readonly results: ReadonlyMap<string, StepResult>; readonly failure?: WaybillError }> {
    const { parts } = this;
    const store = parts.openStore(plan)('live', {
      concurrency: request.concurrency ?? parts.environment.concurrency,
      rates: await storeRates(parts, plan, request),
      ...{ fence: lease, requestTimeout },
    });
    lease.rates?.subscribe((limits) => store.tune?.(limits));
    const retry = new StepRetry({
      ...{ ...parts, plan, journal, signal, keys: rowKeys(plan.tables), planVersion: record.planVersion },
      ...{ reader: store.reader, sink: store.sink, limits: {} },
      segments: record.pins?.segments ?? parts.environment.segments,
    });
    const validation = new ValidateService(parts);
    const execution = new RetryExecution(
      {
        ...{ plan, record, journal, states, retry, now: parts.now },
        amendments: new RetryAmendments(journal, parts.indexes),
        validate: (step) =>
          validation.checked(plan, [step], { plan: plan.name, steps: [step.name], signal }, journal),
      },
      unverified,
    );
    const { results } = execution;
    try {
      await execution.execute(work);
      return { results };
    } catch (error) {
      parts.log.event('error', 'retry.stopped', { run: record.run, error });
      return { results, failure: retryFailure(error, signal) };
    } finally {
      await store.close();
    }
  }

  /** Journals how the retry ended. */
  private async ended(
    record: RunRecord,
    failure: WaybillError | undefined,
    isDone: () => Promise<boolean>,
    journal: Journal,
  ): Promise<Pick<RunResult, 'status' | 'exit' | 'error'>> {
    const exit = failure?.exit ?? ((await isDone()) ? EXIT.done : EXIT.failed);
    const status = exit === EXIT.done ? 'complete' : exit === EXIT.aborted ? 'aborted' : 'failed';
    const error =
      failure === undefined
        ? {}
        : { error: { code: failure.code, message: failure.message, next: failure.next } };
    const { log, now } = this.parts;
    try {
      await journal.saveRun({ ...record, status, endedAt: endOf(record.startedAt, now()), ...error });
    } catch (cause) {
      // the first failure is the one to tell; a retry that seems to be under way keeps nobody from anything
      if (failure === undefined) throw cause;
      log.event('error', 'journal.unwritten', { run: record.run, error: cause });
    }
    return { status, exit, ...error };
  }

  /** Records of the steps asked for that are still set aside and that nobody accepted. */
  private async open(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    journal: Journal,
    accept: readonly string[],
    acceptances: readonly Acceptance[],
  ): Promise<number> {
    let open = 0;
    for (const { step, run } of await journal.states(plan.name)) {
      if (!steps.some(({ name }) => name === step)) continue;
      const record = (await journal.steps(run)).find((candidate) => candidate.step === step);
      const flags = [...((await journal.run(run))?.flags ?? []), ...accept];
      if (record !== undefined) open += openRecords({ plan, flags, acceptances }, record);
    }
    return open;
  }
}

/** Its run ended within the step, so its quarantine is not complete. A verification always leaves its checks. */
function isIncomplete({ status, checks }: StepRecord): boolean {
  return status === 'running' || (status === 'failed' && checks.length === 0);
}
