import { RateControl } from '../../infrastructure/dynamodb/rate-control.js';
import { DynamoAccess } from '../../infrastructure/dynamodb/dynamo-access.js';
import { DynamoReader } from '../../infrastructure/dynamodb/dynamodb-reader.js';
import { DynamoSink } from '../../infrastructure/dynamodb/dynamodb-sink.js';
import { guardedTables, rollbackPermission } from '../../infrastructure/dynamodb/write-guard.js';
import type { TableMapping } from '../../infrastructure/dynamodb/table-mapping.js';
import { RateGovernor } from '../../infrastructure/rate/rate-governor.js';
import { OverlayStore } from '../../infrastructure/dry-run/overlay-store.js';
import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { StoreRates } from '../ports/rates.js';
import type { OpenStore, OpenStoreFor } from '../ports/stores.js';
import type { GuardedClients } from './guarded-clients.js';

/** A plan's tables, with a client for each way of working on them (see `StoreAccess`). */
export function dynamoStores(
  plan: MigrationPlan,
  clients: GuardedClients,
  mapping: TableMapping,
  indexes: LookupIndexes,
): OpenStoreFor {
  return (use, options) => {
    const readOnly = use === 'dry';
    const tables =
      use === 'rollback'
        ? guardedTables(plan.tables, mapping, rollbackPermission)
        : guardedTables(plan.tables, mapping);
    const client = clients.client({ tables, readOnly, tableAdmin: false }, options);
    const rate = new RateControl(
      new RateGovernor(inPhysicalNames(options.rates ?? {}, mapping)),
      plan.tables.map((table) => mapping.storedDefinition(table)),
    );
    rate.install(client);
    const { concurrency } = options;
    const paced = { client, mapping, tables: plan.tables, concurrency, rate };
    const reader = new DynamoReader(paced);
    const sink = new DynamoSink(paced);
    const access = new DynamoAccess({ client, mapping, reader });
    const tune: OpenStore['tune'] = (limits) => rate.governor.tune(limits);
    // whoever opens many stores one after the other, as a function does, must not gather their connections
    const closeClient = (): Promise<void> => {
      clients.release(client);
      return Promise.resolve();
    };
    if (!readOnly) return { reader, sink, access, tune, close: closeClient };
    const overlay = new OverlayStore(reader, sink, indexes, plan.tables);
    const closeBoth = (): Promise<void> => overlay.close().finally(closeClient);
    return { reader: overlay, sink: overlay, access, tune, close: closeBoth };
  };
}

function inPhysicalNames({ tables, ...fixed }: StoreRates, mapping: TableMapping): StoreRates {
  if (tables === undefined) return fixed;
  const named = [...tables].map(([name, rates]) => [mapping.physicalName(name), rates] as const);
  return { ...fixed, tables: new Map(named) };
}
