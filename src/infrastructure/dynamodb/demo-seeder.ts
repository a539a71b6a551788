import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { DemoData, DemoRow } from '../../migrations/contract/demo-data.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type { Seeder } from '../../runner/ports/seeder.js';
import type { TableAdmin } from '../../runner/ports/table-admin.js';
import { toAttributes } from './attribute-values.js';
import { ConcurrencyLimiter } from './concurrency-limiter.js';
import { DynamoRequests } from './dynamo-requests.js';
import { itemBytes } from './item-size.js';
import type { TableMapping } from './table-mapping.js';
import { BatchWriteItemCommand } from './sdk.js';

export interface DemoSeederParts {
  readonly plan: string;
  readonly demo: DemoData;
  readonly tables: readonly TableDefinition[];
  /** may create all that is to be filled */
  readonly admin: TableAdmin;
  /** a client that may write to source and look-up tables: only ever made for `seed` */
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
}

const ROWS_PER_REQUEST = 25;
/** well below the 16 MB of a request */
const BYTES_PER_REQUEST = 4 * 1024 * 1024;
const REQUESTS_IN_FLIGHT = 8;
/** requests that wait for their turn, so that the generator is never far ahead of the store */
const REQUESTS_AHEAD = 32;

/** Fills the legacy and look-up tables with demo data, streamed; writes the same rows at every call. */
export class DemoSeeder implements Seeder {
  private readonly requests: DynamoRequests;
  private readonly limiter = new ConcurrencyLimiter(REQUESTS_IN_FLIGHT);

  constructor(private readonly parts: DemoSeederParts) {
    this.requests = new DynamoRequests(parts.client);
  }

  async seed(options: Parameters<Seeder['seed']>[0]): ReturnType<Seeder['seed']> {
    const { plan, demo, tables, admin } = this.parts;
    const own = tables.filter(({ name, role }) => role !== 'target' || demo.preloaded?.includes(name));
    const filled = [...own, ...(demo.beside ?? [])];
    for (const table of filled) await admin.create(table);
    const counts = new Map(filled.map((table) => [table.name, 0]));
    const batches = new Map<string, DemoRow[]>();
    const pending = new Set<Promise<void>>();
    const send = async (batch: readonly DemoRow[]): Promise<void> => {
      const sent = this.limiter.run(() => this.put(batch));
      pending.add(sent);
      void sent.finally(() => pending.delete(sent)).catch(() => undefined);
      if (pending.size >= REQUESTS_AHEAD) await Promise.race(pending);
    };
    for (const row of demo.rows(options)) {
      options.signal?.throwIfAborted();
      counts.set(row.table, (counts.get(row.table) ?? 0) + 1);
      const batch = [...(batches.get(row.table) ?? []), row];
      batches.set(row.table, isFull(batch) ? [] : batch);
      if (isFull(batch)) await send(batch);
    }
    for (const batch of batches.values()) if (batch.length > 0) await send(batch);
    await Promise.all(pending);
    return { plan, tables: [...counts].map(([table, rows]) => ({ table, rows })) };
  }

  private async put(rows: readonly DemoRow[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const table = this.parts.mapping.physicalName(first.table);
    const budget = this.requests.budget();
    let items: Record<string, AttributeValue>[] = rows.map((row) =>
      toAttributes(this.parts.mapping.toStored(row.table, row.item)),
    );
    while (items.length > 0) {
      const request = { RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } };
      const answer = await this.requests.send({ action: 'BatchWriteItem', table }, () =>
        this.parts.client.send(new BatchWriteItemCommand(request)),
      );
      items = (answer.UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest }) =>
        PutRequest?.Item === undefined ? [] : [PutRequest.Item],
      );
      if (items.length > 0 && !(await budget.pause()))
        throw await this.requests.failure(
          { name: 'ProvisionedThroughputExceeded' },
          { action: 'BatchWriteItem', table },
        );
    }
  }
}

function isFull(batch: readonly DemoRow[]): boolean {
  return (
    batch.length >= ROWS_PER_REQUEST ||
    batch.reduce((bytes, { item }) => bytes + itemBytes(item), 0) > BYTES_PER_REQUEST
  );
}
