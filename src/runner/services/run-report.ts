import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import { acceptancesInForce } from '../acceptance/acceptances.js';
import { effectiveStep } from '../acceptance/effective-step.js';
import type { RunReport } from '../application.js';
import { signOffsInForce } from '../checklists/sign-offs.js';
import type { ToldRun } from '../told-run.js';
import { noCounters } from '../engine/counters.js';
import { comparisonOf } from '../forecast/comparison.js';
import type { EntryKind, Journal, JournalEntry, RunRecord, StepRecord } from '../ports/journal.js';
import type { HistoryParts, ServiceParts } from './service-parts.js';

/** All that a journal knows of a run, and the decisions in force; steps that it never reached are listed as `not-run`. */
export async function runReport(
  plan: PlanOutline,
  journal: Journal,
  record: ToldRun,
  /** the journal that has the decisions: that of the environment, also for a dry run */
  decisions: Pick<Journal, 'attestations'>,
  forecasting?: HistoryParts['forecasting'],
): Promise<RunReport> {
  const stored = await journal.steps(record.run);
  const steps = record.steps.map((name) => {
    const title = plan.steps.find((step) => step.name === name)?.title ?? name;
    return { ...(stored.find((step) => step.step === name) ?? notRun(record.run, name)), title };
  });
  const acceptances = acceptancesInForce(await decisions.attestations(plan.name, 'acceptance'));
  const attested = [...signOffsInForce(await decisions.attestations(plan.name, 'checklist')).values()];
  const summary = await summaryOf(plan, record, steps);
  const forecast = comparisonOf(await forecasting?.forecasts.load(plan.name, record.env), record, steps);
  return {
    ...{ record, steps, acceptances },
    ...(summary.length === 0 ? {} : { summary }),
    ...(attested.length === 0 ? {} : { attested }),
    ...(forecast === undefined ? {} : { forecast }),
    entries: (kind) => allEntries(journal, record, kind),
  };
}

/** Of the steps that ran. A rollback comes to nothing that a plan has words for. */
async function summaryOf(
  plan: PlanOutline,
  { kind }: Pick<ToldRun, 'kind'>,
  steps: readonly StepRecord[],
): Promise<readonly string[]> {
  const ran = steps.filter(({ status }) => status === 'validated' || status === 'failed');
  if (kind === 'rollback' || ran.length === 0) return [];
  const summarize = await plan.summary?.();
  const summarized = ran.map((step) => {
    const { counters, reasons } = effectiveStep(step);
    const { read, rows, ...outcomes } = counters;
    const passed = step.checks.length === 0 ? undefined : step.checks.every((check) => check.passed);
    return { step: step.step, passed, read, rows, outcomes, reasons };
  });
  return summarize?.(summarized) ?? [];
}

/** Leaves the reports in the run's folder. */
export async function writeReports(
  {
    files,
    log,
    journal: decisions,
    forecasting,
  }: Pick<ServiceParts, 'files' | 'log' | 'journal' | 'forecasting'>,
  plan: PlanOutline,
  journal: Journal,
  run: string,
): Promise<void> {
  try {
    const record = await journal.run(run);
    if (record === undefined) return;
    const report = await runReport(plan, journal, record, decisions, forecasting);
    // whoever only reads a report renders it in other ways, or not at all
    const { renderReport } = await import('../reports/run-report.js');
    await files.write(run, 'report.json', renderReport(report, 'json'));
    await files.write(run, 'report.md', renderReport(report, 'markdown'));
  } catch (error) {
    // the journal has it all: `report` makes them again
    log.event('warn', 'report.unwritten', { run, error });
  }
}

async function* allEntries(
  journal: Journal,
  record: Pick<RunRecord, 'run' | 'steps'>,
  kind: EntryKind,
): AsyncIterable<JournalEntry> {
  for (const step of record.steps) yield* journal.entries(record.run, step, kind);
}

function notRun(run: string, step: string): StepRecord {
  return { run, step, status: 'not-run', counters: noCounters(), checks: [], findings: 0, reasons: {} };
}
