import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import { requireJournal } from '../acceptance/require-journal.js';
import type { ChecklistRequest, ChecklistResult } from '../application.js';
import type { SignOff } from '../ports/attestation.js';
import { planNamed, type HistoryParts, type ServiceParts } from '../services/service-parts.js';
import { readFigures } from './figures.js';
import { standingOf, type StandingParts } from './item-standing.js';
import { JournalFacts } from './journal-facts.js';
import { checklistsOf, isAttested, listsNamed } from './plan-items.js';
import { signOffsInForce } from './sign-offs.js';
import { judgeTriggers } from './thresholds.js';

export interface ChecklistParts extends Pick<
  HistoryParts,
  'environment' | 'plans' | 'admin' | 'journal' | 'journalTable' | 'dryRuns' | 'now'
> {
  /** what only few items ask for, and takes long to load */
  readonly all: () => Promise<Pick<ServiceParts, 'plans' | 'planVersion' | 'evidenceBefore'>>;
}

/** `checklist`: how every item of a plan's lists stands here. Reads only. */
export class ChecklistService {
  constructor(private readonly parts: ChecklistParts) {}

  /**
   * Throws UsageError `CHECKLIST_MISSING`, `LIST_UNKNOWN`, `FIGURES_INVALID`; RefusedError `TABLE_MISSING` where there is
   * no journal.
   */
  async checklist(request: ChecklistRequest): Promise<ChecklistResult> {
    const { environment, now } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const checklists = await checklistsOf(plan);
    const chosen = listsNamed(plan.name, checklists, request.lists);
    const at = now();
    const figures = request.figures === undefined ? undefined : readFigures(request.figures, at);
    await requireJournal(this.parts);
    const parts = { ...(await standingParts(plan, this.parts, at)), figures };
    const lists: ChecklistResult['lists'][number][] = [];
    for (const { list, title, items } of chosen) {
      const lines: ChecklistResult['lists'][number]['lines'][number][] = [];
      for (const item of items) {
        const { id, requirement, text, who, answer } = item;
        const gates = isAttested(item) ? item.answer.gates : undefined;
        const about = {
          id,
          requirement,
          text,
          who,
          kind: answer.kind,
          ...(gates === undefined ? {} : { gates }),
        };
        lines.push({ ...about, ...(await standingOf(item, parts)) });
      }
      const count = (status: string): number => lines.filter((line) => line.status === status).length;
      lists.push({ list, title, done: count('done'), open: count('open'), expired: count('expired'), lines });
    }
    const triggers = judgeTriggers(checklists.triggers ?? [], figures, await parts.facts.find('validated'));
    return { plan: plan.name, env: environment.name, at: at.toISOString(), lists, triggers };
  }
}

/** What items are judged by, as it stands at an instant. */
export async function standingParts(
  plan: PlanOutline,
  parts: Omit<ChecklistParts, 'plans' | 'journalTable'>,
  now: Date,
): Promise<StandingParts> {
  const provenBefore = async (name: string) => {
    const { plans, evidenceBefore } = await parts.all();
    return evidenceBefore?.(planNamed({ plans }, name));
  };
  const facts = new JournalFacts(plan, {
    ...parts,
    provenBefore,
    planVersion: async (name) => (await parts.all()).planVersion(name),
  });
  const said: readonly SignOff[] = await parts.journal.attestations(plan.name, 'checklist');
  return { facts, signOffs: signOffsInForce(said), figures: undefined, now };
}
