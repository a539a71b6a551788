import type { TableDefinition } from '../../migrations/contract/table.js';
import type { EntryKind, JournalEntry } from '../../runner/ports/journal.js';
import { entryKey, KEY_SEPARATOR, keyDigest } from './entry-key.js';

/** The journal's table, one per environment, made together with a plan's target tables (ADR 0006). */
export const JOURNAL_TABLE: TableDefinition = {
  name: 'waybill-journal',
  role: 'target',
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [],
};

/** Over how many partitions the entries of a step and kind are spread. Part of the format: never change it alone. */
export const ENTRY_SHARDS = 8;

export interface JournalKey {
  readonly pk: string;
  readonly sk: string;
}

/** The item that says of which format the table is. */
export const FORMAT_KEY: JournalKey = { pk: 'JOURNAL', sk: 'FORMAT' };

export const RUN_PREFIX = 'RUN#';
export const STEP_PREFIX = 'STEP#';
export const STATE_PREFIX = 'STATE#';

/** All that is kept of a run but its entries. */
export function runPartition(run: string): string {
  return `RUN#${encodeURIComponent(run)}`;
}

/** All that is kept of a plan in this environment. */
export function planPartition(plan: string): string {
  return `PLAN#${encodeURIComponent(plan)}`;
}

export function runKey(run: string): JournalKey {
  return { pk: runPartition(run), sk: 'RUN' };
}

export function stepKey(run: string, step: string): JournalKey {
  return { pk: runPartition(run), sk: STEP_PREFIX + encodeURIComponent(step) };
}

/** Lists a run under its plan; run ids sort by time. */
export function planRunKey(plan: string, run: string): JournalKey {
  return { pk: planPartition(plan), sk: RUN_PREFIX + encodeURIComponent(run) };
}

export function stateKey(plan: string, step: string): JournalKey {
  return { pk: planPartition(plan), sk: STATE_PREFIX + encodeURIComponent(step) };
}

/** Where the entries are listed from: one of {@link ENTRY_SHARDS} partitions. */
export function entryPartition(run: string, step: string, kind: EntryKind, shard: number): string {
  return `ENTRY#${[run, step, kind].map(encodeURIComponent).join('#')}#${shard}`;
}

export function entryShard(source: string): number {
  return Number.parseInt(keyDigest([source], 8), 16) % ENTRY_SHARDS;
}

export function entryItemKey(run: string, entry: JournalEntry): JournalKey {
  return {
    pk: entryPartition(run, entry.step, entry.kind, entryShard(entry.source)),
    sk: entryKey(entry),
  };
}

/**
 * One part of an image, in a partition of its own, so that listings pass it by. Parts are named by their content:
 * those of a new image never mix with those that an older head still points to.
 */
export function imagePartKey(head: JournalKey, digest: string, index: number): JournalKey {
  return {
    pk: head.pk.replace(/^ENTRY#/, 'IMAGE#'),
    sk: [head.sk, digest, String(index).padStart(4, '0')].join(KEY_SEPARATOR),
  };
}
