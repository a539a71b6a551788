import type { StoredItem } from '../domain/storage/stored-value.js';
import type { MigrationPlan } from '../migrations/contract/migration-plan.js';

/** Literal table name → its rows, attributes in the document's names. */
export type TableRows = Readonly<Record<string, readonly StoredItem[]>>;

/** A plan and the rows on which it is tried. */
export interface ConformanceSubject {
  /**
   * Makes the plan anew for every process of a trial, so that what a step keeps in itself is gone with its process, as it
   * is in production.
   */
  readonly plan: () => MigrationPlan;
  /**
   * What stands in the tables before the first run: source and look-up rows, and rows of the application's own in target
   * tables. A record of every kind that the plan tells apart, and a few dozen of them in all, show more than thousands.
   */
  readonly tables: TableRows;
  /**
   * The tables as they stand some time later: records changed, added, removed, look-ups changed. Without it the plan is
   * never seen to replace a row. A change after which a record asks for fewer rows than before is none for a trial: the
   * engine removes no row in a run, validation tells of it.
   */
  readonly change?: (tables: TableRows) => TableRows;
  /** `full` kills at every point, `quick` at about 150; omitted: `quick` */
  readonly thoroughness?: 'quick' | 'full';
  /** told what a case has done, e.g. how many kill points it hit */
  readonly tell?: (line: string) => void;
}
