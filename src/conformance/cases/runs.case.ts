import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { StepResult } from '../../runner/application.js';
import { unaccounted } from '../../runner/engine/counters.js';
import { WRITE_REJECTED } from '../../runner/engine/guarded-planner.js';
import type { Uninterrupted } from '../bench.js';
import { accountDifferences } from '../trial/accounts.js';
import type { Trial } from '../trial/trial.js';
import type { Case } from './case.js';
import { errorPlace } from './error-place.js';

/** The plain run, its verification, and a validation by another process. */
export const RUNS: Case = {
  id: 'runs',
  name: 'runs, accounts for every record, and validates',
  judge: async (bench) => {
    const first = await bench.firstRun();
    const trial = bench.trial();
    const problems = [
      ...keyProblems(trial.plan),
      ...stops(first),
      ...throws(first),
      ...accountDifferences(first.end),
      ...(first.result.error === undefined
        ? first.result.steps.flatMap((step) => stepProblems(step, trial))
        : []),
    ];
    if (problems.length === 0) problems.push(...(await laterValidation(trial)));
    const records = first.result.steps.reduce((sum, { counters }) => sum + counters.read, 0);
    return {
      problems,
      told: `${records} records in ${first.result.steps.length} steps`,
      cause: first.failure ?? first.threw[0]?.error,
      advice:
        'Every record ends as rows, skipped or quarantined, and what stands in the tables is what a fresh planner asks for.',
    };
  },
};

/** A step that names half of its table's key takes different records for one. */
function keyProblems({ steps, tables }: MigrationPlan): string[] {
  return steps.flatMap(({ name, source, sourceKey, sourceSortKey }) => {
    const table = tables.find((one) => one.name === source);
    const [expected, found] = [
      [table?.partitionKey, table?.sortKey],
      [sourceKey, sourceSortKey],
    ].map((names) => names.filter((one) => one !== undefined).join(', '));
    return expected === found
      ? []
      : [`step ${name}: its source key is ${found}, that of ${source} is ${expected}`];
  });
}

function stops({ result, failure }: Uninterrupted): string[] {
  if (result.error === undefined) return [];
  const place = failure === undefined ? '' : ` (${errorPlace(failure)})`;
  return [`the run stopped with ${result.error.code}: ${result.error.message}${place}`];
}

function throws({ threw }: Uninterrupted): string[] {
  const lines = threw.map(
    ({ step, source, error }) => `step ${step}, record ${source}: the plan threw ${errorPlace(error)}`,
  );
  return [...new Set(lines)];
}

function stepProblems(
  { step, status, counters, checks, findings, reasons }: StepResult,
  trial: Trial,
): string[] {
  const problems: string[] = [];
  if (status === 'not-run' || status === 'running') return [`step ${step}: ${status}`];
  const records =
    trial.tables().get(trial.plan.steps.find(({ name }) => name === step)?.source ?? '')?.length ?? 0;
  if (counters.read !== records)
    problems.push(`step ${step}: ${counters.read} of ${records} records were read`);
  const lost = unaccounted(counters);
  if (lost !== 0) problems.push(`step ${step}: ${lost} records have no outcome`);
  const rejected = reasons[WRITE_REJECTED] ?? 0;
  if (rejected > 0) problems.push(`step ${step}: the store rejected rows of ${rejected} records`);
  if (counters.created === 0)
    problems.push(`step ${step}: no record became a row, so nothing is proven of it: give it one that does`);
  for (const { name, expected, found } of checks.filter(({ passed }) => !passed))
    problems.push(`validation, ${name}: ${found} instead of ${expected}`);
  for (const { kind, table, key, detail } of findings)
    problems.push(`validation, ${kind} ${table}#${key}: ${detail}`);
  return problems;
}

async function laterValidation(trial: Trial): Promise<string[]> {
  await trial.wholeRun();
  const { findings, passed } = await trial.validate();
  if (passed) return [];
  return findings.map(
    ({ kind, table, key, detail }) => `a validation by another process, ${kind} ${table}#${key}: ${detail}`,
  );
}
