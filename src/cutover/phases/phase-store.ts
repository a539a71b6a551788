import type { Writing } from './conduct.js';
import type { Phase } from './phase.js';

/** One step of a cutover, kept for good. */
export interface PhaseChange {
  readonly from: Phase;
  readonly to: Phase;
  readonly by: string;
  readonly why: string;
  /** ISO instant, later than that of every change before it */
  readonly at: string;
}

/** Where a plan stands in an environment. */
export interface PhaseRecord {
  readonly plan: string;
  readonly phase: Phase;
  /** number of changes until now; 0: the cutover has not begun */
  readonly version: number;
  /** the change that led here; absent: version 0 */
  readonly last?: PhaseChange;
  /** another way to write that may still be in effect in some process, and until when (ISO instant) */
  readonly settling?: Writing & { readonly until: string };
}

/** What an application's process needs. Reads are strongly consistent. */
export interface PhaseReader {
  /** of a plan that never changed its phase: `legacy`, version 0. Throws where the store does not answer. */
  read(plan: string): Promise<PhaseRecord>;
}

export interface PhaseStore extends PhaseReader {
  /**
   * Replaces the record of version `next.version - 1` by `next` and keeps `next.last`, both or neither. Throws
   * RefusedError `PHASE_CHANGED` where somebody else was faster.
   */
  change(next: PhaseRecord): Promise<void>;
  /** every change, oldest first */
  history(plan: string): Promise<PhaseChange[]>;
}

/** Where every plan begins. */
export function beginning(plan: string): PhaseRecord {
  return { plan, phase: { name: 'legacy', share: 0 }, version: 0 };
}
