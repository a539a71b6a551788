import type { Answer, ChecklistItem, JournalFact, Threshold, Wait } from './checklist.js';

/** Items of a checklist by how they are answered; `of` is where it comes from and whose it is, e.g. `E-44 DevOps`. */

export function measured(id: string, of: string, text: string, fact: JournalFact): ChecklistItem {
  return item(id, of, text, { kind: 'measured', fact });
}

export function elapsed(id: string, of: string, text: string, wait: Wait): ChecklistItem {
  return item(id, of, text, { kind: 'elapsed', wait });
}

export function figure(id: string, of: string, text: string, threshold: Threshold): ChecklistItem {
  return item(id, of, text, { kind: 'figure', threshold });
}

/** `limits` as in {@link Answer}; omitted: any time, until it is withdrawn, and nothing is refused without it. */
export function attested(
  id: string,
  of: string,
  text: string,
  limits: Omit<Extract<Answer, { kind: 'attested' }>, 'kind'> = {},
): ChecklistItem {
  return item(id, of, text, { kind: 'attested', ...limits });
}

function item(id: string, of: string, text: string, answer: Answer): ChecklistItem {
  const [requirement = '', ...who] = of.split(' ');
  return { id, requirement, text, who: who.join(' '), answer };
}
