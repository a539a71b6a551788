import { DescribeContinuousBackupsCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { startServer } from '../../support/dynamodb/server.js';

describe('point-in-time recovery', () => {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  const mapping = new TableMapping({ suffix: '-dev', tables: {}, attributes: {} });
  const admin = new DynamoTableAdmin({ client, mapping, deletionProtection: false });

  beforeEach(() => mock.reset());
  afterAll(() => client.destroy());

  it.each([
    ['ENABLED', true],
    ['DISABLED', false],
  ] as const)('is told by the table: %s', async (status, isOn) => {
    mock.on(DescribeContinuousBackupsCommand, { TableName: 'links-dev' }).resolves({
      ContinuousBackupsDescription: {
        // this one is on for every table and says nothing
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
      },
    });
    expect(await admin.pointInTimeRecovery('links')).toBe(isOn);
  });

  it.each([
    ['AccessDeniedException', 'STORE_DENIED'],
    ['TableNotFoundException', 'TABLE_MISSING'],
  ])('is unknown after %s, which is told', async (name, code) => {
    mock.on(DescribeContinuousBackupsCommand).rejects(Object.assign(new Error('x'), { name }));
    await expect(admin.pointInTimeRecovery('links')).rejects.toMatchObject({ code });
  });

  it('is something that the embedded server and the store in memory do not know', async () => {
    const server = await startServer();
    const own = createDynamoClient({ endpoint: server.endpoint, maxSockets: 2, requestTimeout: 5_000 });
    const embedded = new DynamoTableAdmin({ client: own, mapping, deletionProtection: false });
    expect(await embedded.pointInTimeRecovery('links')).toBeUndefined();
    own.destroy();
    await server.stop();
    const links = { name: 'links', role: 'target', partitionKey: 'id', indexes: [] } as const;
    expect(await new MemoryStore([links]).pointInTimeRecovery('links')).toBeUndefined();
  });
});
