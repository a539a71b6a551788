import { join } from 'node:path';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { rowKeys } from '../../migrations/contract/row-key.js';
import { acceptancesInForce } from '../acceptance/acceptances.js';
import type { RunRequest, RunResult } from '../application.js';
import { PlanRun } from '../engine/plan-run.js';
import { endOf } from '../engine/run-id.js';
import { coveredBy } from '../engine/step-checkpoints.js';
import { StepRunner } from '../engine/step-runner.js';
import { requirePrerequisites, selectSteps } from '../engine/step-selection.js';
import { isUnfinished, runToResume } from '../engine/unfinished-run.js';
import { changedFiles } from '../ladder/changed-files.js';
import { recordEvidence } from '../ladder/recorded-evidence.js';
import { requireLegacyWritten } from '../phases/phase-guards.js';
import type { Environment } from '../ports/environment.js';
import { RefusedError } from '../ports/errors.js';
import type { Journal, RunRecord, StepRecord } from '../ports/journal.js';
import { preflight, requirePassed } from '../preflight/preflight.js';
import { confirmation, nextCommand } from '../reports/next-command.js';
import { latestSettledRun } from './latest-run.js';
import { leased, type Held } from './leased-work.js';
import { prepareLocal } from './local-preparation.js';
import { newestRun, newRun, pinsOf, startedAfter } from './new-run.js';
import { requireConfirmation } from './production-confirmation.js';
import { requireGates } from './run-gates.js';
import { writeReports } from './run-report.js';
import { planNamed, type ServiceParts } from './service-parts.js';
import { storeRates } from './store-rates.js';

/** A run that has passed every gate, new or taken up again. */
interface Admitted {
  readonly record: RunRecord;
  /** records of the steps that the run has begun; undefined: it is new */
  readonly earlier?: readonly StepRecord[];
  readonly notices: readonly string[];
}

/** `run`: guards, preflight, lease, gates, then the steps in order. Throws where the run is refused. */
export class RunService {
  constructor(private readonly parts: ServiceParts) {}

  async run(request: RunRequest): Promise<RunResult> {
    const plan = planNamed(this.parts, request.plan);
    const steps = selectSteps(plan, request.steps);
    if (request.dryRun) return this.dryRun(plan, steps, request);
    const refusable = newRun(this.parts, plan, steps, request);
    try {
      requireConfirmation(this.parts.environment, request);
      await this.prepare(plan, request);
      return await leased(this.parts, 'run', request, async (held) => {
        const admitted = await this.admit(plan, steps, request, held.journal);
        return this.execute(plan, admitted, request, held);
      });
    } catch (error) {
      await this.recordRefusal(refusable, error);
      throw error;
    }
  }

  /** Needs no lease and no backup, because it writes nothing; otherwise it is judged as the real run would be. */
  private async dryRun(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    request: RunRequest,
  ): Promise<RunResult> {
    await this.prepare(plan, request);
    requirePrerequisites(plan, steps, await this.parts.journal.states(plan.name), this.parts.environment);
    const record = newRun(this.parts, plan, steps, request);
    return this.execute(plan, { record, notices: [] }, request);
  }

  private async prepare(plan: MigrationPlan, request: RunRequest): Promise<void> {
    const { environment, admin, journalTable } = this.parts;
    if (environment.embedded) await prepareLocal(this.parts, plan, request.signal);
    requirePassed(await preflight(admin, plan, journalTable, environment.name));
  }

