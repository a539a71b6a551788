import { join } from 'node:path';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { RollbackRequest, RollbackResult } from '../application.js';
import { selectSteps } from '../engine/step-selection.js';
import { latestRun } from '../engine/unfinished-run.js';
import { requireUnread } from '../phases/phase-guards.js';
import { EXIT, UsageError, WaybillError } from '../ports/errors.js';
import type { Journal, RunRecord } from '../ports/journal.js';
import { preflight, requirePassed } from '../preflight/preflight.js';
import { requireNoDependents, rollbackToResume } from '../rollback/rollback-admission.js';
import { rollbackCommand, type RollbackWork } from '../rollback/rollback-command.js';
import { PlanRollback } from '../rollback/plan-rollback.js';
import { leased, stopOf, type Held } from './leased-work.js';
import { newestRun, newRun, pinsOf } from './new-run.js';
import { requireConfirmation } from './production-confirmation.js';
import { planNamed, type ServiceParts } from './service-parts.js';
import { storeRates } from './store-rates.js';

/**
 * `rollback`: removes the rows that the engine wrote and nobody touched since, and lists the rest of them (invariant 9).
 * Throws where it is refused.
 */
export class RollbackService {
  constructor(private readonly parts: ServiceParts) {}

  async rollback(request: RollbackRequest): Promise<RollbackResult> {
    const { environment, admin, journalTable } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    selectSteps(plan, request.steps);
    requireConfirmation(environment, request);
    requirePassed(await preflight(admin, plan, journalTable, environment.name));
    const work = await this.work(plan, request);
    if (request.dryRun) {
      return this.execute(plan, unpinned(this.newRecord(plan, work, request)), false, request);
    }
    return leased(this.parts, 'rollback', request, async (held) => {
      const { record, resumed } = await this.admit(plan, work, request, held.journal);
      return this.execute(plan, record, resumed, request, held);
    });
  }

  /** The steps asked for; without any, those of the run whose rows are to go, else all. */
  private async work(plan: MigrationPlan, { steps, run }: RollbackRequest): Promise<RollbackWork> {
    if (run === undefined) return { steps: selectSteps(plan, steps).map(({ name }) => name) };
    const { environment, journal } = this.parts;
    const record = await journal.run(run);
    const next = `List the runs: node runner status --env ${environment.name}`;
    if (record?.plan !== plan.name)
      throw new UsageError('RUN_UNKNOWN', `plan ${plan.name} has no run ${run} in ${environment.name}`, next);
    if (record.kind === 'rollback')
      throw new UsageError('RUN_UNKNOWN', `run ${run} is a rollback, so it wrote no rows`, next);
    const known = plan.steps.map(({ name }) => name);
    const named = steps ?? record.steps.filter((name) => known.includes(name));
    return { steps: selectSteps(plan, named).map(({ name }) => name), ofRun: run };
  }

  /** Judged under the lease, so that nobody changes it meanwhile. Throws `RefusedError`. */
  private async admit(
    plan: MigrationPlan,
    work: RollbackWork,
    request: RollbackRequest,
    journal: Journal,
  ): Promise<{ readonly record: RunRecord; readonly resumed: boolean }> {
    const { environment, now } = this.parts;
    await requireUnread(this.parts, plan.name);
    const latest = await latestRun(journal, plan.name);
    const fresh = this.newRecord(plan, work, request, await newestRun(journal, plan.name));
    const pins = pinsOf(this.parts, plan, { segments: this.segments(request) });
    const asked = { ...work, planVersion: fresh.planVersion, pins };
    const unfinished = rollbackToResume(latest, asked, plan, environment);
    requireNoDependents(plan, work, await journal.states(plan.name), environment);
    if (unfinished === undefined) return { record: fresh, resumed: false };
    return { record: takenUp(unfinished, now()), resumed: true };
  }

