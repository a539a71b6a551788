import { sameRow } from '../../domain/storage/canonical-digest.js';
import type { Decision, PlannedRow } from '../../migrations/contract/outcome.js';
import { differingAttributes } from '../trial/differences.js';

/** A decision, or that the plan threw instead. */
export type Decided = Decision | { readonly kind: 'threw'; readonly error: string };

/** What two decisions differ in, in words without values; undefined: nothing. */
export function decisionDifference(one: Decided, other: Decided | undefined): string | undefined {
  if (other === undefined) return 'there is no second decision';
  if (one.kind !== other.kind) return `${one.kind}, then ${other.kind}`;
  if (one.kind === 'threw' || other.kind === 'threw') return undefined;
  const difference = outcomeDifference(one, other);
  if (difference !== undefined) return difference;
  return warningsOf(one) === warningsOf(other) ? undefined : 'other warnings';
}

/** In whatever order: attributes of a record have none, and warnings may follow them. */
function warningsOf({ warnings }: Decision): string {
  return warnings
    .map((warning) => JSON.stringify(warning))
    .sort()
    .join();
}

function outcomeDifference(one: Decision, other: Decision): string | undefined {
  if (one.kind === 'rows' && other.kind === 'rows') {
    if (one.anchored !== other.anchored) return 'anchored, then not';
    return rowsDifference(one.rows, other.rows);
  }
  if (one.kind === 'skipped' && other.kind === 'skipped')
    return one.rule === other.rule ? undefined : `skipped for ${one.rule}, then for ${other.rule}`;
  if (one.kind !== 'quarantined' || other.kind !== 'quarantined') return undefined;
  const [first, second] = [one.problem, other.problem];
  if (first.reason !== second.reason) return `quarantined for ${first.reason}, then for ${second.reason}`;
  return JSON.stringify(first) === JSON.stringify(second) ? undefined : `another detail of ${first.reason}`;
}

function rowsDifference(one: readonly PlannedRow[], other: readonly PlannedRow[]): string | undefined {
  if (one.length !== other.length) return `${one.length} rows, then ${other.length}`;
  for (const [index, row] of one.entries()) {
    const again = other[index];
    if (again?.table !== row.table) return `row ${index + 1} is for another table`;
    if (sameRow(row.item, again.item)) continue;
    return `row ${index + 1}, for ${row.table}, differs in ${differingAttributes(row.item, again.item).join(', ')}`;
  }
  return undefined;
}
