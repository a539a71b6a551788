import type {
  DeleteItemCommandInput,
  DynamoDBClient,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';

import { sameRow } from '../../domain/storage/canonical-digest.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type {
  InsertResult,
  ItemFault,
  RecordSink,
  RemoveResult,
  ReplaceResult,
  StampedRow,
} from '../../runner/ports/record-sink.js';
import { StoreError } from '../../runner/ports/errors.js';
import { AdaptiveLimiter, type Call } from '../rate/adaptive-limiter.js';
import { setTerms } from '../rate/request-cost.js';
import { fromAttributes } from './attribute-values.js';
import { BatchInserter, isValidation } from './batch-inserter.js';
import { conditionalDelete } from './conditional-delete.js';
import { conditionalUpdate } from './conditional-update.js';
import { rowCost, rowsCost } from './cost-estimate.js';
import { DynamoRequests } from './dynamo-requests.js';
import type { PendingInsert } from './insert-batches.js';
import { wavesOf } from './insert-batches.js';
import { checkItem } from './item-guard.js';
import { itemBytes } from './item-size.js';
import { keyIdentity, keyNames } from './key-identity.js';
import { PartiqlInserts } from './partiql-insert.js';
import type { RateControl } from './rate-control.js';
import { rejectionDetail } from './rejection-detail.js';
import type { RetryPolicy } from './retry-budget.js';
import type { TableMapping } from './table-mapping.js';
import { WriteQueue } from './write-queue.js';
import { ConditionalCheckFailedException, DeleteItemCommand, UpdateItemCommand } from './sdk.js';

interface DynamoSinkOptions {
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  /** the tables that rows may be written to */
  readonly tables: readonly TableDefinition[];
  /** write requests in flight over all callers, at most; below that their number finds its own level */
  readonly concurrency: number;
  /** what paces the client's requests; undefined: nothing does */
  readonly rate?: Pick<RateControl, 'largestWrite'>;
  readonly retries?: RetryPolicy;
}

const TOO_WIDE = 'the row has more attributes than one condition can guard';

/** Writes rows to DynamoDB without ever overwriting one that it did not just see. */
export class DynamoSink implements RecordSink {
  private readonly requests: DynamoRequests;
  private readonly queue: WriteQueue;
  private readonly inserts = new PartiqlInserts();
  private readonly limiter: AdaptiveLimiter;
  private readonly mapping: TableMapping;
  /** literal name → definition in stored names */
  private readonly tables: ReadonlyMap<string, TableDefinition>;

  constructor(options: DynamoSinkOptions) {
    this.requests = new DynamoRequests(options.client, options.retries);
    this.limiter = new AdaptiveLimiter({ max: options.concurrency });
    this.queue = new WriteQueue({
      limiter: this.limiter,
      inserter: new BatchInserter(this.requests),
      largestWrite: (table) => options.rate?.largestWrite(table) ?? Number.POSITIVE_INFINITY,
    });
    this.mapping = options.mapping;
    this.tables = new Map(
      options.tables.map((table) => [table.name, options.mapping.storedDefinition(table)]),
    );
  }

  check(row: StampedRow): ItemFault | undefined {
    return this.faultOf(row.table, this.mapping.toStored(row.table, row.item));
  }

  async insert(rows: readonly StampedRow[]): Promise<InsertResult[]> {
    const results = new Map<number, InsertResult>();
    const pending: PendingInsert[] = [];
    rows.forEach((row, index) => {
      const item = this.mapping.toStored(row.table, row.item);
      const fault = row.checked === true ? undefined : this.faultOf(row.table, item);
      if (fault === undefined) pending.push(this.pending(row.table, item, index));
      else results.set(index, rejectedBy(fault));
    });
    for (const wave of wavesOf(pending)) {
      for (const [{ index }, result] of await this.queue.insert(wave)) results.set(index, result);
    }
    return rows.map((_, index) => results.get(index) as InsertResult);
  }

  async replace(row: StampedRow, image: StoredItem): Promise<ReplaceResult> {
    const definition = this.definition(row.table);
    const keys = keyNames(definition);
    const [item, old] = [this.mapping.toStored(row.table, row.item), this.mapping.toStored(row.table, image)];
    const fault = this.faultOf(row.table, item);
    if (fault !== undefined) return rejectedBy(fault);
    if (keyIdentity(item, keys) !== keyIdentity(old, keys)) {
      throw new TypeError('a row can only replace the image of its own key');
    }
    const update = conditionalUpdate(definition.name, keys, item, old);
    if (update === undefined) {
      const detail = 'more attributes differ than one conditional update can guard';
      return { kind: 'rejected', code: 'UPDATE_TOO_LARGE', detail };
    }
    return this.limiter.run((call) => {
      this.announce(row.table, update, [item, old], call);
      return this.update(update, item);
    });
  }

