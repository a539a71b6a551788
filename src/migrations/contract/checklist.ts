/**
 * Lists of what has to be so before and after a migration, in a plan's own words. Some of it can be read from the journal,
 * some can be computed from figures that somebody gives, and the rest only a person can know: the kind of an item says which,
 * and no kind is ever shown as another (A-39, E-X36).
 */

/** What the journal answers. Facts that it has nothing on are told as not measured, never as given. */
export const JOURNAL_FACTS = [
  /** a verified backup of every source and target table, no older than the environment allows */
  'backup-verified',
  /** the newest dry run that this machine knows of is complete */
  'dry-run-passed',
  /** the plan, as it is, has passed in the environment before this one */
  'passed-before',
  /** every step stands validated by complete runs, and nothing is set aside that nobody accepted */
  'migrated',
  /** the newest validation of every step found nothing */
  'validated',
  /** no record of the newest runs is set aside that nobody accepted */
  'nothing-open',
  /** the newest rollback, dry or not, is complete */
  'rollback-rehearsed',
] as const;
export type JournalFact = (typeof JOURNAL_FACTS)[number];

/** What figures of the live system tell; changes are in percent of what was before. */
export const MEASURES = [
  ...(['errorRate', 'dualWriteSuccess', 'uptime'] as const),
  ...(['averageMs', 'p50Ms', 'p99Ms', 'averageChange', 'p50Change', 'p99Change'] as const),
  ...(['inconsistencies', 'corruptedRecords', 'failingFunctions'] as const),
] as const;
export type Measure = (typeof MEASURES)[number];

/** A condition on a figure: percent for rates and changes, milliseconds for times, else a count. Exact. */
export interface Threshold {
  readonly measure: Measure;
  readonly is: 'above' | 'at least' | 'at most' | 'below';
  /** decimal text */
  readonly limit: string;
}

/** Since when a time runs: since an item of the plan was attested, or since all steps stand validated without a break. */
export type Beginning = { readonly item: string } | 'validated';

/** A time that has to pass first. */
export interface Wait {
  readonly hours: number;
  readonly since: Beginning;
}

/** How it is known whether an item is done. */
export type Answer =
  /** read from the journal */
  | { readonly kind: 'measured'; readonly fact: JournalFact }
  /** computed: the time has passed */
  | { readonly kind: 'elapsed'; readonly wait: Wait }
  /** computed from figures that somebody gives; done while the condition holds */
  | { readonly kind: 'figure'; readonly threshold: Threshold }
  /** said by a person */
  | {
      readonly kind: 'attested';
      /** counts no longer than this; omitted: until it is withdrawn */
      readonly validHours?: number;
      /** can't be said earlier; omitted: any time */
      readonly notBefore?: Wait;
      /** a production run of the plan is refused without it */
      readonly gates?: 'run';
    };

export interface ChecklistItem {
  /** lower-case words with dashes; names the item in commands, and is unique in the plan */
  readonly id: string;
  /** where it comes from, e.g. `E-44` */
  readonly requirement: string;
  readonly text: string;
  /** whose it is, e.g. `QA` */
  readonly who: string;
  readonly answer: Answer;
}

export interface Checklist {
  /** `pre`, `post`, `final` or another word: what `checklist --list` takes */
  readonly list: string;
  /** a production environment gets to this phase of the cutover only when all of its items are done; omitted: no matter */
  readonly gates?: 'dual-write' | 'reading' | 'new-only' | 'archived';
  readonly title: string;
  readonly items: readonly ChecklistItem[];
}

/** What calls for a rollback when it is so: a figure beyond its limit, or a step whose newest validation failed. */
export interface Trigger {
  readonly id: string;
  readonly requirement: string;
  readonly text: string;
  readonly when: Threshold | 'validation-failed';
}

export interface PlanChecklists {
  readonly lists: readonly Checklist[];
  /** omitted: the plan's document names none */
  readonly triggers?: readonly Trigger[];
}
