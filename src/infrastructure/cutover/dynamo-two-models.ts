import { randomUUID } from 'node:crypto';
import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type {
  NoteChange,
  Notes,
  RowChange,
  RowFault,
  Tombstone,
  TwoModels,
} from '../../cutover/dual-writes/two-models.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { DynamoReader } from '../dynamodb/dynamodb-reader.js';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import { factsOf } from '../dynamodb/error-facts.js';
import { checkItem } from '../dynamodb/item-guard.js';
import { DEFAULT_RETRIES, type RetryPolicy } from '../dynamodb/retry-budget.js';
import { TransactWriteItemsCommand } from '../dynamodb/sdk.js';
import type { TableMapping } from '../dynamodb/table-mapping.js';
import { noteAction } from './dual-write-notes.js';
import { DynamoDiscrepancies } from './dynamo-discrepancies.js';
import { rowAction } from './row-actions.js';

export interface DynamoTwoModelsOptions {
  readonly plan: string;
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  readonly legacy: TableDefinition;
  readonly current: TableDefinition;
  /** physical name; in the account and Region of `client`, as the new model's table */
  readonly journalTable: string;
  /** of the account or Region where the legacy table is, if another one: then no transaction reaches both */
  readonly legacyClient?: DynamoDBClient;
  readonly retries?: RetryPolicy;
}

/** An application does not wait for a minute; in milliseconds. */
const PATIENCE = { ...DEFAULT_RETRIES, base: 20, cap: 1_000, total: 10_000 };

/**
 * Two tables and the journal in DynamoDB. Each commit is one TransactWriteItems (at most a handful of its 100 actions, far
 * below its 4 MB) with a request token of its own for all attempts, so that one whose answer was lost counts once;
 * conflicts with other transactions and throttling are repeated for ten seconds.
 */
export class DynamoTwoModels implements TwoModels {
  private readonly discrepancies: DynamoDiscrepancies;
  private readonly definitions: ReadonlyMap<string, TableDefinition>;
  private readonly retries: RetryPolicy;

  constructor(private readonly options: DynamoTwoModelsOptions) {
    const { client, journalTable, mapping, legacy, current, retries = PATIENCE } = options;
    this.retries = retries;
    this.discrepancies = new DynamoDiscrepancies(client, journalTable, retries);
    this.definitions = new Map(
      [legacy, current].map((table) => [table.name, mapping.storedDefinition(table)]),
    );
  }

  async read(table: string, key: StoredItem): Promise<StoredItem | undefined> {
    const { mapping, legacy, current } = this.options;
    const client = this.clientOf(table);
    const reader = new DynamoReader({ client, mapping, tables: [legacy, current], retries: this.retries });
    const [row] = await reader.get(table, [key]);
    return row;
  }

  notes(source: string): Promise<Notes> {
    return this.discrepancies.notes(this.options.plan, source);
  }

  tombstones(): AsyncIterable<Tombstone> {
    return this.discrepancies.tombstones(this.options.plan);
  }

  fault(table: string, item: StoredItem): RowFault | undefined {
    const { mapping } = this.options;
    const found = checkItem(this.definition(table), mapping.toStored(table, item));
    if (found?.field === undefined) return found;
    return { reason: found.reason, field: mapping.documentName(table, found.field) };
  }

  async commit(rows: readonly RowChange[], notes: readonly NoteChange[]): Promise<boolean> {
    const { plan, journalTable } = this.options;
    const client = this.clientFor(rows, notes);
    if (notes.length > 0) await this.discrepancies.beforeWriting();
    const actions = [
      ...rows.map((change) => rowAction(this.definition(change.table), this.inStoredNames(change))),
      ...notes.map((note) => noteAction(journalTable, plan, note)),
    ];
    return actions.length === 0 || this.transact(client, actions);
  }

  private async transact(client: DynamoDBClient, actions: TransactWriteItem[]): Promise<boolean> {
    const command = new TransactWriteItemsCommand({
      TransactItems: actions,
      ClientRequestToken: randomUUID(),
    });
    const requests = new DynamoRequests(client, this.retries);
    return requests.send({ action: 'TransactWriteItems' }, async () => {
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (factsOf(error).reasons.includes('ConditionalCheckFailed')) return false;
        throw error;
      }
    });
  }

  private inStoredNames(change: RowChange): RowChange {
    const { mapping } = this.options;
    const { table } = change;
    const stored = (item: StoredItem): StoredItem => mapping.toStored(table, item);
    switch (change.kind) {
      case 'insert':
        return { ...change, item: stored(change.item) };
      case 'absent':
        return { ...change, key: stored(change.key) };
      case 'replace':
        return { ...change, item: stored(change.item), image: stored(change.image) };
      case 'remove':
      case 'still':
        return { ...change, image: stored(change.image) };
    }
  }

  private clientFor(rows: readonly RowChange[], notes: readonly NoteChange[]): DynamoDBClient {
    const clients = new Set(rows.map(({ table }) => this.clientOf(table)));
    if (notes.length > 0) clients.add(this.options.client);
    if (clients.size > 1)
      throw new TypeError('no transaction reaches both models: the policy has to be truth-first');
    const [client = this.options.client] = clients;
    return client;
  }

  private clientOf(table: string): DynamoDBClient {
    const { client, legacyClient = client, legacy } = this.options;
    return table === legacy.name ? legacyClient : client;
  }

  private definition(table: string): TableDefinition {
    const definition = this.definitions.get(table);
    if (definition === undefined) throw new TypeError(`${table} belongs to neither model`);
    return definition;
  }
}
