import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../infrastructure/dynamodb/client.js';
import { DynamoReader } from '../../infrastructure/dynamodb/dynamodb-reader.js';
import { DynamoSink } from '../../infrastructure/dynamodb/dynamodb-sink.js';
import {
  guardedTables,
  installWriteGuard,
  type GuardPolicy,
} from '../../infrastructure/dynamodb/write-guard.js';
import type { TableMapping } from '../../infrastructure/dynamodb/table-mapping.js';
import { OverlayStore } from '../../infrastructure/dry-run/overlay-store.js';
import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { Environment } from '../ports/environment.js';
import type { OpenStoreFor } from '../ports/stores.js';
import { keysOf } from '../services/service-parts.js';

/** Long enough for a full page from a busy table, short enough that a dead connection is noticed. */
const REQUEST_TIMEOUT_MS = 15_000;

/** Rows of a page: a segment works on one page at a time, so this bounds memory, and batches are full all the same. */
const PAGE_ROWS = 1_000;

/** Makes clients for one store, each with a guard that permits what its work needs and nothing else (invariant 3). */
export class GuardedClients {
  private readonly open: DynamoDBClient[] = [];

  constructor(
    private readonly environment: Environment,
    /** undefined: what the AWS SDK resolves */
    private readonly endpoint: string | undefined,
  ) {}

  client(policy: GuardPolicy, concurrency: number): DynamoDBClient {
    const { region, segments } = this.environment;
    const client = createDynamoClient({
      ...(region === undefined ? {} : { region }),
      ...(this.endpoint === undefined ? {} : { endpoint: this.endpoint }),
      maxSockets: concurrency + segments + 8,
      requestTimeout: REQUEST_TIMEOUT_MS,
    });
    installWriteGuard(client, policy);
    this.open.push(client);
    return client;
  }

  close(): void {
    for (const client of this.open) client.destroy();
  }
}

/** A plan's tables: `live` writes what the roles of the tables permit, `dry` writes to an overlay only. */
export function dynamoStores(
  plan: MigrationPlan,
  clients: GuardedClients,
  mapping: TableMapping,
  indexes: LookupIndexes,
): OpenStoreFor {
  return (access, concurrency) => {
    const readOnly = access === 'dry';
    const tables = guardedTables(plan.tables, mapping);
    const client = clients.client({ tables, readOnly, tableAdmin: false }, concurrency);
    const reader = new DynamoReader({ client, mapping, pageSize: PAGE_ROWS });
    const sink = new DynamoSink({ client, mapping, tables: plan.tables, concurrency });
    if (!readOnly) return { reader, sink, close: () => Promise.resolve() };
    const overlay = new OverlayStore(reader, sink, indexes, keysOf(plan));
    return { reader: overlay, sink: overlay, close: () => overlay.close() };
  };
}
