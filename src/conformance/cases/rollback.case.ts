import type { RollbackResult } from '../../runner/application.js';
import type { Bench, Uninterrupted } from '../bench.js';
import { differences, rowDifference, snapshotDifferences } from '../trial/differences.js';
import { endStateOf } from '../trial/end-state.js';
import type { Snapshot, Trial } from '../trial/trial.js';
import type { Case } from './case.js';
import { ownRows } from './conflicts.case.js';

/** Takes a run back, and migrates again. */
export const ROLLBACK: Case = {
  id: 'rollback',
  name: 'is rolled back to what was there before, and runs again to the same end',
  judge: async (bench) => {
    const first = await bench.firstRun();
    const back = await thereAndBack(bench, first);
    const problems = [...back.problems, ...(await withEdits(bench, first))];
    if (bench.subject.change !== undefined) problems.push(...(await afterChange(bench)));
    return {
      problems,
      told: `${back.removed} rows removed`,
      advice:
        'A rollback goes through the tables of `mappers` and `companionTables`: every table that a step writes to must be among them.',
    };
  },
};

async function thereAndBack(
  bench: Bench,
  first: Uninterrupted,
): Promise<{ readonly problems: readonly string[]; readonly removed: number }> {
  const trial = bench.trial();
  await trial.wholeRun();
  const result = await rolledBack(trial);
  const problems = [...endOf(result), ...backAt(trial, first.start)];
  if (problems.length === 0) {
    await trial.wholeRun();
    const again = differences(first.end, await endStateOf(trial));
    problems.push(...again.map((line) => `run again after the rollback: ${line}`));
  }
  return { problems, removed: result.steps.reduce((sum, { removed }) => sum + removed, 0) };
}

/** Edited rows stay and are listed, and so do those of ours that they need; all others go. */
async function withEdits(bench: Bench, first: Uninterrupted): Promise<string[]> {
  const trial = bench.trial(first.after);
  const edited = ownRows(trial, first.after);
  for (const { table, row } of edited) trial.put(table, [row]);
  const { kept } = await rolledBack(trial);
  const problems = edited.flatMap(({ table, key, row }) => {
    const found = trial
      .tables()
      .get(table)
      ?.find((one) => trial.key(table, one) === key);
    const difference = rowDifference(row, found);
    const isListed = kept.some((one) => one.table === table && one.key === key);
    return [
      ...(difference === undefined ? [] : [`${table}#${key}: ${difference}`]),
      ...(isListed ? [] : [`${table}#${key}: was kept and is not listed`]),
    ];
  });
  const needed = kept.flatMap(({ reason, table = '', key = '' }) =>
    reason === 'IN_USE' ? [{ table, key }] : [],
  );
  const left = [...edited, ...needed];
  const others = without(trial, trial.tables(), left);
  const expected = without(trial, first.start, left);
  problems.push(...snapshotDifferences(trial, expected, others));
  return problems.map((line) => `rolled back with edited rows: ${line}`);
}

function without(
  trial: Trial,
  tables: Snapshot,
  left: readonly { readonly table: string; readonly key: string }[],
): Snapshot {
  const isLeft = (table: string, key: string): boolean =>
    left.some((one) => one.table === table && one.key === key);
  return new Map(
    [...tables].map(([table, rows]) => [table, rows.filter((row) => !isLeft(table, trial.key(table, row)))]),
  );
}

async function afterChange(bench: Bench): Promise<string[]> {
  const trial = bench.trial((await bench.secondRun()).after);
  const result = await rolledBack(trial);
  const untouched = bench.trial(bench.grown()).tables();
  return [...endOf(result), ...backAt(trial, untouched)].map((line) => `after the change: ${line}`);
}

async function rolledBack(trial: Trial): Promise<RollbackResult> {
  const result = await trial.rollback();
  if (result === undefined) throw new TypeError('nobody asked this process to die');
  return result;
}

function endOf({ error, kept }: RollbackResult): string[] {
  if (error !== undefined) return [`the rollback stopped with ${error.code}: ${error.message}`];
  return kept.map(({ source, reason }) => `${source} was kept (${reason})`);
}

function backAt(trial: Trial, start: Snapshot): string[] {
  return snapshotDifferences(trial, start, trial.tables());
}
