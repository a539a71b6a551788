import type { BatchStatementRequest } from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RowCost } from './cost-estimate.js';
import { itemBytes } from './item-size.js';
import { keyIdentity } from './key-identity.js';

/** Statements per `BatchExecuteStatement` (API reference). */
export const STATEMENTS_PER_BATCH = 25;
/** Bytes of a request that a batch must not pass; DynamoDB states 4 MB for transactions, batches may be larger. */
export const BATCH_BYTES = 4 * 1024 * 1024;

/** JSON around a value: its type tag, quotes and braces; binary grows by a third in base64. */
const BYTES_PER_ATTRIBUTE = 16;
const BASE64_FACTOR = 4 / 3;

/** A row that passed the item guard, on its way into a batch. Names are the stored ones. */
export interface PendingInsert {
  /** position in the caller's list */
  readonly index: number;
  readonly physicalTable: string;
  readonly keyNames: readonly string[];
  readonly item: StoredItem;
  /** undefined: the statement would be too long, so this row goes by `PutItem` */
  readonly statement: BatchStatementRequest | undefined;
  /** bytes of the item as DynamoDB counts them; undefined: not counted yet */
  readonly bytes?: number;
  /** undefined: estimated from the request */
  readonly cost?: RowCost;
}

/** A text that is the same for rows of one table and key, and different for others. */
export function identityOf({ physicalTable, item, keyNames }: PendingInsert): string {
  return `${physicalTable}\n${keyIdentity(item, keyNames)}`;
}

/**
 * Parts rows into waves: the n-th row of one key is in the n-th wave. Within a wave all keys differ, so batches may
 * be sent in any order; waves must follow one another, so that the first row of a key wins.
 */
export function wavesOf(rows: readonly PendingInsert[]): PendingInsert[][] {
  const seen = new Map<string, number>();
  const waves: PendingInsert[][] = [];
  for (const row of rows) {
    const key = identityOf(row);
    const wave = seen.get(key) ?? 0;
    seen.set(key, wave + 1);
    (waves[wave] ??= []).push(row);
  }
  return waves;
}

/** Cuts rows into batches of at most 25 statements and 4 MB, in order. */
export function batchesOf(rows: readonly PendingInsert[]): PendingInsert[][] {
  const batches: PendingInsert[][] = [];
  let batch: PendingInsert[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = wireBytes(row);
    if (batch.length === STATEMENTS_PER_BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(row);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Bytes of a row's statement in a request, at most. */
export function wireBytes({ item, statement, bytes = itemBytes(item) }: PendingInsert): number {
  const attributes = Object.keys(item).length * BYTES_PER_ATTRIBUTE;
  return Math.ceil(bytes * BASE64_FACTOR) + attributes + (statement?.Statement?.length ?? 0);
}
