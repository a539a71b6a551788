import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { RunReport } from '../application.js';
import { noCounters } from '../engine/counters.js';
import type { EntryKind, Journal, JournalEntry, RunRecord, StepRecord } from '../ports/journal.js';

/** All that a journal knows of a run; steps that it never reached are listed as `not-run`. */
export async function runReport(
  plan: MigrationPlan,
  journal: Journal,
  record: RunRecord,
): Promise<RunReport> {
  const stored = await journal.steps(record.run);
  const steps = record.steps.map((name) => {
    const title = plan.steps.find((step) => step.name === name)?.title ?? name;
    return { ...(stored.find((step) => step.step === name) ?? notRun(record.run, name)), title };
  });
  return { record, steps, entries: (kind) => allEntries(journal, record, kind) };
}

async function* allEntries(
  journal: Journal,
  record: RunRecord,
  kind: EntryKind,
): AsyncIterable<JournalEntry> {
  for (const step of record.steps) yield* journal.entries(record.run, step, kind);
}

function notRun(run: string, step: string): StepRecord {
  return { run, step, status: 'not-run', counters: noCounters(), checks: [], findings: 0, reasons: {} };
}
