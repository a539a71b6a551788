import type { Conduct, Phase, PhaseName } from './phase.js';

/** What is done while both models are written and the legacy one is right. */
const BOTH: Conduct = { writes: 'both', truth: 'legacy', share: 0 };
const NEW_ONLY: Conduct = { writes: 'new', truth: 'new', share: 100 };

/**
 * All that an application may do, by phase. There are no flags beside this table, so that reads of a model that is not
 * written (E-X19) can't be asked for. Reads stay with the legacy model until the switch (P-13).
 */
const CONDUCTS: Readonly<Record<Exclude<PhaseName, 'reading'>, Conduct>> = {
  legacy: { writes: 'legacy', truth: 'legacy', share: 0 },
  'dual-write': BOTH,
  backfilled: BOTH,
  verified: BOTH,
  'new-only': NEW_ONLY,
  archived: NEW_ONLY,
};

/** What a phase means. Where all reads come from the new model, it is the one that is right (P-34). */
export function conductOf({ name, share }: Phase): Conduct {
  if (name !== 'reading') return CONDUCTS[name];
  return { writes: 'both', truth: share === 100 ? 'new' : 'legacy', share };
}

/** What of a conduct two processes have to agree on; shares of the reads may differ while both models are written. */
export type Writing = Pick<Conduct, 'writes' | 'truth'>;

export function writingOf(phase: Phase): Writing {
  const { writes, truth } = conductOf(phase);
  return { writes, truth };
}

export function isSameWriting(one: Writing, other: Writing): boolean {
  return one.writes === other.writes && one.truth === other.truth;
}

/** e.g. `dual-write`, `reading 10 %` */
export function phaseWords({ name, share }: Phase): string {
  return name === 'reading' ? `reading ${share} %` : name;
}

/** The phase of this name; of `reading` with its share. */
export function phaseNamed(name: Exclude<PhaseName, 'reading'>): Phase {
  return { name, share: CONDUCTS[name].share };
}
