import { STAMP_ATTRIBUTE, stampOf } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { Uninterrupted } from '../bench.js';
import { rowDifference, rowDifferences, type KeyedRows } from '../trial/differences.js';
import { endStateOf, type EndState } from '../trial/end-state.js';
import type { Snapshot, Trial } from '../trial/trial.js';
import type { Case } from './case.js';
import { endProblems } from './end-problems.js';

/** Rows of a table that the application takes or edits. */
const ROWS = 3;
/** What the application adds to a row: no plan knows it. */
const MARK = 'conformanceMark';

/** A row of the plan's tables that is the application's by now. */
export interface ApplicationRow {
  readonly table: string;
  readonly key: string;
  readonly row: StoredItem;
}

/** Rows of the application under the keys of the plan, and rows of the plan that the application has edited. */
export const CONFLICTS: Case = {
  id: 'conflicts',
  name: "keeps the application's rows and edits, and reports each as a conflict",
  judge: async (bench) => {
    const [first, second] = [await bench.soundRun(), await bench.soundSecondRun()];
    const taken = ownRows(bench.trial({}), first.after).map((one) => ({ ...one, row: unstamped(one.row) }));
    const edited = ownRows(bench.trial({}), second.start);
    const problems = [
      ...(await collision(bench.trial(first.start), first, taken, 'a row of the application')),
      ...(await collision(bench.trial(second.start), second, edited, 'an edited row')),
    ];
    return {
      problems,
      told: `${taken.length} rows of the application, ${edited.length} edited rows`,
      advice:
        'The engine overwrites none of them. The plan must not go around them either: all other records keep their rows and keys.',
    };
  },
};

/** A few rows of each table that a step has written, each with an attribute more. */
export function ownRows(trial: Trial, tables: Snapshot): ApplicationRow[] {
  return [...written(trial.plan)].flatMap((table) => {
    const rows = (tables.get(table) ?? []).filter((row) => stampOf(row) !== undefined);
    const stride = Math.max(1, Math.floor(rows.length / ROWS));
    const chosen = rows.filter((_, index) => index % stride === 0).slice(0, ROWS);
    return chosen.map((row) => ({
      table,
      key: trial.key(table, row),
      row: { ...row, [MARK]: { BOOL: true } },
    }));
  });
}

function written({ steps }: MigrationPlan): Set<string> {
  return new Set(steps.flatMap(({ mappers }) => [...mappers.keys()]));
}

function unstamped({ [STAMP_ATTRIBUTE]: _, ...row }: StoredItem): StoredItem {
  return row;
}

async function collision(
  trial: Trial,
  reference: Uninterrupted,
  rows: readonly ApplicationRow[],
  what: string,
): Promise<string[]> {
  for (const { table, row } of rows) trial.put(table, [row]);
  const result = await trial.wholeRun();
  const end = await endStateOf(trial);
  const own = rows.flatMap(({ table, key, row }) => {
    const name = `${table}#${key}, ${what}`;
    const difference = rowDifference(row, end.rows.get(table)?.get(key));
    const isTold = end.entries.some(
      (one) => one.kind === 'conflict' && one.table === table && one.key === key,
    );
    return [
      ...(difference === undefined ? [] : [`${name}: ${difference}`]),
      ...(isTold ? [] : [`${name}: is not reported as a conflict`]),
    ];
  });
  const others = rowDifferences(without(reference.end, rows), without(end, rows));
  return [...endProblems(result), ...own, ...others.map((line) => `beside ${what}: ${line}`)];
}

function without({ rows }: EndState, left: readonly ApplicationRow[]): Map<string, KeyedRows> {
  return new Map(
    [...rows].map(([table, own]) => {
      const keys = new Set(left.filter((one) => one.table === table).map(({ key }) => key));
      return [table, new Map([...own].filter(([key]) => !keys.has(key)))];
    }),
  );
}
