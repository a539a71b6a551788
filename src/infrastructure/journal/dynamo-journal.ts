import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Attestation, Gate } from '../../runner/ports/attestation.js';
import type {
  EntryKind,
  Journal,
  JournalEntry,
  RunRecord,
  SegmentCheckpoint,
  StepRecord,
  StepState,
} from '../../runner/ports/journal.js';
import type { Fence } from '../../runner/ports/lease.js';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import type { RetryPolicy } from '../dynamodb/retry-budget.js';
import { fromCheckpointItem, toCheckpointItem } from './checkpoint.mapper.js';
import { EntryPruner } from './entry-pruner.js';
import { EntryReader } from './entry-reader.js';
import { EntryWriter } from './entry-writer.js';
import { FencedWrites } from './fenced-writes.js';
import { JournalFormatItem } from './journal-format-item.js';
import {
  attestationKey,
  attestationPrefix,
  CHECKPOINT_SHARDS,
  checkpointPartition,
  planPartition,
  runPartition,
  STATE_PREFIX,
  stateKey,
  STEP_PREFIX,
  stepKey,
} from './journal-layout.js';
import type { JournalItem, JournalWrites } from './journal-table.js';
import { JournalTable } from './journal-table.js';
import { recordItem, recordOf } from './record-item.js';
import { RunList } from './run-list.js';

/**
 * The journal in the target store (ADR 0006). One writer per run is presumed: the lease sees to that.
 *
 * Everything throws RefusedError `JOURNAL_FORMAT` where the table is of another format and `JOURNAL_DAMAGED` where
 * it contradicts itself, StoreError where the store fails.
 */
export class DynamoJournal implements Journal {
  readonly #table: JournalTable;
  readonly #writes: JournalWrites;
  readonly #format: JournalFormatItem;
  readonly #runs: RunList;
  readonly #reader: EntryReader;
  readonly #fenced: (fence: Fence) => Journal;

  /**
   * `table` is the physical name of {@link JOURNAL_TABLE} in this environment; `fence` is that of {@link fencedBy},
   * undefined: nothing is fenced.
   */
  constructor(client: DynamoDBClient, table: string, retries?: RetryPolicy, fence?: Fence) {
    this.#table = new JournalTable(client, table, retries);
    this.#writes =
      fence === undefined ? this.#table : new FencedWrites(new DynamoRequests(client, retries), table, fence);
    this.#format = new JournalFormatItem(this.#table);
    this.#runs = new RunList(this.#table, this.#writes);
    this.#reader = new EntryReader(this.#table);
    this.#fenced = (other) => new DynamoJournal(client, table, retries, other);
  }

  async saveRun(run: RunRecord): Promise<void> {
    await this.#format.beforeWriting();
    await this.#runs.save(run);
  }

  async run(run: string): Promise<RunRecord | undefined> {
    await this.#format.beforeReading();
    return this.#runs.run(run);
  }

  async runs(plan: string, limit: number): Promise<RunRecord[]> {
    await this.#format.beforeReading();
    return this.#runs.runs(plan, limit);
  }

  async saveStep(step: StepRecord): Promise<void> {
    await this.#put(recordItem(stepKey(step.run, step.step), step));
  }

  async steps(run: string): Promise<StepRecord[]> {
    return (await this.#items(runPartition(run), STEP_PREFIX)).map((item) => recordOf(item) as StepRecord);
  }

  async saveState(state: StepState): Promise<void> {
    await this.#put(recordItem(stateKey(state.plan, state.step), state));
  }

  async states(plan: string): Promise<StepState[]> {
    return (await this.#items(planPartition(plan), STATE_PREFIX)).map((item) => recordOf(item) as StepState);
  }

  async saveCheckpoint(checkpoint: SegmentCheckpoint): Promise<void> {
    await this.#put(await toCheckpointItem(checkpoint));
  }

  async checkpoints(run: string, step: string): Promise<SegmentCheckpoint[]> {
    const shards = Array.from({ length: CHECKPOINT_SHARDS }, (_, shard) =>
      this.#items(checkpointPartition(run, step, shard)),
    );
    const items = (await Promise.all(shards)).flat();
    const checkpoints = await Promise.all(items.map(fromCheckpointItem));
    return checkpoints.sort((a, b) => a.segment - b.segment);
  }

  async append(run: string, entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#format.beforeWriting();
    await new EntryWriter(this.#table, this.#writes).append(run, entries);
  }

  async prune(
    run: string,
    step: string,
    kind: EntryKind,
    keep: (entry: JournalEntry) => boolean,
  ): Promise<number> {
    await this.#format.beforeWriting();
    return new EntryPruner(this.#table, this.#writes).prune({ run, step, kind }, keep);
  }

  async *entries(
    run: string,
    step: string,
    kind: EntryKind,
    options: { readonly images?: boolean } = {},
  ): AsyncIterable<JournalEntry> {
    await this.#format.beforeReading();
    yield* this.#reader.entries({ run, step, kind }, options.images === true);
  }

  async entry(run: string, step: string, kind: EntryKind, source: string): Promise<JournalEntry | undefined> {
    await this.#format.beforeReading();
    return this.#reader.entry({ run, step, kind }, source);
  }

  async attest(plan: string, attestation: Attestation): Promise<void> {
    await this.#put(recordItem(attestationKey(plan, attestation), attestation));
  }

  async attestations<G extends Gate>(plan: string, gate: G): Promise<Extract<Attestation, { gate: G }>[]> {
    const oldestFirst = await this.#items(planPartition(plan), attestationPrefix(gate));
    return oldestFirst.map((item) => recordOf(item) as Extract<Attestation, { gate: G }>).reverse();
  }

  /** The same table, written in transactions that check the lease, one at a time. */
  fencedBy(fence: Fence): Journal {
    return this.#fenced(fence);
  }

  async #put(item: JournalItem): Promise<void> {
    await this.#format.beforeWriting();
    await this.#writes.put(item);
  }

  async #items(pk: string, prefix?: string): Promise<JournalItem[]> {
    await this.#format.beforeReading();
    const items: JournalItem[] = [];
    for await (const item of this.#table.query({ pk, ...(prefix !== undefined && { prefix }) })) {
      items.push(item);
    }
    return items;
  }
}
