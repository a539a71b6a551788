import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RecordSink } from './record-sink.js';

/** A plan's tables, opened for a run. */
export interface OpenStore {
  readonly reader: RecordReader;
  readonly sink: RecordSink;
  close(): Promise<void>;
}

/**
 * Opens tables so that the client itself enforces what may be written: `live` permits what the plan's table roles
 * permit, `dry` permits nothing and keeps writes in an overlay (invariant 3).
 */
export type OpenStoreFor = (access: 'live' | 'dry', concurrency: number) => OpenStore;
