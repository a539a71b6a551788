import { effectiveStep } from '../acceptance/effective-step.js';
import type { ProgressSummary } from '../application.js';
import type { Acceptance } from '../ports/attestation.js';
import type { RunRecord, StepRecord } from '../ports/journal.js';
import { acceptanceNote, overrideNote } from '../reports/decisions.js';
import { formatQuantity } from '../reports/quantities.js';

/** complete when all steps and validations passed, blocked by any failure or refusal, else in progress. */
export function statusOf(
  records: readonly (StepRecord | undefined)[],
  lastRun: RunRecord | undefined,
  open: boolean,
): ProgressSummary['status'] {
  const failed = records.some((record) => record?.status === 'failed');
  // a run that ended without an error failed by its records or a validation, and how these stand now is known better
  if (failed || open || stopOf(lastRun) !== undefined) return 'Blocked';
  return records.every((record) => record?.status === 'validated') ? 'Complete' : 'In Progress';
}

export function migrated(record: StepRecord | undefined): number {
  if (record === undefined) return 0;
  const { created, updated, unchanged } = effectiveStep(record).counters;
  return created + updated + unchanged;
}

/** Why the last run did not start, or did not get to its end. */
export function refusalsOf(lastRun: RunRecord | undefined): string[] {
  const error = stopOf(lastRun);
  return error === undefined ? [] : [`last run ${lastRun?.status ?? ''}: ${error.code}: ${error.message}`];
}

/** The error that ended the last run; an operator who stopped it is none. */
function stopOf(lastRun: RunRecord | undefined): RunRecord['error'] {
  return lastRun?.error?.code === 'ABORTED' ? undefined : lastRun?.error;
}

export function issuesOf(record: StepRecord): string[] {
  const { step, checks } = record;
  const { reasons, counters } = effectiveStep(record);
  const quarantined = Object.entries(reasons)
    .sort()
    .map(([reason, count]) => `${step}: ${formatQuantity(count, 'record')} quarantined as ${reason}`);
  const conflicts =
    counters.conflict > 0
      ? [`${step}: ${formatQuantity(counters.conflict, 'record')} in conflict with existing rows`]
      : [];
  const failed = checks.filter((check) => !check.passed);
  return [
    ...quarantined,
    ...conflicts,
    ...failed.map(
      ({ name, expected, found }) => `check failed: ${name} (expected ${expected}, found ${found})`,
    ),
  ];
}

export function notesOf(
  { run, status, kind = 'migration', planVersion, error, resumedAt = [], overrides = [] }: RunRecord,
  acceptances: readonly Acceptance[],
  steps: readonly StepRecord[],
): string[] {
  const what = kind === 'migration' ? 'run' : kind;
  return [
    `Last ${what}: ${run} (${status}), plan version ${planVersion.slice(0, 12)}.`,
    ...(resumedAt.length === 0 ? [] : [`It was resumed ${formatQuantity(resumedAt.length, 'time')}.`]),
    ...(error === undefined ? [] : [`It ended with ${error.code}: ${error.message}.`]),
    ...overrides.map((override) => `${overrideNote(override)}.`),
    ...acceptances.map((acceptance) => `${acceptanceNote(acceptance, steps)}.`),
  ];
}
