import type { DescribeTableCommandOutput } from '@aws-sdk/client-dynamodb';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';

const LINKS: TableDefinition = {
  name: 'links',
  role: 'target',
  partitionKey: 'id',
  indexes: [{ name: 'kpiId-index', partitionKey: 'kpiId', sortKey: 'id' }],
};
const META = { $metadata: {}, message: 'x' };
const described = (
  status: 'ACTIVE' | 'CREATING',
  index: 'ACTIVE' | 'CREATING',
): Partial<DescribeTableCommandOutput> => ({
  Table: {
    TableName: 'links',
    TableStatus: status,
    GlobalSecondaryIndexes: [{ IndexName: 'kpiId-index', IndexStatus: index }],
  },
});

describe('DynamoDB table administration', () => {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  const mapping = new TableMapping({ suffix: '-dev', tables: {}, attributes: { links: { kpiId: 'gsi1' } } });
  const adminWith = (deletionProtection: boolean, timeout = 1_000): DynamoTableAdmin =>
    new DynamoTableAdmin({ client, mapping, deletionProtection, timeout, interval: 1 });

  beforeEach(() => mock.reset());
  afterAll(() => client.destroy());

  it('K-10: creates a table on demand, indexes projecting ALL, protected from deletion where asked', async () => {
    mock.on(CreateTableCommand).resolves({});
    mock.on(DescribeTableCommand).resolves(described('ACTIVE', 'ACTIVE'));
    await adminWith(true).create(LINKS);
    expect(mock.commandCalls(CreateTableCommand)[0]?.args[0].input).toEqual({
      TableName: 'links-dev',
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'gsi1', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'kpiId-index',
          KeySchema: [
            { AttributeName: 'gsi1', KeyType: 'HASH' },
            { AttributeName: 'id', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
    await adminWith(false).create(LINKS);
    expect(mock.commandCalls(CreateTableCommand)[1]?.args[0].input.DeletionProtectionEnabled).toBe(false);
  });

  it('waits until the table and its indexes are ACTIVE', async () => {
    mock.on(CreateTableCommand).resolves({});
    mock
      .on(DescribeTableCommand)
      .rejectsOnce(new ResourceNotFoundException(META))
      .resolvesOnce(described('CREATING', 'CREATING'))
      .resolvesOnce(described('ACTIVE', 'CREATING'))
      .resolvesOnce(described('ACTIVE', 'ACTIVE'));
    await adminWith(false).create(LINKS);
    expect(mock.commandCalls(DescribeTableCommand)).toHaveLength(4);
  });

  it('gives up waiting after its timeout and says so', async () => {
    mock.on(CreateTableCommand).resolves({});
    mock.on(DescribeTableCommand).resolves(described('ACTIVE', 'CREATING'));
    await expect(adminWith(false, 20).create(LINKS)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('links-dev'),
    });
  });

  it('does not mind somebody else creating the table at the same time', async () => {
    mock.on(CreateTableCommand).rejects(new ResourceInUseException(META));
    mock
      .on(DescribeTableCommand)
      .resolvesOnce(described('CREATING', 'CREATING'))
      .resolves(described('ACTIVE', 'ACTIVE'));
    await adminWith(false).create(LINKS);
    expect(mock.commandCalls(DescribeTableCommand)).toHaveLength(2);
  });

  it('tells why a table can’t be created', async () => {
    mock.on(CreateTableCommand).rejects(Object.assign(new Error('x'), { name: 'AccessDeniedException' }));
    await expect(adminWith(false).create(LINKS)).rejects.toMatchObject({
      code: 'STORE_DENIED',
      next: expect.stringContaining('dynamodb:CreateTable'),
    });
  });
});
