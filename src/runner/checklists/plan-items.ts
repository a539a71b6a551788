import type { Checklist, ChecklistItem, PlanChecklists } from '../../migrations/contract/checklist.js';
import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import { UsageError } from '../ports/errors.js';

export type AttestedItem = ChecklistItem & {
  readonly answer: Extract<ChecklistItem['answer'], { kind: 'attested' }>;
};

/** The plan's checklists. Throws UsageError `CHECKLIST_MISSING` where it has none. */
export async function checklistsOf(plan: PlanOutline): Promise<PlanChecklists> {
  const checklists = await plan.checklists?.();
  if (checklists !== undefined && checklists.lists.length > 0) return checklists;
  throw new UsageError(
    'CHECKLIST_MISSING',
    `plan ${plan.name} has no checklists`,
    'Declare them in its outline, as src/migrations/kpi/kpi.checklists.ts does.',
  );
}

/** Those asked for, in the plan's order; undefined: all. Throws UsageError `LIST_UNKNOWN` with those that there are. */
export function listsNamed(
  plan: string,
  { lists }: PlanChecklists,
  names: readonly string[] | undefined,
): readonly Checklist[] {
  if (names === undefined) return lists;
  const unknown = names.find((name) => !lists.some(({ list }) => list === name));
  if (unknown !== undefined) {
    throw new UsageError(
      'LIST_UNKNOWN',
      `plan ${plan} has no list ${unknown}`,
      `Valid lists: ${lists.map(({ list }) => list).join(', ')}.`,
    );
  }
  return lists.filter(({ list }) => names.includes(list));
}

/**
 * The item that somebody can attest. Throws UsageError: `ITEM_UNKNOWN` with those that there are, `ITEM_COMPUTED` for one
 * that nobody has to vouch for.
 */
export function attestedItem(plan: string, { lists }: PlanChecklists, id: string): AttestedItem {
  const items = lists.flatMap((list) => list.items);
  const item = items.find((candidate) => candidate.id === id);
  if (item !== undefined && isAttested(item)) return item;
  const valid = items.filter(isAttested).map((candidate) => candidate.id);
  if (item === undefined)
    throw new UsageError(
      'ITEM_UNKNOWN',
      `plan ${plan} has no item ${id}`,
      `Valid items: ${valid.join(', ')}.`,
    );
  const { kind } = item.answer;
  const how =
    kind === 'measured'
      ? 'the journal answers it'
      : kind === 'figure'
        ? 'figures answer it'
        : 'the clock answers it';
  throw new UsageError(
    'ITEM_COMPUTED',
    `${id} is not for anybody to attest: ${how}`,
    `Items that are: ${valid.join(', ')}.`,
  );
}

export function isAttested(item: ChecklistItem): item is AttestedItem {
  return item.answer.kind === 'attested';
}
