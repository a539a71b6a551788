import { stampOf } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Balance } from '../contract/balance.js';
import {
  sourceName,
  type RecordPlanner,
  type StepContext,
  type StepSource,
} from '../contract/migration-step.js';
import type { Decision } from '../contract/outcome.js';
import { ENTITIES } from './entities.js';
import { EXPENSE_TOTALS, ExpenseFigures } from './expense-figures.js';

const { legacy, target, id } = ENTITIES.expense;
const SOURCE: StepSource = { source: legacy, sourceKey: 'userId', sourceSortKey: id };

type Part = 'set aside' | 'merged into others' | 'not moved, or in conflict' | 'moved';

/**
 * What the old expenses amount to, by what became of them, and what of ours is found in the companies' table (E-33, E-35):
 * nothing of the application's own is counted (E-X01). What was set aside counts as far as its amount can be read.
 */
export async function expenseBalance(
  planner: Pick<RecordPlanner, 'plan'>,
  { reader, check, signal }: Pick<StepContext, 'reader' | 'check' | 'signal'>,
): Promise<Balance> {
  const all = new ExpenseFigures();
  const parts = new Map<Part, ExpenseFigures>();
  const found = new ExpenseFigures();
  const options = signal === undefined ? {} : { signal };
  for await (const { items } of reader.scan(legacy, options)) {
    const decisions = items.map((item) => storable(planner.plan(item), sourceName(SOURCE, item), check));
    const stored = await reader.get(target, decisions.map(keyOf));
    items.forEach((item, index) => {
      const part = partOf(item, decisions[index], stored[index]);
      const figures = parts.get(part) ?? new ExpenseFigures();
      parts.set(part, figures);
      all.add(item);
      figures.add(item);
    });
  }
  for await (const { items } of reader.scan(target, options))
    for (const row of items) if (stampOf(row)?.source.startsWith(`${legacy}#`) === true) found.add(row);
  const moved = (parts.get('moved') ?? new ExpenseFigures()).values();
  parts.delete('moved');
  return {
    columns: EXPENSE_TOTALS.columns,
    lines: [
      { name: 'old expenses', values: all.values() },
      ...[...parts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, one]) => ({ name, values: one.values() })),
      { name: 'moved', values: moved },
      { name: 'found in companies', values: found.values() },
    ],
    isEven: moved.every((value, index) => value === found.values()[index]),
  };
}

/** A row that no store could take is none (the engine says so in a run). */
function storable(decision: Decision, source: string, check: StepContext['check']): Decision {
  const row = decision.kind === 'rows' ? decision.rows[0] : undefined;
  const problem = row === undefined ? undefined : check(row, source);
  return problem === undefined ? decision : { kind: 'quarantined', problem, warnings: [] };
}

/** The key of the row that is asked for; of a record without one a key that no row has. */
function keyOf(decision: Decision): StoredItem {
  const item = decision.kind === 'rows' ? decision.rows[0]?.item : undefined;
  return { companyId: item?.['companyId'] ?? NO_KEY, [id]: item?.[id] ?? NO_KEY };
}

const NO_KEY = { S: '' };

function partOf(record: StoredItem, decision: Decision | undefined, row: StoredItem | undefined): Part {
  if (decision?.kind === 'skipped') return 'merged into others';
  if (decision?.kind !== 'rows') return 'set aside';
  const isOurs = row !== undefined && stampOf(row)?.source === sourceName(SOURCE, record);
  return isOurs ? 'moved' : 'not moved, or in conflict';
}
