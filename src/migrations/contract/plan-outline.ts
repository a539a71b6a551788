import type { TableDefinition } from './table.js';

/** What a step is called. */
export interface StepOutline {
  readonly name: string;
  /** one line for `plans` and reports */
  readonly title: string;
  /** the phase of the plan's document that this step is, as the progress comment names it */
  readonly phase: { readonly number: number; readonly title: string };
}

/**
 * A plan without what carries it out: plain data, so that commands that only tell of it load no step, no mapper and no
 * container. Its steps take their names from here.
 */
export interface PlanOutline {
  readonly name: string;
  readonly title: string;
  /** in the order in which they run (ADR 0003) */
  readonly steps: readonly StepOutline[];
  readonly tables: readonly TableDefinition[];
  /** reason code → the flag of `run` that accepts it, e.g. `KPI_UNLINKED` → `allow-unlinked` */
  readonly acceptable: ReadonlyMap<string, string>;
}
