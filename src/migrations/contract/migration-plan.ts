import type { IMigrationStep } from './migration-step.js';
import type { TableDefinition } from './table.js';

/** A named migration. The order of its steps is this list, never the container's (ADR 0003). */
export interface MigrationPlan {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly IMigrationStep[];
  readonly tables: readonly TableDefinition[];
  /** reason code → the flag of `run` that accepts it, e.g. `KPI_UNLINKED` → `allow-unlinked` */
  readonly acceptable: ReadonlyMap<string, string>;
}
