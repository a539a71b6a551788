import type { Page, RecordReader } from '../../migrations/contract/record-reader.js';
import { parallelScan, type ParallelScanOptions } from './parallel-scan.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RecordPlanner, IMigrationStep } from '../../migrations/contract/migration-step.js';
import { WaybillError } from '../ports/errors.js';
import { sourceName } from '../../migrations/contract/migration-step.js';
import type { Decision, PlannedRow, Problem } from '../../migrations/contract/outcome.js';

/** Reason of a record on which the plan's code threw: a defect of the plan, never of the record alone. */
export const TRANSFORM_FAILED = 'TRANSFORM_FAILED';
/** Reason of a record with a row that the store rejected for good. */
export const WRITE_REJECTED = 'WRITE_REJECTED';

export type Check = (row: PlannedRow, source: string) => Problem | undefined;

/**
 * A decision that can be carried out: a record whose rows the store could never hold is quarantined as a whole
 * before anything of it is sent, and one bad record never stops a step (F-09).
 */
export function decide(
  step: IMigrationStep,
  planner: RecordPlanner,
  check: Check,
  record: StoredItem,
): Decision {
  let decision: Decision;
  try {
    decision = planner.plan(record);
  } catch (error) {
    const detail = `the plan failed on this record: ${error instanceof Error ? error.name : typeof error}`;
    return { kind: 'quarantined', problem: { reason: TRANSFORM_FAILED, detail }, warnings: [] };
  }
  if (decision.kind !== 'rows') return decision;
  const source = sourceName(step, record);
  for (const row of decision.rows) {
    const problem = check(row, source);
    if (problem !== undefined) return { kind: 'quarantined', problem, warnings: decision.warnings };
  }
  return decision;
}

/**
 * Lets a planner see a record in its survey. A record on which that fails is no reason to stop: `plan` will fail on it,
 * too, and set it aside. Trouble with the look-ups themselves is another matter and goes on its way.
 */
export async function survey(planner: RecordPlanner, record: StoredItem): Promise<void> {
  try {
    await planner.survey?.(record);
  } catch (error) {
    if (error instanceof WaybillError) throw error;
  }
}

/** Lets a planner see every record of its step once, where it wants to. */
export async function surveyAll(
  planner: RecordPlanner,
  reader: RecordReader,
  source: string,
  segments: number,
  options: ParallelScanOptions,
): Promise<void> {
  if (planner.survey === undefined) return;
  const seen = async ({ items }: Page): Promise<void> => {
    for (const record of items) await survey(planner, record);
  };
  await parallelScan(reader, source, segments, seen, options);
}