  /**
   * One against an emulator: dynoxide 1.2.1 ends a parallel scan early where the row that its last page ended with is
   * gone, and a rollback removes just those (ADR 0014).
   */
  private segments({ segments }: RollbackRequest): number {
    const { emulated, environment } = this.parts;
    return emulated ? 1 : (segments ?? environment.segments);
  }

  private newRecord(
    plan: MigrationPlan,
    { steps, ofRun }: RollbackWork,
    request: RollbackRequest,
    latest?: RunRecord,
  ): RunRecord {
    const wanted = { dryRun: request.dryRun, accept: [], overrides: [], segments: this.segments(request) };
    const record = newRun(this.parts, plan, selectSteps(plan, steps), wanted, latest);
    const { by, why } = request;
    return {
      ...record,
      kind: 'rollback',
      ...(ofRun === undefined ? {} : { ofRun }),
      ...(by === undefined ? {} : { by }),
      ...(why === undefined ? {} : { why }),
    };
  }

  private async execute(
    plan: MigrationPlan,
    record: RunRecord,
    resumed: boolean,
    request: RollbackRequest,
    held?: Held,
  ): Promise<RollbackResult> {
    const { parts } = this;
    const { environment } = parts;
    const folder = parts.files.folder(record.run);
    parts.log.toFile(join(folder, 'log.jsonl'));
    const concurrency = request.concurrency ?? environment.concurrency;
    const store = parts.openStore(plan)(held === undefined ? 'dry' : 'rollback', {
      concurrency,
      rates: await storeRates(parts, plan, request),
      ...(held === undefined ? {} : { fence: held.lease, requestTimeout: held.requestTimeout }),
    });
    held?.lease.rates?.subscribe((limits) => store.tune?.(limits));
    const signal = held?.signal ?? request.signal;
    try {
      const result = await new PlanRollback({
        ...{ ...parts, plan, record, resumed, store, concurrency, folder },
        journal: held?.journal ?? parts.dryRuns.create(record.run),
        segments: record.pins?.segments ?? this.segments(request),
        estimate: async (table) => (await parts.admin.describe(table))?.itemCount,
        failureOf: (error) => this.failureOf(error, plan, record, signal),
        ...(signal === undefined ? {} : { signal }),
      }).execute();
      await this.writeResult(result);
      return result;
    } finally {
      await store.close();
    }
  }

  private failureOf(
    error: unknown,
    plan: MigrationPlan,
    record: RunRecord,
    signal: AbortSignal | undefined,
  ): WaybillError {
    const command = rollbackCommand(plan, this.parts.environment, record);
    const goOn = record.dryRun
      ? 'A dry run is not resumed: run it again.'
      : `What is removed stays removed. The rest: ${command}`;
    const stopped = stopOf(signal, 'the rollback was stopped', goOn, error);
    if (stopped !== undefined) return stopped;
    if (error instanceof WaybillError) return error;
    const name = error instanceof Error ? error.name : typeof error;
    const next = 'See the log of the rollback; this is a defect to report.';
    const message = `the rollback stopped on an unexpected ${name}`;
    return new WaybillError(EXIT.failed, 'INTERNAL', message, next, { cause: error });
  }

  private async writeResult(result: RollbackResult): Promise<void> {
    const { files, log } = this.parts;
    try {
      await files.write(result.run, 'rollback.json', document(result));
    } catch (error) {
      // the journal has it all
      log.event('warn', 'report.unwritten', { run: result.run, error });
    }
  }
}

/** Of a dry run, which nobody can resume. */
function unpinned({ pins: _, ...record }: RunRecord): RunRecord {
  return record;
}

/** The record of a rollback as another process goes on with it. */
function takenUp({ error: _, endedAt: __, ...record }: RunRecord, at: Date): RunRecord {
  return { ...record, status: 'running', resumedAt: [...(record.resumedAt ?? []), at.toISOString()] };
}

// eslint-disable-next-line @typescript-eslint/require-await -- files are written from asynchronous chunks
async function* document(result: RollbackResult): AsyncIterable<string> {
  yield `${JSON.stringify(result, null, 2)}\n`;
}
