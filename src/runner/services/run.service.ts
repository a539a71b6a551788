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
import { keysOf, planNamed, type ServiceParts } from './service-parts.js';

/** `run`: guards, preflight, prerequisites, then the steps in order. Throws where the run is refused. */
export class RunService {
  constructor(private readonly parts: ServiceParts) {}

  async run(request: RunRequest): Promise<RunResult> {
    const plan = planNamed(this.parts, request.plan);
    const steps = selectSteps(plan, request.steps);
    const { environment, admin, journal, journalTable, now } = this.parts;
    requireConfirmation(request, environment);
    if (environment.embedded) await this.prepareLocal(plan, request);
    requirePassed(await preflight(admin, plan, journalTable, environment.name));
    requirePrerequisites(plan, steps, await journal.states(plan.name), environment.name);
    const startedAt = now();
    const record: RunRecord = {
      run: runId(startedAt, this.parts.random),
      plan: plan.name,
      env: environment.name,
      planVersion: this.parts.planVersion(plan.name),
      dryRun: request.dryRun,
      status: 'running',
      startedAt: startedAt.toISOString(),
      steps: steps.map((step) => step.name),
      flags: request.accept,
    };
    return this.execute(plan, steps, record, request);
  }

  private async execute(
    plan: MigrationPlan,
    steps: readonly IMigrationStep[],
    record: RunRecord,
    request: RunRequest,
  ): Promise<RunResult> {
    const { parts } = this;
    const folder = parts.runFolder(record.run);
    parts.log.toFile(join(folder, 'log.jsonl'));
    const journal: Journal = request.dryRun ? parts.dryRuns.create(record.run) : parts.journal;
    const concurrency = request.concurrency ?? parts.environment.concurrency;
    const store = parts.openStore(plan)(request.dryRun ? 'dry' : 'live', concurrency);
    const stepRunner = new StepRunner({
      ...parts,
      reader: store.reader,
      sink: store.sink,
      journal,
      keyOf: keysOf(plan),
      segments: request.segments ?? parts.environment.segments,
      planVersion: record.planVersion,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    try {
      return await new PlanRun({ ...parts, plan, steps, record, journal, stepRunner, folder }).execute();
    } finally {
      await store.close();
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
