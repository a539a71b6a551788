import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import { withStamp } from '../../../src/domain/storage/stored.js';
import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { textOf, type StoredItem, type StoredValue } from '../../../src/domain/storage/stored-value.js';
import { EmployeeMapper } from '../../../src/infrastructure/persistence/personnel/employee.mapper.js';
import type { RecordPlanner } from '../../../src/migrations/contract/migration-step.js';
import type { Decision } from '../../../src/migrations/contract/outcome.js';
import { EmployeesStep } from '../../../src/migrations/personnel/employees.step.js';

/** The time of runs in tests. */
export const NOW = '2025-01-02T03:04:05.678Z';

/** A planner of the step that has seen these source rows, one after the other, beside these rows of the new table. */
export async function plannerOver(
  source: readonly StoredItem[],
  target: readonly StoredItem[] = [],
  clock = NOW,
): Promise<RecordPlanner> {
  const step = new EmployeesStep(new EmployeeMapper());
  const planner = await step.prepare({
    reader: {
      async *scan(_table, { segment = { index: 0, total: 1 } } = {}) {
        await Promise.resolve();
        yield { items: target.filter((_, index) => index % segment.total === segment.index) };
      },
      positionBehind: (_table, row) => row,
      get: () => Promise.resolve([]),
    },
    indexes: new MemoryIndexes(),
    segments: 2,
    startedAt: clock,
    check: () => undefined,
  });
  // as segments do: several records are handed in before the first is done
  for (let at = 0; at < source.length; at += 7)
    await Promise.all(source.slice(at, at + 7).map(async (record) => planner.survey?.(record)));
  return planner;
}

/** What becomes of one record on its own. */
export async function decided(record: StoredItem, ...others: readonly StoredItem[]): Promise<Decision> {
  return (await plannerOver([record, ...others])).plan(record);
}

/** The row of a decision. Throws where there is none. */
export function rowOf(decision: Decision): StoredItem {
  const [row] = decision.kind === 'rows' ? decision.rows : [];
  if (row === undefined) throw new Error(`no row: ${JSON.stringify(decision)}`);
  return row.item;
}

/** The row as a run stores it. */
export function stored(row: StoredItem, run = 'run'): StoredItem {
  const [pk, sk] = [textOf(row['PK']) ?? '', textOf(row['SK']) ?? ''];
  return withStamp(row, { source: `sitelogix-personnel#${pk}|${sk}`, run, digest: contentDigest(row) });
}

/** The rows that a run on these tables leaves behind, in the order of the records. */
export async function rowsAfter(
  source: readonly StoredItem[],
  target: readonly StoredItem[] = [],
  order: readonly StoredItem[] = source,
): Promise<StoredItem[]> {
  const planner = await plannerOver(order, target);
  return source.map((record) => rowOf(planner.plan(record)));
}

export function without(item: StoredItem, ...names: readonly string[]): StoredItem {
  return Object.fromEntries(Object.entries<StoredValue>(item).filter(([name]) => !names.includes(name)));
}
