import type { ChecklistItem, Wait } from '../../migrations/contract/checklist.js';
import type { SignOff } from '../ports/attestation.js';
import type { FactFound, JournalFacts } from './journal-facts.js';
import { isExpired } from './sign-offs.js';
import type { Figures } from './figures.js';
import type { AttestedItem } from './plan-items.js';
import { judge } from './thresholds.js';

export interface ItemStanding {
  readonly status: 'done' | 'open' | 'expired';
  /** how that is known; an answer of one kind is never told as one of another */
  readonly basis: 'measured' | 'given' | 'attested' | 'not measured' | 'not attested';
  readonly evidence: string;
  /** ISO instant of the evidence */
  readonly at?: string;
  readonly run?: string;
  readonly by?: string;
  readonly note?: string;
  readonly until?: string;
}

export interface StandingParts {
  readonly facts: Pick<JournalFacts, 'find' | 'validatedSince'>;
  /** those in force */
  readonly signOffs: ReadonlyMap<string, SignOff>;
  readonly figures: Figures | undefined;
  readonly now: Date;
}

const HOUR_MS = 3_600_000;

/** How an item stands now. */
export async function standingOf(item: ChecklistItem, parts: StandingParts): Promise<ItemStanding> {
  const { answer } = item;
  switch (answer.kind) {
    case 'measured':
      return ofFact(await parts.facts.find(answer.fact));
    case 'elapsed':
      return ofWait(answer.wait, parts);
    case 'figure': {
      const { holds, ...judgement } = judge(answer.threshold, parts.figures);
      return {
        status: holds === true ? 'done' : 'open',
        basis: holds === undefined ? 'not measured' : 'given',
        ...judgement,
      };
    }
    case 'attested':
      return attested({ ...item, answer }, parts);
  }
}

/** From when on something may be: `undefined` while what it waits for has not begun. */
export async function endOfWait({ hours, since }: Wait, parts: StandingParts): Promise<Date | undefined> {
  const beginning = await beginningOf(since, parts);
  return beginning === undefined ? undefined : new Date(Date.parse(beginning) + hours * HOUR_MS);
}

/** What a wait waits for, in words. */
export function waitWords({ hours, since }: Wait): string {
  return `${hours} h since ${since === 'validated' ? 'every step stands validated' : since.item}`;
}

function ofFact({ holds, expired = false, ...found }: FactFound): ItemStanding {
  if (holds === undefined) return { status: 'open', basis: 'not measured', ...found };
  return { status: holds ? 'done' : expired ? 'expired' : 'open', basis: 'measured', ...found };
}

async function ofWait(wait: Wait, parts: StandingParts): Promise<ItemStanding> {
  const end = await endOfWait(wait, parts);
  if (end === undefined)
    return { status: 'open', basis: 'not measured', evidence: `${waitWords(wait)}: not begun` };
  // the clock is ours, and where it begins with a person's word, all of it is no better than that
  const basis = wait.since === 'validated' ? 'measured' : 'attested';
  const over = parts.now.getTime() >= end.getTime();
  const evidence = `${waitWords(wait)} ${over ? 'were over' : 'are over'} at ${end.toISOString()}`;
  return { status: over ? 'done' : 'open', basis, evidence, at: end.toISOString() };
}

async function attested(item: AttestedItem, parts: StandingParts): Promise<ItemStanding> {
  const signOff = parts.signOffs.get(item.id);
  if (signOff === undefined)
    return { status: 'open', basis: 'not attested', evidence: 'nobody has attested it' };
  const { at, by, note, until } = signOff;
  const said = {
    ...{ basis: 'attested' as const, at, by },
    ...(note === undefined ? {} : { note }),
    ...(until === undefined ? {} : { until }),
  };
  const early = await earliness(item, at, parts);
  if (early !== undefined)
    return { status: 'open', ...said, evidence: `attested by ${by} too early: ${early}` };
  if (isExpired(signOff, parts.now))
    return { status: 'expired', ...said, evidence: `attested by ${by}, counted until ${until ?? ''}` };
  return { status: 'done', ...said, evidence: `attested by ${by}` };
}

/** Why an item could not be attested at an instant; undefined where it could. */
export async function earliness(
  { answer: { notBefore } }: AttestedItem,
  at: string,
  parts: StandingParts,
): Promise<string | undefined> {
  if (notBefore === undefined) return undefined;
  const end = await endOfWait(notBefore, parts);
  if (end === undefined) return `${waitWords(notBefore)} have not begun`;
  if (Date.parse(at) >= end.getTime()) return undefined;
  return `${waitWords(notBefore)} are over at ${end.toISOString()}`;
}

/** An attestation that has expired still tells when something began. */
async function beginningOf(since: Wait['since'], parts: StandingParts): Promise<string | undefined> {
  if (since === 'validated') return parts.facts.validatedSince();
  return parts.signOffs.get(since.item)?.at;
}
