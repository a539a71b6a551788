import { PutItemCommand } from '@aws-sdk/client-dynamodb';

import { toAttributes } from '../../../src/infrastructure/dynamodb/attribute-values.js';
import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { DynamoSink } from '../../../src/infrastructure/dynamodb/dynamodb-sink.js';
import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import {
  guardedTables,
  installWriteGuard,
  rollbackPermission,
} from '../../../src/infrastructure/dynamodb/write-guard.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import { createTestTables } from '../../support/dynamodb/test-tables.js';
import type { StoreUnderTest } from '../../support/store-contract.js';
import { CARGO, describeStoreContract, STOPS } from '../../support/store-contract.js';

const TABLES = [CARGO, STOPS];

/** The adapters with the write guards of a plan, for runs and for rollbacks: what they send is then within them. */
async function open(environment: Partial<Pick<Environment, 'attributes'>> = {}): Promise<StoreUnderTest> {
  const { mapping, endpoint, close } = await createTestTables(TABLES, environment);
  const connection = { endpoint, maxSockets: 16, requestTimeout: 20_000 };
  const [client, rollback, foreign] = [
    createDynamoClient(connection),
    createDynamoClient(connection),
    createDynamoClient(connection),
  ];
  const known = new Map([
    ...guardedTables(TABLES, mapping),
    [mapping.physicalName('no-such-table'), { writes: 'none', keys: ['id'] }] as const,
  ]);
  installWriteGuard(client, { tables: known, readOnly: false, tableAdmin: true });
  installWriteGuard(rollback, {
    tables: guardedTables(TABLES, mapping, rollbackPermission),
    readOnly: false,
    tableAdmin: false,
  });
  const sink = new DynamoSink({ client, mapping, tables: TABLES, concurrency: 8 });
  const remover = new DynamoSink({ client: rollback, mapping, tables: TABLES, concurrency: 8 });
  return {
    reader: new DynamoReader({ client, mapping, tables: TABLES, pageSize: 10 }),
    sink: {
      check: (row) => sink.check(row),
      insert: (rows) => sink.insert(rows),
      replace: (row, image) => sink.replace(row, image),
      remove: (table, image) => remover.remove(table, image),
    },
    admin: new DynamoTableAdmin({ client, mapping, deletionProtection: false, interval: 20 }),
    pageSize: 10,
    put: async (table, item) => {
      const stored = toAttributes(mapping.toStored(table, item));
      await foreign.send(new PutItemCommand({ TableName: mapping.physicalName(table), Item: stored }));
    },
    close: async () => {
      client.destroy();
      rollback.destroy();
      foreign.destroy();
      await close();
    },
  };
}

describeStoreContract('DynamoDB', () => open());

describeStoreContract('DynamoDB with renamed attributes', () =>
  open({
    attributes: {
      [CARGO.name]: {
        id: 'cargoKey',
        portId: 'harbour',
        changed: 'dropped',
        dropped: 'changed',
        text: 'flagText',
      },
      [STOPS.name]: { cargoId: 'cargo', number: 'select', size: 'name', name: 'size' },
    },
  }),
);
