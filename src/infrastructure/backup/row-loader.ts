import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../domain/storage/stored-value.js';
import { RefusedError } from '../../runner/ports/errors.js';
import type { InsertResult } from '../../runner/ports/record-sink.js';
import { BatchInserter } from '../dynamodb/batch-inserter.js';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import type { PendingInsert } from '../dynamodb/insert-batches.js';
import { batchesOf, wavesOf } from '../dynamodb/insert-batches.js';
import { PartiqlInserts } from '../dynamodb/partiql-insert.js';
import { AdaptiveLimiter } from '../rate/adaptive-limiter.js';

/**
 * Inserts rows of a backup whose keys are absent. Unlike the sink of a run it takes keys of any type and leaves the
 * judgement on rows to the store: it held them before.
 */
export class RowLoader {
  private readonly inserter: BatchInserter;
  private readonly statements = new PartiqlInserts();
  private readonly limiter: AdaptiveLimiter;

  constructor(client: DynamoDBClient, concurrency: number) {
    this.inserter = new BatchInserter(new DynamoRequests(client));
    this.limiter = new AdaptiveLimiter({ max: concurrency });
  }

  /** Gives back how many were absent. Throws `RESTORE_REJECTED` where the store doesn't take a row. */
  async load(table: string, keys: readonly string[], rows: readonly StoredItem[]): Promise<number> {
    const pending = rows.map((item, index) => ({
      index,
      physicalTable: table,
      keyNames: keys,
      item,
      statement: this.statements.statement(table, item),
    }));
    let inserted = 0;
    for (const wave of wavesOf(pending)) {
      for (const result of await this.send(wave)) {
        if (result.kind === 'rejected') throw rejected(table, result);
        if (result.kind === 'inserted') inserted += 1;
      }
    }
    return inserted;
  }

  /** All have come to rest when this ends, well or badly. */
  private async send(rows: readonly PendingInsert[]): Promise<InsertResult[]> {
    const single = rows.filter(({ statement }) => statement === undefined);
    const batched = rows.filter(({ statement }) => statement !== undefined);
    const work = [
      ...single.map((row) => async () => [await this.inserter.put(row)]),
      ...batchesOf(batched).map((batch) => () => this.inserter.insert(batch)),
    ];
    const outcomes = await Promise.allSettled(work.map((one) => this.limiter.run(one)));
    return outcomes.flatMap((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }
}

function rejected(table: string, result: InsertResult & { readonly kind: 'rejected' }): RefusedError {
  return new RefusedError(
    'RESTORE_REJECTED',
    `${table} does not take a row of the backup: ${result.code}, ${result.detail}.`,
    'Compare the keys and indexes of the table with those of the backup, or restore into a new table with --suffix.',
  );
}
