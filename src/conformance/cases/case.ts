import type { Bench } from '../bench.js';
import type { Verdict } from '../verdict.js';

/** One thing that a plan must stand. */
export interface Case {
  readonly id: string;
  /** a sentence about the plan */
  readonly name: string;
  /** whether it says anything only where the subject has a `change` */
  readonly needsChange?: boolean;
  judge(bench: Bench): Promise<Verdict>;
}
