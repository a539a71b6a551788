import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { TableRows } from '../../../src/conformance/index.js';
import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { withStamp } from '../../../src/domain/storage/stored.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { sourceName, type IMigrationStep } from '../../../src/migrations/contract/migration-step.js';
import type { Decision } from '../../../src/migrations/contract/outcome.js';
import { companyInMemory, MEMBERS, type PlanOptions } from './entities-trial.js';

export type StepName = 'projects' | 'contractors' | 'works' | 'expenses';

export const STARTED_AT = '2025-01-02T03:04:05.678Z';

export function stepOf(name: StepName, options: PlanOptions = {}): IMigrationStep {
  const step = companyInMemory(options).steps.find((one) => one.name === name);
  if (step === undefined) throw new RangeError(name);
  return step;
}

/** What a step decides on each record of its table, in the order of the table. */
export async function decisionsOn(
  name: StepName,
  tables: TableRows,
  options: PlanOptions = {},
): Promise<Decision[]> {
  const step = stepOf(name, options);
  const all: TableRows = { ...MEMBERS, ...tables };
  const planner = await step.prepare({
    reader: {
      async *scan(table, { segment = { index: 0, total: 1 } } = {}) {
        await Promise.resolve();
        yield { items: (all[table] ?? []).filter((_, index) => index % segment.total === segment.index) };
      },
      positionBehind: (_table, row) => row,
      get: () => Promise.resolve([]),
    },
    indexes: new MemoryIndexes(),
    segments: 3,
    check: () => undefined,
    startedAt: STARTED_AT,
  });
  return (all[step.source] ?? []).map((record) => planner.plan(record));
}

/** The rows that a step makes, stamped as a run stores them. */
export async function rowsOf(
  name: StepName,
  tables: TableRows,
  options: PlanOptions = {},
): Promise<StoredItem[]> {
  const step = stepOf(name, options);
  const decisions = await decisionsOn(name, tables, options);
  return (tables[step.source] ?? []).flatMap((record, index) => {
    const decision = decisions[index];
    const rows = decision?.kind === 'rows' ? decision.rows : [];
    return rows.map(({ item }) => stamped(item, sourceName(step, record)));
  });
}

export function stamped(item: StoredItem, source: string): StoredItem {
  return withStamp(item, { source, run: 'run', digest: contentDigest(item) });
}
