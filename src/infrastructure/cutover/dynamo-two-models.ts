import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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
import { transactIf } from '../dynamodb/conditional-transaction.js';
import { DynamoReader } from '../dynamodb/dynamodb-reader.js';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import { checkItem } from '../dynamodb/item-guard.js';
import { DEFAULT_RETRIES, type RetryPolicy } from '../dynamodb/retry-budget.js';
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

/** What one account and Region is asked with. */
interface Side {
  readonly requests: DynamoRequests;
  readonly reader: DynamoReader;
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
  /** the new model's table and the journal */
  private readonly here: Side;
  private readonly ofLegacy: Side;

  constructor(private readonly options: DynamoTwoModelsOptions) {
    const { client, legacyClient, journalTable, mapping, legacy, current, retries = PATIENCE } = options;
    const side = (one: DynamoDBClient): Side => ({
      requests: new DynamoRequests(one, retries),
      reader: new DynamoReader({ client: one, mapping, tables: [legacy, current], retries }),
    });
    this.here = side(client);
    this.ofLegacy = legacyClient === undefined ? this.here : side(legacyClient);
    this.discrepancies = new DynamoDiscrepancies(client, journalTable, retries);
    this.definitions = new Map(
      [legacy, current].map((table) => [table.name, mapping.storedDefinition(table)]),
    );
  }

  async read(table: string, key: StoredItem): Promise<StoredItem | undefined> {
    const [row] = await this.sideOf(table).reader.get(table, [key]);
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
    const { requests } = this.sideFor(rows, notes);
    if (notes.length > 0) await this.discrepancies.beforeWriting();
    const actions = [
      ...rows.map((change) => rowAction(this.definition(change.table), this.inStoredNames(change))),
      ...notes.map((note) => noteAction(journalTable, plan, note)),
    ];
    return actions.length === 0 || transactIf(requests, actions);
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

  private sideFor(rows: readonly RowChange[], notes: readonly NoteChange[]): Side {
    const sides = new Set(rows.map(({ table }) => this.sideOf(table)));
    if (notes.length > 0) sides.add(this.here);
    if (sides.size > 1)
      throw new TypeError('no transaction reaches both models: the policy has to be truth-first');
    const [side = this.here] = sides;
    return side;
  }

  private sideOf(table: string): Side {
    return table === this.options.legacy.name ? this.ofLegacy : this.here;
  }

  private definition(table: string): TableDefinition {
    const definition = this.definitions.get(table);
    if (definition === undefined) throw new TypeError(`${table} belongs to neither model`);
    return definition;
  }
}
