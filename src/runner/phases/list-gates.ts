import type { Checklist, PlanChecklists } from '../../migrations/contract/checklist.js';
import type { Figures } from '../checklists/figures.js';
import { standingOf, type StandingParts } from '../checklists/item-standing.js';
import { isAttested } from '../checklists/plan-items.js';
import { judgeTriggers } from '../checklists/thresholds.js';
import type { PhaseGate } from '../phase-requests.js';

/** What to type: how the list stands, how somebody vouches for an item, how figures are given. */
export interface ListWords {
  readonly checklist: string;
  readonly attest: string;
}

/** Every item of a list that gates the phase is done (E-44, E-45, E-46). */
export async function checklistGate(
  { list, title, items }: Checklist,
  parts: StandingParts,
  words: ListWords,
): Promise<PhaseGate> {
  const open: string[] = [];
  let next = `How it stands: ${words.checklist} --list ${list}`;
  for (const item of items) {
    const { status, evidence } = await standingOf(item, parts);
    if (status === 'done') continue;
    if (open.length === 0 && isAttested(item)) next = `${words.attest} --item ${item.id} --by NAME`;
    if (open.length === 0 && item.answer.kind === 'figure')
      next = 'Give figures of the live system: --figures FILE';
    open.push(`${item.id} (${item.requirement}: ${evidence})`);
  }
  if (open.length > 0)
    return { gate: 'checklist', met: false, evidence: `${list}: ${open.join('; ')}`, next };
  return { gate: 'checklist', met: true, evidence: `${list} (${title}) is done` };
}

/** No trigger of a rollback has fired, by the figures given (E-24, E-26). */
export async function triggerGate(
  { triggers = [] }: PlanChecklists,
  figures: Figures,
  { facts }: Pick<StandingParts, 'facts'>,
): Promise<PhaseGate> {
  const fired = judgeTriggers(triggers, figures, await facts.find('validated')).filter(
    (one) => one.fired === true,
  );
  if (fired.length === 0) return { gate: 'triggers', met: true, evidence: 'nothing calls for a rollback' };
  return {
    gate: 'triggers',
    met: false,
    evidence: fired.map(({ id, evidence }) => `${id} (${evidence})`).join('; '),
    next: 'Go back, not on; see docs/cutover.md.',
  };
}
