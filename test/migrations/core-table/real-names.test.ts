import {
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { servedApplication, type ServedApplication } from '../../support/dynamodb/served-application.js';

const CORE = { plan: 'core-table' };
const RUN = { ...CORE, dryRun: false, accept: [], confirmProduction: false, overrides: [] };
const KEY = { PK: { S: 'SERVER#x19-words' }, SK: { S: 'METADATA' } };

/** Words that DynamoDB reserves, as names of attributes: it refuses an expression that spells one out. */
const WORDS: Readonly<Record<string, AttributeValue>> = {
  name: { S: 'Words' },
  region: { S: 'eu-central-1' },
  role: { S: 'primary' },
  status: { NULL: true },
  permissions: { SS: ['a', 'b'] },
  hidden: { BOOL: false },
  size: { N: '12345678901234567890.5' },
};

/** Plan `core-table` through every request of the store: inserts, look-ups, replacements, deletes. */
describe('C-X19, C-X21: names in the store', () => {
  let served: ServedApplication;
  let client: DynamoDBClient;

  beforeAll(async () => {
    served = await servedApplication({
      suffix: '-x21',
      tables: { ServersTable: 'machines', CoreTable: 'core' },
    });
    client = createDynamoClient({ endpoint: served.endpoint, maxSockets: 4, requestTimeout: 20_000 });
    await served.application.seed({ ...CORE, defects: true, scale: 5 });
    await served.application.createTables(CORE);
  });
  afterAll(async () => {
    client.destroy();
    await served.close();
  });

  const item = async (): Promise<unknown> =>
    (await client.send(new GetItemCommand({ TableName: 'core', Key: KEY }))).Item;

  it('C-X21: tables are those that the environment names, literal names in reports', async () => {
    const result = await served.application.run({ ...RUN, resume: 'auto' });
    expect(result.steps.map(({ status }) => status)).toEqual(['validated', 'validated', 'validated']);
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    expect(TableNames.sort()).toEqual(['UserMembershipTable-x21', 'core', 'machines', 'waybill-journal-x21']);
    const { tables } = await served.application.analyze(CORE);
    expect(tables.map(({ table, physicalName }) => [table, physicalName])).toEqual([
      ['ServersTable', 'machines'],
      ['UserMembershipTable', 'UserMembershipTable-x21'],
      ['CoreTable', 'core'],
    ]);
  });

  it('C-X19: attributes whose names are reserved words are inserted, compared, replaced and deleted', async () => {
    expect(await item()).toMatchObject({ ...KEY, ...WORDS, Type: { S: 'Server' } });
    const region = { S: 'eu-north-1' };
    const Item = { id: { S: 'x19-words' }, ...WORDS, region };
    await client.send(new PutItemCommand({ TableName: 'machines', Item }));
    const again = await served.application.run({ ...RUN, resume: 'auto' });
    expect(again.steps[0]).toMatchObject({ status: 'validated', counters: { created: 0, updated: 1 } });
    expect(await item()).toMatchObject({ ...WORDS, region });
    await served.application.rollback({ ...CORE, dryRun: false, confirmProduction: false });
    expect(await item()).toBeUndefined();
  });
});
