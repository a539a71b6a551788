import type { IndexDefinition, TableDefinition } from '../../migrations/contract/table.js';

/** Capacity units a second. */
export interface TableCapacity {
  readonly read: number;
  readonly write: number;
}

/** A table as the store describes it. `status` is the store's word (`ACTIVE`, `CREATING`, …). */
export interface TableDescription {
  readonly name: string;
  readonly physicalName: string;
  readonly status: string;
  /** the store's own count, an estimate only (on AWS it lags by hours); undefined where it tells none */
  readonly itemCount?: number;
  /** the store's own sum, as late as its count; undefined where it tells none */
  readonly bytes?: number;
  /** attribute name → type letter */
  readonly keyTypes: ReadonlyMap<string, string>;
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** what it is known to take without growing first; undefined where the store tells nothing */
  readonly capacity?: TableCapacity;
  readonly indexes: readonly (IndexDefinition & {
    readonly status: string;
    readonly projection: string;
    readonly capacity?: TableCapacity;
  })[];
}

/** Creates and describes tables, by literal name. Throws `StoreError`. */
export interface TableAdmin {
  physicalName(table: string): string;
  /** undefined where there is no such table */
  describe(table: string): Promise<TableDescription | undefined>;
  /** Whether point-in-time recovery is on; undefined where the store does not know such a thing. */
  pointInTimeRecovery(table: string): Promise<boolean | undefined>;
  /** Creates the table (on-demand; deletion protection where the environment asks) and waits until it and its indexes are ACTIVE. */
  create(definition: TableDefinition): Promise<void>;
}
