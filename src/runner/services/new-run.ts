import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { RunRequest } from '../application.js';
import { runId, runIdAt } from '../engine/run-id.js';
import type { Journal, RunPins, RunRecord } from '../ports/journal.js';
import type { ServiceParts } from './service-parts.js';

type Parts = Pick<
  ServiceParts,
  'environment' | 'admin' | 'now' | 'random' | 'planVersion' | 'planFiles' | 'planOptions'
>;

/** What a resume must find unchanged. */
export function pinsOf(
  { environment, admin, planFiles }: Parts,
  plan: MigrationPlan,
  { segments }: Pick<RunRequest, 'segments'>,
): RunPins {
  return {
    segments: segments ?? environment.segments,
    tables: Object.fromEntries(plan.tables.map(({ name }) => [name, admin.physicalName(name)])),
    files: planFiles(plan.name),
  };
}

/** The newest run that a journal lists, whatever became of it: the next one begins after it. */
export async function newestRun(
  journal: Pick<Journal, 'runs'>,
  plan: string,
): Promise<RunRecord | undefined> {
  const [newest] = await journal.runs(plan, 1);
  return newest;
}

/**
 * The record of a new run. Its clock never stands before that of the latest run, so that run ids sort as the runs did
 * whatever this machine's clock says.
 */
export function newRun(
  parts: Parts,
  plan: MigrationPlan,
  steps: readonly IMigrationStep[],
  request: Pick<RunRequest, 'dryRun' | 'accept' | 'segments' | 'overrides'>,
  latest?: RunRecord,
): RunRecord {
  const startedAt = notBefore(parts.now(), latest);
  const { accept, dryRun, overrides } = request;
  const options = parts.planOptions?.(plan.name) ?? {};
  return {
    run: runId(startedAt, parts.random),
    plan: plan.name,
    env: parts.environment.name,
    planVersion: parts.planVersion(plan.name),
    dryRun,
    status: 'running',
    startedAt: startedAt.toISOString(),
    steps: steps.map((step) => step.name),
    flags: accept,
    // a dry run is never resumed
    ...(dryRun ? {} : { pins: pinsOf(parts, plan, request) }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(overrides.length === 0 ? {} : { overrides }),
  };
}

/** The record with an id and a start behind those of another run, where they are not already. */
export function startedAfter(record: RunRecord, other: RunRecord | undefined): RunRecord {
  const was = new Date(record.startedAt);
  const startedAt = notBefore(was, other);
  if (startedAt === was) return record;
  return { ...record, run: runIdAt(startedAt, record.run), startedAt: startedAt.toISOString() };
}

/** Run ids tell seconds, so a later run begins in a later second: also later than the end that another one wrote down. */
function notBefore(now: Date, latest: RunRecord | undefined): Date {
  if (latest === undefined) return now;
  const { startedAt, endedAt = startedAt } = latest;
  const last = Math.max(Date.parse(startedAt), Date.parse(endedAt));
  const next = Math.floor(last / 1000 + 1) * 1000;
  return now.getTime() >= next ? now : new Date(next);
}
