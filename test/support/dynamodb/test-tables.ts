import { randomUUID } from 'node:crypto';

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { TestServer } from './server.js';
import { startServer } from './server.js';

export interface TestTables {
  readonly client: DynamoDBClient;
  readonly mapping: TableMapping;
  readonly endpoint: string;
  /** removes the tables, closes the client and stops the server if it was started here */
  close(): Promise<void>;
}

/** A server with these tables in it, under names that no other test file has. */
export async function createTestTables(
  definitions: readonly TableDefinition[],
  environment: Partial<Pick<Environment, 'tables' | 'attributes'>> = {},
): Promise<TestTables> {
  const server: TestServer = await startServer();
  const client = createDynamoClient({ endpoint: server.endpoint, maxSockets: 64, requestTimeout: 20_000 });
  const suffix = `-test-${randomUUID().slice(0, 8)}`;
  const mapping = new TableMapping({ suffix, tables: {}, attributes: {}, ...environment }, definitions);
  const admin = new DynamoTableAdmin({ client, mapping, deletionProtection: false, interval: 20 });
  for (const definition of definitions) await admin.create(definition);
  return {
    client,
    mapping,
    endpoint: server.endpoint,
    close: async () => {
      for (const { name } of definitions) {
        await client.send(new DeleteTableCommand({ TableName: mapping.physicalName(name) }));
      }
      client.destroy();
      await server.stop();
    },
  };
}
