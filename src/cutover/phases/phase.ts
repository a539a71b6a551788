/**
 * Where a plan stands in an environment (P-10, E-19): `reading` moves a growing share of the reads to the new model.
 * Each but `reading` stands for itself; `reading` has a share of 1 to 100 percent.
 */
export const PHASES = [
  'legacy',
  'dual-write',
  'backfilled',
  'verified',
  'reading',
  'new-only',
  'archived',
] as const;
export type PhaseName = (typeof PHASES)[number];

export interface Phase {
  readonly name: PhaseName;
  /** whole percent of the reads that the new model answers; of `reading` 1 to 100, else 0 or 100 */
  readonly share: number;
}

/** To which models a change of the application goes; `both` is a dual write. */
export type WriteMode = 'legacy' | 'both' | 'new';

/** What the application does in a phase. */
export interface Conduct {
  readonly writes: WriteMode;
  /** the model that is right where the two differ; with `both` it is written first */
  readonly truth: 'legacy' | 'new';
  /** whole percent of the reads that the new model answers */
  readonly share: number;
}