  async remove(table: string, image: StoredItem): Promise<RemoveResult> {
    const removal = this.removal(table, image);
    if (removal === undefined) return { kind: 'unguardable', detail: TOO_WIDE };
    const removed = await this.limiter.run((call) => {
      this.announce(table, removal, [this.mapping.toStored(table, image)], call);
      return this.delete(removal);
    });
    if (removed === undefined) return { kind: 'changed' };
    const row = this.mapping.toDocument(table, removed);
    if (sameRow(row, image)) return { kind: 'removed' };
    await this.putBack({ table, item: row });
    return { kind: 'changed' };
  }

  /** Why no condition can guard the removal of this row; undefined where one can. Pure. */
  unguardable(table: string, image: StoredItem): string | undefined {
    return this.removal(table, image) === undefined ? TOO_WIDE : undefined;
  }

  /** Tells the client's rate control what a request on one row costs: as much as the larger of its images. */
  private announce(table: string, input: object, images: readonly StoredItem[], call: Call): void {
    const definition = this.definition(table);
    const bytes = Math.max(...images.map(itemBytes));
    const present = Object.assign({}, ...images) as StoredItem;
    const cost = rowsCost(definition.name, [rowCost(definition, present, bytes)]);
    setTerms(input, { cost, onHeld: call.exclude });
  }

  private async update(update: UpdateItemCommandInput, wanted: StoredItem): Promise<ReplaceResult> {
    const attempt = { action: 'UpdateItem', table: update.TableName as string };
    return this.requests.send(attempt, async () => {
      try {
        await this.requests.client.send(new UpdateItemCommand(update));
        return { kind: 'replaced' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          // after a lost acknowledgement the retried update finds its own work, stamp and run id included
          const done = error.Item !== undefined && sameRow(fromAttributes(error.Item), wanted);
          return { kind: done ? 'replaced' : 'changed' };
        }
        if (!isValidation(error)) throw error;
        return { kind: 'rejected', code: error.name, detail: rejectionDetail(error.message, wanted) };
      }
    });
  }

  private removal(table: string, image: StoredItem): DeleteItemCommandInput | undefined {
    const definition = this.definition(table);
    return conditionalDelete(definition.name, keyNames(definition), this.mapping.toStored(table, image));
  }

  /** The row as it was; undefined where nothing was deleted. */
  private delete(removal: DeleteItemCommandInput): Promise<StoredItem | undefined> {
    const attempt = { action: 'DeleteItem', table: removal.TableName as string };
    return this.requests.send(attempt, async () => {
      try {
        const { Attributes: row = {} } = await this.requests.client.send(new DeleteItemCommand(removal));
        return fromAttributes(row);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    });
  }

  /** Nothing to be done where somebody has written the row anew already. */
  private async putBack(row: StampedRow): Promise<void> {
    const [result] = await this.insert([row]);
    if (result?.kind !== 'rejected') return;
    throw new StoreError(
      'STORE_FAILED',
      `a row of ${row.table} gained an attribute while it was removed, and the store did not take it back: ${result.code}`,
      'The row is gone: restore it from a backup.',
    );
  }

  private pending(table: string, item: StoredItem, index: number): PendingInsert {
    const definition = this.definition(table);
    const bytes = itemBytes(item);
    return {
      index,
      ...{ bytes, cost: rowCost(definition, item, bytes) },
      physicalTable: definition.name,
      keyNames: keyNames(definition),
      item,
      statement: this.inserts.statement(definition.name, item),
    };
  }

  /** Of a row in stored names; names the field as the document does. */
  private faultOf(table: string, stored: StoredItem): ItemFault | undefined {
    const fault = checkItem(this.definition(table), stored);
    if (fault?.field === undefined) return fault;
    return { ...fault, field: this.mapping.documentName(table, fault.field) };
  }

  private definition(table: string): TableDefinition {
    const definition = this.tables.get(table);
    if (definition === undefined) throw new TypeError(`this sink does not know the table ${table}`);
    return definition;
  }
}

function rejectedBy(fault: ItemFault): { kind: 'rejected'; code: string; detail: string } {
  return { kind: 'rejected', code: fault.reason, detail: `${fault.field ?? 'row'}: ${fault.detail}` };
}
