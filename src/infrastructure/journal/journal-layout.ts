import type { TableDefinition } from '../../migrations/contract/table.js';
import type { Attestation, Gate } from '../../runner/ports/attestation.js';
import type { EntryKind, JournalEntry } from '../../runner/ports/journal.js';
import { entryKey, KEY_SEPARATOR, keyDigest, sourceKey } from './entry-key.js';

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

/** Over how many partitions the checkpoints of a step are spread. Part of the format as well. */
export const CHECKPOINT_SHARDS = 8;

/** DynamoDB has at most a million segments. */
const SEGMENT_DIGITS = 6;

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

/** Who may write for a plan: `token` (N) is what fenced writes are conditional on (ADR 0006). */
export function leaseKey(plan: string): JournalKey {
  return { pk: planPartition(plan), sk: 'LEASE' };
}

/** The lease's heartbeat: an item of its own, so that it never conflicts with the fenced writes' check of the lease. */
export function leaseBeatKey(plan: string): JournalKey {
  return { pk: planPartition(plan), sk: 'LEASE-BEAT' };
}

/** Where the plan stands between its two models: `version` (N) is what changes are conditional on. */
export function phaseKey(plan: string): JournalKey {
  return { pk: planPartition(plan), sk: 'PHASE' };
}

export const PHASE_CHANGE_PREFIX = 'PHASE#';

/** One change of the phase, in the order in which they were made. */
export function phaseChangeKey(plan: string, version: number): JournalKey {
  return { pk: planPartition(plan), sk: PHASE_CHANGE_PREFIX + String(version).padStart(10, '0') };
}

/** One of {@link CHECKPOINT_SHARDS} partitions. */
export function checkpointPartition(run: string, step: string, shard: number): string {
  return `SEGMENT#${encodeURIComponent(run)}#${encodeURIComponent(step)}#${shard}`;
}

export function checkpointKey(run: string, step: string, segment: number): JournalKey {
  return {
    pk: checkpointPartition(run, step, segment % CHECKPOINT_SHARDS),
    sk: String(segment).padStart(SEGMENT_DIGITS, '0'),
  };
}

export function attestationPrefix(gate: Gate): string {
  return `ATTESTATION#${gate}#`;
}

/**
 * In order of time within a gate. The digest of the content tells two of one instant apart, and makes one that is
 * written again, after an answer that got lost, the same one.
 */
export function attestationKey(plan: string, attestation: Attestation): JournalKey {
  const { gate, at } = attestation;
  const digest = keyDigest([JSON.stringify(attestation)], 24);
  return { pk: planPartition(plan), sk: `${attestationPrefix(gate)}${encodeURIComponent(at)}#${digest}` };
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

/** Over how many partitions what dual writes note is spread. Part of the format: never change it alone. */
export const DUAL_WRITE_SHARDS = 8;
export const DISCREPANCY_PREFIX = 'OPEN#';
export const TOMBSTONE_PREFIX = 'GONE#';

export function dualWritePartition(plan: string, shard: number): string {
  return `DUAL#${encodeURIComponent(plan)}#${shard}`;
}

/** What is open at a record: `version` (S) is what changes are conditional on. */
export function discrepancyKey(plan: string, source: string): JournalKey {
  return dualWriteKey(plan, source, DISCREPANCY_PREFIX);
}

/** That a record was removed, and when. */
export function tombstoneKey(plan: string, source: string): JournalKey {
  return dualWriteKey(plan, source, TOMBSTONE_PREFIX);
}

function dualWriteKey(plan: string, source: string, prefix: string): JournalKey {
  const shard = Number.parseInt(keyDigest([source], 8), 16) % DUAL_WRITE_SHARDS;
  return { pk: dualWritePartition(plan, shard), sk: prefix + sourceKey(source) };
}
