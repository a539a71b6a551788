import { phaseWords } from '../../cutover/phases/conduct.js';
import type { Conduct } from '../../cutover/phases/phase.js';
import type { PhaseChange } from '../../cutover/phases/phase-store.js';
import type { PhaseChangeResult, PhaseView } from '../phase-requests.js';
import { terminalSafe } from './escape.js';
import { confirmation, nextCommand } from './next-command.js';
import { textTable } from './text-table.js';

const WRITES: Readonly<Record<Conduct['writes'], string>> = {
  legacy: 'the legacy model only',
  both: 'both models',
  new: 'the new model only',
};

/** For `--json`: what is absent in the view is null, so that programs find every key. */
export function phaseDocument(view: PhaseView): object {
  const { plan, env, phase, conduct, history } = view;
  const { last = null, settledAt = null, next = null, back = null } = view;
  return { plan, env, phase, conduct, last, settledAt, next, back, history };
}

/** For a person: where it stands, what that means, what the next phase asks for, and how it came to this. */
export function phaseText(view: PhaseView): string {
  const { plan, env, phase, conduct, last, settledAt } = view;
  const since = last === undefined ? 'from the beginning' : `since ${last.at}, by ${last.by}: ${last.why}`;
  return blocks([
    [
      `Phase of the plan ${plan}, environment ${env}: ${phaseWords(phase)}`,
      `  ${since}`,
      ...conductLines(conduct),
      ...(settledAt === undefined ? [] : [`  Acted on by every process from ${settledAt} on`]),
    ].map(terminalSafe),
    nextPhaseLines(view),
    historyLines(view.history),
    typeLines(view),
  ]);
}

export function phaseChangeText(result: PhaseChangeResult): string {
  const { plan, env, phase, conduct, change, settledAt } = result;
  return blocks([
    [
      `Phase of the plan ${plan}, environment ${env}: ${phaseWords(phase)}, until now ${phaseWords(change.from)}`,
      `  since ${change.at}, by ${change.by}: ${change.why}`,
      ...conductLines(conduct),
      `  Every process acts on it from ${settledAt} on`,
    ].map(terminalSafe),
    ['Next:', `  ${nextCommand('phase show', { env, plan })}`],
  ]);
}

function conductLines({ writes, truth, share }: Conduct): string[] {
  const first = writes === 'both' ? `, the ${truth} one first: it is right where they differ` : '';
  const reads =
    share === 0
      ? 'the legacy model'
      : share === 100
        ? 'the new model'
        : `the new model for ${share} % of the ids`;
  return [`  Writes: ${WRITES[writes]}${first}`, `  Reads:  ${reads}`];
}

function nextPhaseLines({ next }: PhaseView): string[] {
  if (next === undefined) return ['This is the last phase.'];
  const gates = next.gates.map(({ gate, met, evidence }) => `  ${met ? '[x]' : '[ ]'} ${gate}: ${evidence}`);
  const asks = gates.length === 0 ? ['  nothing is asked for'] : gates;
  return [`Before ${phaseWords(next.phase)}:`, ...asks].map(terminalSafe);
}

function historyLines(history: readonly PhaseChange[]): string[] {
  if (history.length === 0) return [];
  const columns = [{ title: 'At' }, { title: 'From' }, { title: 'To' }, { title: 'By' }, { title: 'Why' }];
  return textTable(
    columns,
    history.map(({ at, from, to, by, why }) => [at, phaseWords(from), phaseWords(to), by, why]),
  );
}

function typeLines({ plan, env, next, back, confirm }: PhaseView): string[] {
  const target = { env, plan };
  const flags = ` --by NAME --why TEXT${confirmation({ production: confirm })}`;
  const closed = next?.gates.find(({ met }) => !met);
  const on = closed === undefined ? `${nextCommand('phase advance', target)}${flags}` : closed.next;
  const lines = [
    ...(next === undefined || on === undefined ? [] : [`  ${on}`]),
    ...(back === undefined ? [] : [`  ${nextCommand('phase back', target)}${flags}`]),
  ];
  return lines.length === 0 ? [] : ['Next:', ...lines.map(terminalSafe)];
}

function blocks(lines: readonly (readonly string[])[]): string {
  const filled = lines.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${filled.join('\n\n')}\n`;
}
