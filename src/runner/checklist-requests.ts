import type { PlanMapping } from '../migrations/contract/mapping-document.js';
import type { StepOutline } from '../migrations/contract/plan-outline.js';
import type { TableDefinition } from '../migrations/contract/table.js';
import type { PlanRequest, RunReport } from './application.js';
import type { ItemStanding } from './checklists/item-standing.js';
import type { TriggerVerdict } from './checklists/thresholds.js';
import type { SignOff } from './ports/attestation.js';
import type { Counters, RunRecord } from './ports/journal.js';

export interface ChecklistRequest extends PlanRequest {
  /** undefined: all */
  readonly lists?: readonly string[];
  /** text of a file of figures; undefined: none are given */
  readonly figures?: string;
}

export interface ChecklistLine extends ItemStanding {
  readonly id: string;
  readonly requirement: string;
  readonly text: string;
  readonly who: string;
  readonly kind: 'measured' | 'elapsed' | 'figure' | 'attested';
  /** a production run is refused without it */
  readonly gates?: 'run';
}

export interface ChecklistResult {
  readonly plan: string;
  readonly env: string;
  /** ISO instant for which all this holds */
  readonly at: string;
  readonly lists: readonly {
    readonly list: string;
    readonly title: string;
    readonly done: number;
    readonly open: number;
    readonly expired: number;
    readonly lines: readonly ChecklistLine[];
  }[];
  /** what would call for a rollback */
  readonly triggers: readonly TriggerVerdict[];
}

export interface AttestRequest extends PlanRequest {
  /** id of an item of the plan's checklists */
  readonly item: string;
  readonly by: string;
  readonly note?: string;
  /** ISO instant from which on it counts no more; at most one of the two */
  readonly until?: string;
  readonly validHours?: number;
  /** takes back what was said before */
  readonly withdraw: boolean;
}

export interface AttestResult {
  readonly plan: string;
  readonly env: string;
  readonly requirement: string;
  readonly text: string;
  readonly attestation: SignOff;
}

/** A rollback with the runs whose rows it went for. */
export interface Incident {
  readonly report: RunReport;
  /** of each step of the rollback the newest run before it that had migrated the step */
  readonly migrations: readonly {
    readonly step: string;
    readonly run: RunRecord;
    readonly counters: Counters;
    readonly reasons: Readonly<Record<string, number>>;
  }[];
}

export interface MappingDocument {
  readonly plan: string;
  readonly title: string;
  readonly env: string;
  readonly tables: readonly (TableDefinition & { readonly physicalName: string })[];
  readonly steps: readonly StepOutline[];
  /** flags of `run` and the reasons that they accept */
  readonly accept: readonly { readonly reason: string; readonly flag: string }[];
  /** attribute names that this environment's file changes: literal table → name of ours → name there */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** absent: the plan declares no rules in words */
  readonly mapping?: PlanMapping;
}
