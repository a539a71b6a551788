import type { AccessReader } from '../../migrations/contract/access-pattern.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { Fence } from './lease.js';
import type { RateLimits, StoreRates } from './rates.js';
import type { RecordSink } from './record-sink.js';

/** A plan's tables, opened for a run. */
export interface OpenStore {
  readonly reader: RecordReader;
  readonly sink: RecordSink;
  /** the tables as they stand in the store, whatever `reader` overlays; absent: access patterns can't be tried */
  readonly access?: AccessReader;
  /** Changes the limits given while it is in use. Absent: this store has none. */
  tune?(limits: RateLimits): void;
  close(): Promise<void>;
}

/**
 * - `live` permits what the roles of the plan's tables permit;
 * - `dry` permits nothing and keeps writes in an overlay (invariant 3);
 * - `rollback` permits conditional deletes of rows in target tables and in look-up tables that take inserts, and the
 *   insert-if-absent by which a row is put back that somebody extended in the very moment of its removal.
 */
export type StoreAccess = 'live' | 'dry' | 'rollback';

export interface StoreOptions {
  /** requests in flight at most, scans aside; how many serve the throughput is found out */
  readonly concurrency: number;
  /** undefined: no limits */
  readonly rates?: StoreRates;
  /** every write is checked against it, below the client's retries; required for all but `dry` */
  readonly fence?: Fence;
  /** ms that one attempt may take; undefined: the client's own */
  readonly requestTimeout?: number;
}

/** Opens tables so that the client itself enforces what may be written. */
export type OpenStoreFor = (access: StoreAccess, options: StoreOptions) => OpenStore;
