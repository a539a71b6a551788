import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  beginning,
  type PhaseChange,
  type PhaseRecord,
  type PhaseStore,
} from '../../cutover/phases/phase-store.js';
import { transactIf } from '../dynamodb/conditional-transaction.js';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import type { RetryPolicy } from '../dynamodb/retry-budget.js';
import { JournalFormatItem } from './journal-format-item.js';
import { PHASE_CHANGE_PREFIX, phaseKey, planPartition } from './journal-layout.js';
import { JournalTable } from './journal-table.js';
import { phaseChanged } from './phase-conflict.js';
import { fromPhaseChangeItem, fromPhaseItem, toPhaseChangeItem, toPhaseItem } from './phase-item.mapper.js';

/**
 * Phases as items of the journal's table (ADR 0006): one that says where a plan stands, and one for each change, written
 * in the same transaction and never again. Throws StoreError where the store fails, RefusedError `JOURNAL_FORMAT` and
 * `JOURNAL_DAMAGED` as the journal does.
 */
export class DynamoPhaseStore implements PhaseStore {
  readonly #requests: DynamoRequests;
  readonly #table: JournalTable;
  readonly #format: JournalFormatItem;
  readonly #name: string;

  /** `table` is the physical name of the journal's table. */
  constructor(client: DynamoDBClient, table: string, retries?: RetryPolicy) {
    this.#requests = new DynamoRequests(client, retries);
    this.#table = new JournalTable(client, table, retries);
    this.#format = new JournalFormatItem(this.#table);
    this.#name = table;
  }

  async read(plan: string): Promise<PhaseRecord> {
    await this.#format.beforeReading();
    const item = await this.#table.get(phaseKey(plan));
    return item === undefined ? beginning(plan) : fromPhaseItem(plan, item);
  }

  async change(next: PhaseRecord): Promise<void> {
    const { plan, version, last } = next;
    if (last === undefined) throw new TypeError('a record after a change without the change');
    await this.#format.beforeWriting();
    const isDone = await transactIf(
      this.#requests,
      [
        { Put: { TableName: this.#name, Item: toPhaseItem(next), ...versionCondition(version - 1) } },
        {
          Put: {
            TableName: this.#name,
            Item: toPhaseChangeItem(plan, version, last),
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ],
      this.#name,
    );
    if (!isDone) throw phaseChanged(plan);
  }

  async history(plan: string): Promise<PhaseChange[]> {
    await this.#format.beforeReading();
    const changes: PhaseChange[] = [];
    for await (const item of this.#table.query({ pk: planPartition(plan), prefix: PHASE_CHANGE_PREFIX }))
      changes.push(fromPhaseChangeItem(item));
    return changes;
  }
}

function versionCondition(version: number): object {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': { N: String(version) } },
  };
}
