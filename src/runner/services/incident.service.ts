import { effectiveStep } from '../acceptance/effective-step.js';
import type { Incident, PlanRequest } from '../application.js';
import { UsageError } from '../ports/errors.js';
import type { RunRecord } from '../ports/journal.js';
import { nextCommand } from '../reports/next-command.js';
import { HistoryService } from './history.service.js';
import { planNamed, type HistoryParts } from './service-parts.js';

/** Runs to look back over, for the rollback and for those whose rows it went for. */
const LOOK_BACK = 1_000;

/** `report --incident`: what the journal knows of a rollback (E-42). Reads only. */
export class IncidentService {
  constructor(private readonly parts: HistoryParts) {}

  /** Throws UsageError `RUN_UNKNOWN`, `NO_ROLLBACK` where the run is none or none has happened. */
  async incident(request: PlanRequest & { readonly run?: string }): Promise<Incident> {
    const plan = planNamed(this.parts, request.plan);
    const { journal, admin, journalTable, environment } = this.parts;
    const available = (await admin.describe(journalTable.name)) !== undefined;
    const runs = available ? await journal.runs(plan.name, LOOK_BACK) : [];
    const run =
      request.run ?? runs.find(({ kind, status }) => kind === 'rollback' && status !== 'refused')?.run;
    const target = { env: environment.name, plan: plan.name };
    if (run === undefined)
      throw noRollback(`plan ${plan.name} was not rolled back in ${environment.name}`, target);
    const report = await new HistoryService(this.parts).report({ plan: plan.name, run });
    if (report.record.kind !== 'rollback') throw noRollback(`run ${run} is no rollback`, target);
    return { report, migrations: await this.migrations(report.record, runs) };
  }

  private async migrations(
    { run, steps, ofRun }: Pick<RunRecord, 'run' | 'steps' | 'ofRun'>,
    runs: readonly RunRecord[],
  ): Promise<Incident['migrations']> {
    const earlier = runs.filter(
      (one) =>
        one.run < run &&
        one.kind !== 'rollback' &&
        one.status !== 'refused' &&
        (ofRun ?? one.run) === one.run,
    );
    const found = new Map<string, Incident['migrations'][number]>();
    for (const one of earlier.toSorted((a, b) => (a.run < b.run ? 1 : -1))) {
      if (found.size === steps.length) break;
      for (const record of await this.parts.journal.steps(one.run)) {
        if (record.status === 'not-run' || !steps.includes(record.step) || found.has(record.step)) continue;
        found.set(record.step, { step: record.step, run: one, ...effectiveStep(record) });
      }
    }
    return steps.flatMap((step) => found.get(step) ?? []);
  }
}

function noRollback(message: string, target: { readonly env: string; readonly plan: string }): UsageError {
  return new UsageError('NO_ROLLBACK', message, `The runs and their kinds: ${nextCommand('status', target)}`);
}
