import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import { KPI_TABLES } from '../../../src/migrations/kpi/kpi.tables.js';
import type { RawItem, RawServer, RawValue } from '../e2e/raw-server.js';

/** Literal table name → rows as they are stored. */
export type RawTables = ReadonlyMap<string, readonly RawItem[]>;

/** All tables of plan `kpi`, and the journal. */
export const ALL_TABLES: readonly TableDefinition[] = [...KPI_TABLES, JOURNAL_TABLE];

const ITEMS_PER_BATCH = 25;
const BYTES_PER_BATCH = 2_000_000;

/** Creates all tables with these rows. */
export async function createTables(server: RawServer, tables: RawTables): Promise<void> {
  await Promise.all(
    ALL_TABLES.map(async (definition) => {
      await createTable(server, definition);
      await putAll(server, definition.name, tables.get(definition.name) ?? []);
    }),
  );
}

/** Replaces or adds rows. */
export async function putAll(server: RawServer, table: string, rows: readonly RawItem[]): Promise<void> {
  const name = server.physicalName(table);
  for (const batch of batchesOf(rows)) {
    const requests = batch.map((Item) => ({ PutRequest: { Item } }));
    await server.call('BatchWriteItem', { RequestItems: { [name]: requests } });
  }
}

export async function readTables(server: RawServer): Promise<RawTables> {
  const all = ALL_TABLES.map(async ({ name }) => [name, await server.scan(name)] as const);
  return new Map(await Promise.all(all));
}

/** Binary as base64 text, as the protocol has it. */
export function rawItem(item: StoredItem): RawItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, rawValue(value)]));
}

function rawValue(value: StoredValue): RawValue {
  if ('B' in value) return { B: base64(value.B) };
  if ('BS' in value) return { BS: value.BS.map(base64) };
  if ('M' in value) return { M: rawItem(value.M) };
  return 'L' in value ? { L: value.L.map(rawValue) } : value;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function batchesOf(rows: readonly RawItem[]): RawItem[][] {
  const batches: RawItem[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const size = JSON.stringify(row).length;
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === ITEMS_PER_BATCH || bytes + size > BYTES_PER_BATCH) {
      batches.push([row]);
      bytes = size;
    } else {
      batch.push(row);
      bytes += size;
    }
  }
  return batches;
}

async function createTable(server: RawServer, definition: TableDefinition): Promise<void> {
  const { indexes } = definition;
  const names = [definition, ...indexes].flatMap((keys) => [keys.partitionKey, keys.sortKey ?? []]).flat();
  const secondary = indexes.map((index) => ({
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: { ProjectionType: 'ALL' },
  }));
  await server.call('CreateTable', {
    TableName: server.physicalName(definition.name),
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Set(names)].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keySchema(definition),
    ...(secondary.length === 0 ? {} : { GlobalSecondaryIndexes: secondary }),
  });
}

function keySchema(keys: Pick<TableDefinition, 'partitionKey' | 'sortKey'>): object[] {
  const { partitionKey, sortKey } = keys;
  const sort = sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' }];
  return [{ AttributeName: partitionKey, KeyType: 'HASH' }, ...sort];
}
