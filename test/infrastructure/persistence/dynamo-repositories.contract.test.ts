import { DeleteItemCommand, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Container } from 'inversify';

import { fromAttributes, toAttributes } from '../../../src/infrastructure/dynamodb/attribute-values.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { guardedTables, installWriteGuard } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { KPI_TABLES } from '../../../src/migrations/kpi/kpi.tables.js';
import { bindRepositories } from '../../../src/runner/composition/repositories.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import { createTestTables } from '../../support/dynamodb/test-tables.js';
import { repositoriesOf } from '../../support/repositories.js';
import { describeRepositoryContract } from '../../support/repository-contract.js';
import type { RepositoriesUnderTest } from '../../support/repository-contract.js';

/** The repositories behind the write guard of the plan: what they send is then within it, and KPIs are read only. */
async function open(
  environment: Partial<Pick<Environment, 'attributes'>> = {},
): Promise<RepositoriesUnderTest> {
  const { client: foreign, mapping, endpoint, close } = await createTestTables(KPI_TABLES, environment);
  const client = createDynamoClient({ endpoint, maxSockets: 8, requestTimeout: 20_000 });
  installWriteGuard(client, {
    tables: guardedTables(KPI_TABLES, mapping),
    readOnly: false,
    tableAdmin: false,
  });
  const scannedPages = countScans(client);
  const container = new Container();
  bindRepositories(container, { client, mapping, pageSize: 3 });
  const stored = (table: string, item: Parameters<typeof toAttributes>[0]) =>
    toAttributes(mapping.toStored(table, item));
  return {
    ...repositoriesOf(container),
    pageSize: 3,
    scannedPages,
    put: async (table, item) => {
      await foreign.send(
        new PutItemCommand({ TableName: mapping.physicalName(table), Item: stored(table, item) }),
      );
    },
    row: async (table, id) => {
      const key = stored(table, { id: { S: id } });
      const { Item } = await foreign.send(
        new GetItemCommand({ TableName: mapping.physicalName(table), Key: key, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : mapping.toDocument(table, fromAttributes(Item));
    },
    clear: async () => {
      for (const { name, partitionKey } of KPI_TABLES) {
        const TableName = mapping.physicalName(name);
        const key = mapping.storedName(name, partitionKey);
        const { Items = [] } = await foreign.send(new ScanCommand({ TableName, ConsistentRead: true }));
        for (const item of Items) {
          await foreign.send(new DeleteItemCommand({ TableName, Key: { [key]: item[key]! } }));
        }
      }
    },
    close: async () => {
      client.destroy();
      await close();
    },
  };
}

function countScans(client: DynamoDBClient): () => number {
  let count = 0;
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (context['commandName'] === 'ScanCommand') count += 1;
      return next(args);
    },
    { name: 'countScans', step: 'build' },
  );
  return () => count;
}

describeRepositoryContract('K-34: in DynamoDB', () => open());

describeRepositoryContract('K-34: in DynamoDB with renamed attributes', () =>
  open({
    attributes: {
      'purposepath-kpi-links': { id: 'key', kpiId: 'select', personId: 'order', weight: 'kpiId' },
      'purposepath-kpi-data': { id: 'name', kpiLinkId: 'values', postDate: 'date', postValue: 'size' },
      'purposepath-people': { id: 'user', linkedUserId: 'by', tenantId: 'group' },
      'purposepath-kpis': { id: 'table', name: 'ownerId', ownerId: 'name' },
    },
  }),
);
