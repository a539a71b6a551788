import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RetryPolicy } from '../dynamodb/retry-budget.js';
import type {
  EntryKind,
  Journal,
  JournalEntry,
  RunRecord,
  StepRecord,
  StepState,
} from '../../runner/ports/journal.js';
import { EntryReader } from './entry-reader.js';
import { EntryWriter } from './entry-writer.js';
import { JOURNAL_FORMAT } from './journal-format.js';
import { JournalFormatItem } from './journal-format-item.js';
import type { JournalKey } from './journal-layout.js';
import {
  planPartition,
  planRunKey,
  RUN_PREFIX,
  runKey,
  runPartition,
  STATE_PREFIX,
  stateKey,
  STEP_PREFIX,
  stepKey,
} from './journal-layout.js';
import { fromRecordAttribute, toRecordAttribute } from './journal-record.mapper.js';
import type { JournalItem } from './journal-table.js';
import { JournalTable, keyItem } from './journal-table.js';

const RUNS_PER_PAGE = 100;

/**
 * The journal in the target store (ADR 0006). One writer per run is presumed: the lease sees to that.
 *
 * Everything throws RefusedError `JOURNAL_FORMAT` where the table is of another format and `JOURNAL_DAMAGED` where
 * it contradicts itself, StoreError where the store fails.
 */
export class DynamoJournal implements Journal {
  readonly #table: JournalTable;
  readonly #writer: EntryWriter;
  readonly #reader: EntryReader;
  readonly #format: JournalFormatItem;

  /** `table` is the physical name of {@link JOURNAL_TABLE} in this environment. */
  constructor(client: DynamoDBClient, table: string, retries?: RetryPolicy) {
    this.#table = new JournalTable(client, table, retries);
    this.#writer = new EntryWriter(this.#table);
    this.#reader = new EntryReader(this.#table);
    this.#format = new JournalFormatItem(this.#table);
  }

  async saveRun(run: RunRecord): Promise<void> {
    await this.#format.beforeWriting();
    // Listed first: a run that is listed and has no record is passed over, one that is not listed would be lost.
    await this.#table.put({ ...itemOf(planRunKey(run.plan, run.run)), run: { S: run.run } });
    await this.#table.put(recordItem(runKey(run.run), run));
  }

  async run(run: string): Promise<RunRecord | undefined> {
    await this.#format.beforeReading();
    const item = await this.#table.get(runKey(run));
    return item === undefined ? undefined : (recordOf(item) as RunRecord);
  }

  async runs(plan: string, limit: number): Promise<RunRecord[]> {
    await this.#format.beforeReading();
    const pageSize = Math.max(1, Math.min(limit, RUNS_PER_PAGE));
    const listed = this.#table.query({
      pk: planPartition(plan),
      prefix: RUN_PREFIX,
      newestFirst: true,
      pageSize,
    });
    const runs: RunRecord[] = [];
    for await (const page of pagesOf(listed, pageSize)) {
      runs.push(...(await this.#runsOf(page)));
      if (runs.length >= limit) break;
    }
    return runs.slice(0, limit);
  }

  async saveStep(step: StepRecord): Promise<void> {
    await this.#format.beforeWriting();
    await this.#table.put(recordItem(stepKey(step.run, step.step), step));
  }

  async steps(run: string): Promise<StepRecord[]> {
    await this.#format.beforeReading();
    return this.#records<StepRecord>(runPartition(run), STEP_PREFIX);
  }

  async saveState(state: StepState): Promise<void> {
    await this.#format.beforeWriting();
    await this.#table.put(recordItem(stateKey(state.plan, state.step), state));
  }

  async states(plan: string): Promise<StepState[]> {
    await this.#format.beforeReading();
    return this.#records<StepState>(planPartition(plan), STATE_PREFIX);
  }

  async append(run: string, entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#format.beforeWriting();
    await this.#writer.append(run, entries);
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

  /** The records of listed runs, in the order of the list. */
  async #runsOf(listed: readonly JournalItem[]): Promise<RunRecord[]> {
    const names = listed.map((item) => item['run']?.S ?? '');
    const items = await this.#table.getAll(names.map(runKey));
    const records = new Map(items.map((item) => recordOf(item) as RunRecord).map((run) => [run.run, run]));
    return names.map((name) => records.get(name)).filter((run) => run !== undefined);
  }

  async #records<R>(pk: string, prefix: string): Promise<R[]> {
    const records: R[] = [];
    for await (const item of this.#table.query({ pk, prefix })) records.push(recordOf(item) as R);
    return records;
  }
}

function itemOf(key: JournalKey): JournalItem {
  return { ...keyItem(key), format: { N: String(JOURNAL_FORMAT) } };
}

function recordItem(key: JournalKey, record: object): JournalItem {
  return { ...itemOf(key), record: toRecordAttribute(record) };
}

/** The format of the item was checked when it was read; within a format a record has the shape that it says. */
function recordOf(item: JournalItem): unknown {
  return fromRecordAttribute(item['record']);
}

async function* pagesOf<T>(values: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let page: T[] = [];
  for await (const value of values) {
    page.push(value);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