  /** What must hold before the first write, judged under the lease. Throws `RefusedError`. */
  private async admit(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    request: RunRequest,
    journal: Journal,
  ): Promise<Admitted> {
    const { environment, now } = this.parts;
    await requireLegacyWritten(this.parts, plan.name);
    const latest = await latestSettledRun(journal, plan.name, now);
    const fresh = newRun(this.parts, plan, steps, request, await newestRun(journal, plan.name));
    const resumed = runToResume(
      latest,
      {
        ...{ env: environment.name, plan: plan.name, planVersion: fresh.planVersion, steps: fresh.steps },
        ...{
          stepsNamed: request.steps !== undefined,
          resume: request.resume,
          pins: pinsOf(this.parts, plan, request),
        },
        ...(request.segments === undefined ? {} : { segments: request.segments }),
        ...(fresh.options === undefined ? {} : { options: fresh.options }),
      },
      changedFiles,
    );
    if (request.run !== undefined && request.run !== resumed?.run)
      throw superseded(request.run, resumed, plan, environment);
    if (resumed === undefined) {
      requirePrerequisites(plan, steps, await journal.states(plan.name), environment);
      const notices = await requireGates(this.parts, plan, request);
      return { record: fresh, notices: [...leftBehind(latest, request), ...notices] };
    }
    const earlier = await stepsSoFar(journal, resumed.run);
    await this.requireSoundGround(plan, resumed, earlier, journal);
    return { record: takenUp(resumed, request, now()), earlier, notices: [] };
  }

  /** A validation since then may have found a step of this very run failed: that stops it as it would any other. */
  private async requireSoundGround(
    plan: MigrationPlan,
    resumed: RunRecord,
    earlier: readonly StepRecord[],
    journal: Journal,
  ): Promise<void> {
    const { environment } = this.parts;
    const validated = new Set(earlier.filter(({ status }) => status === 'validated').map(({ step }) => step));
    const states = (await journal.states(plan.name)).map((state) => {
      // the state of a step that ended with its process is only behind its record; `PlanRun` brings it up to date
      const behind = state.run === resumed.run && state.status === 'running' && validated.has(state.step);
      return behind ? { ...state, status: 'validated' as const } : state;
    });
    const failed = states.find(({ step, status }) => status === 'failed' && validated.has(step));
    if (failed !== undefined) throw stepFailedSince(failed.step, resumed, environment);
    const left = plan.steps.filter(({ name }) => resumed.steps.includes(name) && !validated.has(name));
    requirePrerequisites(plan, left, states, environment);
  }

  /** A refused run is part of the story that `status` and `comment` tell, where there is a journal to keep it in. */
  private async recordRefusal(record: RunRecord, error: unknown): Promise<void> {
    // whoever lost the lease writes nothing any more; what it did, the run's own record tells
    if (!(error instanceof RefusedError) || error.code === 'LEASE_LOST') return;
    const { admin, journal, journalTable, log, now } = this.parts;
    const { code, message, next } = error;
    try {
      if ((await admin.describe(journalTable.name))?.status !== 'ACTIVE') return;
      const refused = startedAfter(record, await newestRun(journal, record.plan));
      await journal.saveRun({
        ...refused,
        status: 'refused',
        endedAt: endOf(refused.startedAt, now()),
        error: { code, message, next },
      });
    } catch (cause) {
      // the refusal is what the operator has to hear; that it could not be noted down comes second
      log.event('warn', 'journal.unwritten', { run: record.run, error: cause });
    }
  }

  /** The run is done either way: what it proves can be gathered again from the journal. */
  private async keepEvidence(plan: MigrationPlan, journal: Journal): Promise<void> {
    const { environment, log } = this.parts;
    try {
      await recordEvidence(plan, environment.name, journal);
    } catch (error) {
      log.event('warn', 'evidence.unwritten', { plan: plan.name, error });
    }
  }

