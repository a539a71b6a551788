import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Discrepancy, DiscrepancyList } from '../../cutover/dual-writes/discrepancies.js';
import type { Notes, Tombstone } from '../../cutover/dual-writes/two-models.js';
import type { RetryPolicy } from '../dynamodb/retry-budget.js';
import { JournalFormatItem } from '../journal/journal-format-item.js';
import {
  DISCREPANCY_PREFIX,
  discrepancyKey,
  DUAL_WRITE_SHARDS,
  dualWritePartition,
  TOMBSTONE_PREFIX,
  tombstoneKey,
} from '../journal/journal-layout.js';
import { JournalTable, type JournalItem } from '../journal/journal-table.js';
import { discrepancyOf, tombstoneOf } from './dual-write-notes.js';

/** What dual writes have noted in the journal's table. Strongly consistent; listed by partition, without a scan. */
export class DynamoDiscrepancies implements DiscrepancyList {
  readonly #table: JournalTable;
  readonly #format: JournalFormatItem;

  /** `table` is the physical name of the journal's table. */
  constructor(client: DynamoDBClient, table: string, retries?: RetryPolicy) {
    this.#table = new JournalTable(client, table, retries);
    this.#format = new JournalFormatItem(this.#table);
  }

  async count(plan: string): Promise<number> {
    let count = 0;
    for await (const item of this.#items(plan, DISCREPANCY_PREFIX, ['version']))
      count += item['version'] === undefined ? 0 : 1;
    return count;
  }

  async *list(plan: string): AsyncGenerator<Discrepancy> {
    for await (const item of this.#items(plan, DISCREPANCY_PREFIX)) yield discrepancyOf(item);
  }

  async *tombstones(plan: string): AsyncGenerator<Tombstone> {
    for await (const item of this.#items(plan, TOMBSTONE_PREFIX)) yield tombstoneOf(item);
  }

  async notes(plan: string, source: string): Promise<Notes> {
    await this.#format.beforeReading();
    const [open, tombstone] = await Promise.all([
      this.#table.get(discrepancyKey(plan, source)),
      this.#table.get(tombstoneKey(plan, source)),
    ]);
    return {
      ...(open !== undefined && { open: discrepancyOf(open) }),
      ...(tombstone !== undefined && { buried: tombstoneOf(tombstone).at }),
    };
  }

  /** Marks a table that has no format yet, before anything is written to it. */
  beforeWriting(): Promise<void> {
    return this.#format.beforeWriting();
  }

  async *#items(plan: string, prefix: string, attributes?: readonly string[]): AsyncGenerator<JournalItem> {
    await this.#format.beforeReading();
    for (let shard = 0; shard < DUAL_WRITE_SHARDS; shard += 1) {
      const pk = dualWritePartition(plan, shard);
      const only = attributes === undefined ? {} : { attributes };
      yield* this.#table.query({ pk, prefix, ...only });
    }
  }
}
