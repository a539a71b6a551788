import type { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { RecordSink } from '../../../src/runner/ports/record-sink.js';
import { textOf } from '../../../src/domain/storage/stored-value.js';
import type { Surroundings } from './kpi-trial.js';

type StoreAround = NonNullable<Surroundings['store']>;
type Rows = Parameters<RecordSink['insert']>[0];

const inserting =
  (insert: (rows: Rows, store: MemoryStore) => ReturnType<RecordSink['insert']>): StoreAround =>
  (store) => ({
    reader: store,
    sink: Object.assign(Object.create(store) as MemoryStore, { insert: (rows: Rows) => insert(rows, store) }),
  });

/** A store, and what happens before each batch of rows that it is sent. */
export const beforeInserts = (act: (rows: Rows) => unknown): StoreAround =>
  inserting(async (rows, store) => {
    await act(rows);
    return store.insert(rows);
  });

/** A store that stops somebody when rows for this table come, and takes them all the same. */
export const stoppingAt = (table: string, controller: AbortController): StoreAround =>
  beforeInserts((rows) => {
    if (rows.some((row) => row.table === table)) controller.abort();
  });

/** A store that acknowledges the rows with these ids and loses them. */
export const losing = (...ids: readonly string[]): StoreAround =>
  inserting(async (rows, store) => {
    await store.insert(rows.filter(({ item }) => !ids.includes(textOf(item['id']) ?? '')));
    return rows.map(() => ({ kind: 'inserted' as const }));
  });
