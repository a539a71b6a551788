import { join } from 'node:path';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { RunRequest, RunResult } from '../application.js';
import { PlanRun } from '../engine/plan-run.js';
import { runId } from '../engine/run-id.js';
import { StepRunner } from '../engine/step-runner.js';
import { requirePrerequisites, selectSteps } from '../engine/step-selection.js';
import { RefusedError } from '../ports/errors.js';
import type { Journal, RunRecord } from '../ports/journal.js';
import { preflight, requirePassed } from '../preflight/preflight.js';
import { renderReport } from '../reports/run-report.js';
import { runReport } from './run-report.js';
import { keysOf, planNamed, type ServiceParts } from './service-parts.js';

/** `run`: guards, preflight, prerequisites, then the steps in order. Throws where the run is refused. */
export class RunService {
  constructor(private readonly parts: ServiceParts) {}

  async run(request: RunRequest): Promise<RunResult> {
    const plan = planNamed(this.parts, request.plan);
    const steps = selectSteps(plan, request.steps);
    const record = this.newRecord(plan, steps, request);
    try {
      await this.admit(plan, steps, request);
    } catch (error) {
      await this.recordRefusal(record, error);
      throw error;
    }
    return this.execute(plan, steps, record, request);
  }

  /** What must hold before the first write. Throws `RefusedError`. */
  private async admit(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    request: RunRequest,
  ): Promise<void> {
    const { environment, admin, journal, journalTable } = this.parts;
    requireConfirmation(request, environment);
    if (environment.embedded) await this.prepareLocal(plan, request);
    requirePassed(await preflight(admin, plan, journalTable, environment.name));
    requirePrerequisites(plan, steps, await journal.states(plan.name), environment.name);
  }

  private newRecord(plan: MigrationPlan, steps: readonly IMigrationStep[], request: RunRequest): RunRecord {
    const startedAt = this.parts.now();
    return {
      run: runId(startedAt, this.parts.random),
      plan: plan.name,
      env: this.parts.environment.name,
      planVersion: this.parts.planVersion(plan.name),
      dryRun: request.dryRun,
      status: 'running',
      startedAt: startedAt.toISOString(),
      steps: steps.map((step) => step.name),
      flags: request.accept,
    };
  }

  /** A refused run is part of the story that `status` and `comment` tell, where there is a journal to keep it in. */
  private async recordRefusal(record: RunRecord, error: unknown): Promise<void> {
    if (record.dryRun || !(error instanceof RefusedError)) return;
    const { admin, journal, journalTable, log, now } = this.parts;
    const { code, message, next } = error;
    try {
      if ((await admin.describe(journalTable.name))?.status !== 'ACTIVE') return;
      await journal.saveRun({
        ...record,
        status: 'refused',
        endedAt: now().toISOString(),
        error: { code, message, next },
      });
    } catch (cause) {
      // the refusal is what the operator has to hear; that it could not be noted down comes second
      log.event('warn', 'journal.unwritten', { run: record.run, error: cause });
    }
  }

  private async execute(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    record: RunRecord,
    request: RunRequest,
  ): Promise<RunResult> {
    const { parts } = this;
    const folder = parts.files.folder(record.run);
    parts.log.toFile(join(folder, 'log.jsonl'));
    const journal: Journal = request.dryRun ? parts.dryRuns.create(record.run) : parts.journal;
    const signal = request.signal === undefined ? {} : { signal: request.signal };
    const concurrency = request.concurrency ?? parts.environment.concurrency;
    const store = parts.openStore(plan)(request.dryRun ? 'dry' : 'live', concurrency);
    const stepRunner = new StepRunner({
      ...parts,
      plan,
      reader: store.reader,
      sink: store.sink,
      journal,
      keyOf: keysOf(plan),
      segments: request.segments ?? parts.environment.segments,
      planVersion: record.planVersion,
      ...signal,
    });
    try {
      const result = await new PlanRun({
        ...parts,
        plan,
        steps,
        record,
        journal,
        stepRunner,
        folder,
        ...signal,
      }).execute();
      await this.writeReports(plan, journal, record.run);
      return result;
    } finally {
      await store.close();
    }
  }

  private async writeReports(plan: MigrationPlan, journal: Journal, run: string): Promise<void> {
    const { files, log } = this.parts;
    try {
      const record = await journal.run(run);
      if (record === undefined) return;
      const report = await runReport(plan, journal, record);
      await files.write(run, 'report.json', renderReport(report, 'json'));
      await files.write(run, 'report.md', renderReport(report, 'markdown'));
    } catch (error) {
      // the journal has it all: `report` makes them again
      log.event('warn', 'report.unwritten', { run, error });
    }
  }

  /** The embedded server starts empty: the first command makes the tables and the demo data, so that one command does everything. */
  private async prepareLocal(plan: MigrationPlan, request: RunRequest): Promise<void> {
    const { admin, journalTable, seeder } = this.parts;
    const sources = plan.tables.filter((table) => table.role === 'source');
    const described = await Promise.all(sources.map((table) => admin.describe(table.name)));
    if (described.every((table) => table === undefined)) {
      await seeder(plan).seed({
        defects: false,
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
    }
    for (const table of [...plan.tables, journalTable]) {
      if (table.role === 'target' && (await admin.describe(table.name)) === undefined)
        await admin.create(table);
    }
  }
}

/** production is never touched by a command that does not say so. */
function requireConfirmation(request: RunRequest, environment: ServiceParts['environment']): void {
  if (!environment.production || request.dryRun || request.confirmProduction) return;
  throw new RefusedError(
    'PRODUCTION_UNCONFIRMED',
    `${environment.name} is a production environment`,
    'Add --confirm-production if you mean it; --dry-run needs no confirmation.',
  );
}
