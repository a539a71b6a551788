import type { AttestResult, ChecklistLine, ChecklistResult } from '../application.js';
import { signOffWords } from './attested.js';
import { terminalSafe } from './escape.js';
import { nextCommand } from './next-command.js';

const MARKS = { done: '[x]', open: '[ ]', expired: '[!]' } as const;

/** The lists for a person: a line for each item, under it how that is known, and what to type for what is open. */
export function checklistText(result: ChecklistResult): string {
  const { plan, env, at, lists } = result;
  const blocks = [
    [terminalSafe(`Checklists of plan ${plan}, environment ${env}, at ${at}`)],
    ...lists.map((list) => [
      terminalSafe(
        `${list.title} (${list.list}): ${list.done} done, ${list.open} open, ${list.expired} expired`,
      ),
      ...list.lines.flatMap((line) => itemLines(line)),
    ]),
    triggerLines(result),
    nextLines(result),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function itemLines(line: ChecklistLine): string[] {
  const demanded = line.gates === undefined ? '' : ', a production run is refused without it';
  return [
    `  ${MARKS[line.status]} ${line.id}  ${line.requirement}  ${line.text} (${line.who}${demanded})`,
    `      ${line.status}, ${line.basis}: ${line.evidence}${whenOf(line)}`,
  ].map(terminalSafe);
}

function whenOf({ at, until, note, basis }: ChecklistLine): string {
  const when = at === undefined || basis === 'given' ? '' : ` (${at})`;
  const end = until === undefined ? '' : `, until ${until}`;
  return `${when}${end}${note === undefined ? '' : `: ${note}`}`;
}

function triggerLines({ triggers }: ChecklistResult): string[] {
  if (triggers.length === 0) return [];
  return [
    'Rollback triggers:',
    ...triggers.map(({ id, requirement, text, fired, basis, evidence }) => {
      const verdict = fired === undefined ? 'not measured' : fired ? 'FIRED' : 'not fired';
      const words = fired === undefined ? verdict : `${verdict}, ${basis}`;
      return terminalSafe(`  ${id}  ${requirement}  ${text}: ${words}: ${evidence}`);
    }),
  ];
}

function nextLines({ lists, plan, env }: ChecklistResult): string[] {
  const lines = lists.flatMap((list) => list.lines);
  const open = lines.find(({ kind, status }) => kind === 'attested' && status !== 'done');
  if (open === undefined) return [];
  return ['Next:', terminalSafe(`  ${nextCommand('attest', { env, plan })} --item ${open.id} --by NAME`)];
}

export function attestText({ plan, env, requirement, text, attestation }: AttestResult): string {
  const { item, withdrawn = false } = attestation;
  return [
    terminalSafe(
      `${withdrawn ? 'Withdrawn' : 'Attested'}: ${item} (${requirement}: ${text}) of the plan ${plan}, environment ${env}, ${signOffWords(attestation)}.`,
    ),
    '',
    'Next:',
    `  ${nextCommand('checklist', { env, plan })}`,
    '',
  ].join('\n');
}
