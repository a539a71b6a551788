import { randomUUID } from 'node:crypto';
import type { CancellationReason, TransactWriteItem, WriteRequest } from '@aws-sdk/client-dynamodb';
import type { Fence } from '../../runner/ports/lease.js';
import type { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import { isTransientCode } from '../dynamodb/store-errors.js';
import { CHANGED, leaseLost, REMOVED, TAKEN_OVER } from '../lease/lease-errors.js';
import { leaseKey } from './journal-layout.js';
import type { JournalItem, JournalWrites } from './journal-table.js';
import { keyItem } from './journal-table.js';
import { batchesOf, TRANSACTION_LIMITS } from './write-batches.js';
import { TransactWriteItemsCommand } from '../dynamodb/sdk.js';

/**
 * Writes to the journal's table while a lease is held: every request is a transaction that also checks the lease's
 * token, so that one that comes too late changes nothing (invariant 7). Transactions that check one item at the same
 * time would cancel each other, so they go one after the other. Throws RefusedError `LEASE_LOST`, StoreError.
 */
export class FencedWrites implements JournalWrites {
  readonly rounds = { entries: TRANSACTION_LIMITS.requests, atOnce: 1 };
  readonly #requests: DynamoRequests;
  readonly #table: string;
  readonly #fence: Fence;
  #last: Promise<unknown> = Promise.resolve();

  constructor(requests: DynamoRequests, table: string, fence: Fence) {
    this.#requests = requests;
    this.#table = table;
    this.#fence = fence;
  }

  /** All at once. */
  async put(...items: readonly JournalItem[]): Promise<void> {
    await this.#inTurn(items.map((Item) => this.#write({ PutRequest: { Item } })));
  }

  async writeAll(requests: readonly WriteRequest[]): Promise<void> {
    for (const batch of batchesOf(requests, TRANSACTION_LIMITS)) {
      await this.#inTurn(batch.map((request) => this.#write(request)));
    }
  }

  #inTurn(writes: readonly TransactWriteItem[]): Promise<void> {
    const mine = this.#last.then(() => this.#transact(writes));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /**
   * The request's token makes repetitions one request: one whose answer got lost counts as done, and one that arrives
   * after its repetition, even after later writes, does nothing.
   */
  async #transact(writes: readonly TransactWriteItem[]): Promise<void> {
    const command = new TransactWriteItemsCommand({
      TransactItems: [this.#check(), ...writes],
      ClientRequestToken: randomUUID(),
    });
    await this.#requests.send({ action: 'TransactWriteItems', table: this.#table }, async () => {
      this.#fence.assertHeld();
      try {
        await this.#requests.client.send(command);
      } catch (error) {
        throw this.#meaningOf(error);
      }
    });
  }

  #check(): TransactWriteItem {
    return {
      ConditionCheck: {
        TableName: this.#table,
        Key: keyItem(leaseKey(this.#fence.plan)),
        ConditionExpression: '#token = :token',
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':token': { N: String(this.#fence.token) } },
        // tells a lease that was taken over from one that is gone
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    };
  }

  #write({ PutRequest, DeleteRequest }: WriteRequest): TransactWriteItem {
    if (PutRequest !== undefined) return { Put: { TableName: this.#table, Item: PutRequest.Item } };
    return { Delete: { TableName: this.#table, Key: DeleteRequest?.Key } };
  }

  #whyNot(found: JournalItem | undefined): string {
    if (found === undefined || Object.keys(found).length === 0) return REMOVED;
    return Number(found['token']?.N) > this.#fence.token ? TAKEN_OVER : CHANGED;
  }

  /** A cancelled transaction says for each of its items why; the first is the check of the lease. */
  #meaningOf(error: unknown): unknown {
    if (!(error instanceof Error && error.name === 'TransactionCanceledException')) return error;
    const { CancellationReasons: reasons = [] } = error as { CancellationReasons?: CancellationReason[] };
    const [lease] = reasons;
    if (lease?.Code === 'ConditionalCheckFailed')
      return leaseLost(this.#fence, this.#whyNot(lease.Item), { cause: error });
    const codes = reasons.flatMap(({ Code }) => (Code === undefined || Code === 'None' ? [] : [Code]));
    const code = codes.find((each) => !isTransientCode(each)) ?? codes[0];
    return code === undefined ? error : new CancelledTransaction(code, { cause: error });
  }
}

/** Named after the reason that decides whether the transaction may be tried again. */
class CancelledTransaction extends Error {
  override readonly name: string;

  constructor(code: string, options: ErrorOptions) {
    super('a transaction was cancelled', options);
    this.name = code;
  }
}