  private async execute(
    plan: MigrationPlan,
    { record, earlier, notices }: Admitted,
    request: RunRequest,
    held?: Held,
  ): Promise<RunResult> {
    const { parts } = this;
    const folder = parts.files.folder(record.run);
    parts.log.toFile(join(folder, 'log.jsonl'));
    const journal = held?.journal ?? parts.dryRuns.create(record.run);
    const acceptances = acceptancesInForce(await parts.journal.attestations(plan.name, 'acceptance'));
    const stop = held?.signal ?? request.signal;
    const signal = stop === undefined ? {} : { signal: stop };
    const store = parts.openStore(plan)(held === undefined ? 'dry' : 'live', {
      concurrency: request.concurrency ?? parts.environment.concurrency,
      rates: await storeRates(parts, plan, request),
      ...(held === undefined ? {} : { fence: held.lease, requestTimeout: held.requestTimeout }),
    });
    held?.lease.rates?.subscribe((limits) => store.tune?.(limits));
    const { maxFailures, maxQuarantined } = request;
    const stepRunner = new StepRunner({
      ...{ ...parts, plan, journal, keys: rowKeys(plan.tables), planVersion: record.planVersion },
      ...{ reader: store.reader, sink: store.sink },
      // the rows of a dry run are in no table
      ...(record.dryRun ? {} : { access: store.access }),
      limits: {
        ...(maxFailures === undefined ? {} : { maxFailures }),
        ...(maxQuarantined === undefined ? {} : { maxQuarantined }),
      },
      segments: record.pins?.segments ?? request.segments ?? parts.environment.segments,
      inParts: request.inParts ?? false,
      ...signal,
    });
    const steps = plan.steps.filter(({ name }) => record.steps.includes(name));
    try {
      const result = await new PlanRun({
        ...{ ...parts, plan, steps, record, journal, stepRunner, folder, notices, acceptances },
        ...(earlier === undefined ? {} : { earlier }),
        ...signal,
      }).execute();
      if (held !== undefined && result.exit === 0) await this.keepEvidence(plan, held.journal);
      await writeReports(parts, plan, journal, record.run);
      return result;
    } finally {
      await store.close();
    }
  }
}

/** The steps that a run has begun; of one that is under way a killed process noted down nothing but its checkpoints. */
async function stepsSoFar(journal: Journal, run: string): Promise<StepRecord[]> {
  const records = await journal.steps(run);
  return Promise.all(
    records.map(async (record) =>
      record.status === 'running'
        ? { ...record, ...coveredBy(await journal.checkpoints(run, record.step)) }
        : record,
    ),
  );
}

/** What is said of an unfinished run that a new one takes the place of without being asked to. */
function leftBehind(latest: RunRecord | undefined, { resume }: RunRequest): string[] {
  if (resume !== 'auto' || !isUnfinished(latest) || (latest.kind ?? 'migration') !== 'migration') return [];
  const why = 'was begun by a version that left nothing to resume from';
  return [`Run ${latest.run} is unfinished and ${why}, so this one begins anew: what is done stays done.`];
}

function stepFailedSince(step: string, { run, plan }: RunRecord, environment: Environment): RefusedError {
  const target = { env: environment.name, plan };
  return new RefusedError(
    'STEP_PREREQUISITE',
    `run ${run} can't go on: its ${step} step has failed a validation since`,
    `Mend the cause and let ${nextCommand('validate', target)} find it clean, ` +
      `or run the step again: ${nextCommand('run', target)} --step ${step} --restart${confirmation(environment)}`,
  );
}

function superseded(
  asked: string,
  resumed: RunRecord | undefined,
  plan: MigrationPlan,
  environment: Environment,
): RefusedError {
  const other = resumed === undefined ? 'no run of it is unfinished' : `run ${resumed.run} is`;
  return new RefusedError(
    'RUN_SUPERSEDED',
    `run ${asked} of plan ${plan.name} is not the one to go on with: ${other}`,
    `See ${nextCommand('status', { env: environment.name, plan: plan.name })}`,
  );
}

/** The record of a run as another process goes on with it. */
function takenUp(
  { error: _, endedAt: __, ...record }: RunRecord,
  { accept, overrides }: RunRequest,
  at: Date,
): RunRecord {
  return {
    ...record,
    status: 'running',
    flags: [...new Set([...record.flags, ...accept])],
    overrides: [...(record.overrides ?? []), ...overrides],
    resumedAt: [...(record.resumedAt ?? []), at.toISOString()],
  };
}
