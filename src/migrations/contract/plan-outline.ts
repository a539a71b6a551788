import type { PlanChecklists } from './checklist.js';
import type { PlanMapping } from './mapping-document.js';
import type { PlanSummary } from './plan-summary.js';
import type { PlanOptions } from './plan-options.js';
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
  /** literal names of tables that are looked at and archived, never migrated; omitted: none */
  readonly archived?: readonly string[];
  /** literal names of tables beside the plan's that no client of it may touch (`analyze` names them); omitted: none told */
  readonly untouched?: readonly string[];
  /** reason code → the flag of `run` that accepts it, e.g. `KPI_UNLINKED` → `allow-unlinked` */
  readonly acceptable: ReadonlyMap<string, string>;
  /** what an environment file may set for it; omitted: nothing */
  readonly options?: () => Promise<PlanOptions>;
  /** what people have to see to; loaded where it is asked for. Omitted: nothing */
  readonly checklists?: () => Promise<PlanChecklists>;
  /** the rules in words, for the mapping document; loaded where it is asked for. Omitted: tables and steps only */
  readonly mapping?: () => Promise<PlanMapping>;
  /** what a run comes to in the plan's own words; loaded for reports. Omitted: nothing beyond the table of steps */
  readonly summary?: () => Promise<PlanSummary>;
}
