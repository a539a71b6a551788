import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as sdk from '@aws-sdk/client-dynamodb';

import { emptyAnswer } from '../../support/dynamodb/empty-answer.js';
import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import type { GuardPolicy } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { installWriteGuard } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { WriteForbiddenError } from '../../../src/runner/ports/errors.js';

const key = { id: { S: '1' } };
const stamped = { ConditionExpression: '#s = :s', ExpressionAttributeNames: { '#s': '_migration' } };
const absent = { ConditionExpression: 'attribute_not_exists(id)' };
const arn = (table: string): string => `arn:aws:dynamodb:eu-west-1:123456789012:table/${table}`;
const backup = (table: string): string => `${arn(table)}/backup/01489602797149-73d8d5bc`;

type Inputs = Readonly<Record<string, (table: string) => readonly object[]>>;

/** Commands that read rows, or can. */
const READS: Inputs = {
  GetItemCommand: (TableName) => [{ TableName, Key: key }],
  QueryCommand: (TableName) => [{ TableName, KeyConditionExpression: 'id = :id' }],
  ScanCommand: (TableName) => [{ TableName, ConsistentRead: true }],
  BatchGetItemCommand: (table) => [{ RequestItems: { [table]: { Keys: [key] } } }],
  TransactGetItemsCommand: (TableName) => [{ TransactItems: [{ Get: { TableName, Key: key } }] }],
  TransactWriteItemsCommand: (TableName) => [
    { TransactItems: [{ ConditionCheck: { TableName, Key: key, ...stamped } }] },
  ],
  ExecuteStatementCommand: (table) => [{ Statement: `SELECT * FROM "${table}" WHERE id = ?` }],
  BatchExecuteStatementCommand: (table) => [
    { Statements: [{ Statement: `SELECT a FROM "${table}" WHERE id = ?` }] },
  ],
  ExecuteTransactionCommand: (table) => [
    { TransactStatements: [{ Statement: `EXISTS(SELECT * FROM "${table}" WHERE id = ? AND a = ?)` }] },
  ],
};

const statementsThatWrite = (table: string): string[] => [
  `INSERT INTO "${table}" VALUE {'id': ?}`,
  `UPDATE "${table}" SET a = ? WHERE id = ? AND a = ?`,
  `DELETE FROM "${table}" WHERE id = ? AND a = ?`,
  `DELETE FROM "${table}"`,
];

/** Everything else that the SDK has, in the forms that look most harmless too. */
const OTHERS: Inputs = {
  PutItemCommand: (TableName) => [
    { TableName, Item: key },
    { TableName, Item: key, ...absent },
    { TableName, Item: key, ...stamped },
  ],
  UpdateItemCommand: (TableName) => [
    { TableName, Key: key },
    { TableName, Key: key, ...stamped },
  ],
  DeleteItemCommand: (TableName) => [
    { TableName, Key: key },
    { TableName, Key: key, ...stamped },
  ],
  BatchWriteItemCommand: (table) => [
    { RequestItems: { [table]: [{ PutRequest: { Item: key } }] } },
    { RequestItems: { [table]: [{ DeleteRequest: { Key: key } }] } },
  ],
  TransactWriteItemsCommand: (TableName) => [
    { TransactItems: [{ Put: { TableName, Item: key, ...absent } }] },
    { TransactItems: [{ Update: { TableName, Key: key, ...stamped } }] },
    { TransactItems: [{ Delete: { TableName, Key: key, ...stamped } }] },
    {
      TransactItems: [
        { ConditionCheck: { TableName, Key: key, ...stamped } },
        { Put: { TableName, Item: key } },
      ],
    },
  ],
  ExecuteStatementCommand: (table) => statementsThatWrite(table).map((Statement) => ({ Statement })),
  BatchExecuteStatementCommand: (table) =>
    statementsThatWrite(table).map((Statement) => ({ Statements: [{ Statement }] })),
  ExecuteTransactionCommand: (table) =>
    statementsThatWrite(table).map((Statement) => ({ TransactStatements: [{ Statement }] })),
  StartBulkPutItemsCommand: (table) => [{ TableArn: arn(table), TableName: table, S3BucketSource: {} }],
  CancelBulkOperationCommand: (table) => [{ BulkOperationArn: `${arn(table)}/bulk/1` }],
  DescribeBulkOperationCommand: (table) => [{ BulkOperationArn: `${arn(table)}/bulk/1` }],
  ListBulkOperationsCommand: (table) => [{ TableArn: arn(table) }],
  SearchVectorsCommand: (TableName) => [{ TableName, IndexName: 'i' }],
  CreateTableCommand: (TableName) => [
    { TableName, KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], BillingMode: 'PAY_PER_REQUEST' },
  ],
  UpdateTableCommand: (TableName) => [{ TableName, DeletionProtectionEnabled: false }],
  DeleteTableCommand: (TableName) => [{ TableName }],
  DescribeTableCommand: (TableName) => [{ TableName }],
  DescribeContinuousBackupsCommand: (TableName) => [{ TableName }],
  DescribeTimeToLiveCommand: (TableName) => [{ TableName }],
  UpdateTimeToLiveCommand: (TableName) => [
    { TableName, TimeToLiveSpecification: { AttributeName: 'a', Enabled: true } },
  ],
  UpdateContinuousBackupsCommand: (TableName) => [
    { TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } },
  ],
  UpdateContributorInsightsCommand: (TableName) => [{ TableName, ContributorInsightsAction: 'ENABLE' }],
  DescribeContributorInsightsCommand: (TableName) => [{ TableName }],
  ListContributorInsightsCommand: (TableName) => [{ TableName }],
  DescribeTableReplicaAutoScalingCommand: (TableName) => [{ TableName }],
  UpdateTableReplicaAutoScalingCommand: (TableName) => [{ TableName }],
  EnableKinesisStreamingDestinationCommand: (TableName) => [{ TableName, StreamArn: 'arn:aws:kinesis:::s' }],
  DisableKinesisStreamingDestinationCommand: (TableName) => [{ TableName, StreamArn: 'arn:aws:kinesis:::s' }],
  UpdateKinesisStreamingDestinationCommand: (TableName) => [{ TableName, StreamArn: 'arn:aws:kinesis:::s' }],
  DescribeKinesisStreamingDestinationCommand: (TableName) => [{ TableName }],
  CreateBackupCommand: (TableName) => [{ TableName, BackupName: 'b' }],
  DeleteBackupCommand: (table) => [{ BackupArn: backup(table) }],
  DescribeBackupCommand: (table) => [{ BackupArn: backup(table) }],
  ListBackupsCommand: (TableName) => [{ TableName }],
  RestoreTableFromBackupCommand: (table) => [{ TargetTableName: table, BackupArn: backup(table) }],
  RestoreTableToPointInTimeCommand: (table) => [{ SourceTableName: table, TargetTableName: table }],
  ExportTableToPointInTimeCommand: (table) => [{ TableArn: arn(table), S3Bucket: 'b' }],
  DescribeExportCommand: (table) => [{ ExportArn: `${arn(table)}/export/1` }],
  ListExportsCommand: (table) => [{ TableArn: arn(table) }],
  ImportTableCommand: (TableName) => [{ S3BucketSource: {}, TableCreationParameters: { TableName } }],
  DescribeImportCommand: (table) => [{ ImportArn: `${arn(table)}/import/1` }],
  ListImportsCommand: (table) => [{ TableArn: arn(table) }],
  CreateGlobalTableCommand: (GlobalTableName) => [{ GlobalTableName, ReplicationGroup: [] }],
  UpdateGlobalTableCommand: (GlobalTableName) => [{ GlobalTableName, ReplicaUpdates: [] }],
  UpdateGlobalTableSettingsCommand: (GlobalTableName) => [{ GlobalTableName }],
  DescribeGlobalTableCommand: (GlobalTableName) => [{ GlobalTableName }],
  DescribeGlobalTableSettingsCommand: (GlobalTableName) => [{ GlobalTableName }],
  ListGlobalTablesCommand: (table) => [{ ExclusiveStartGlobalTableName: table }],
  TagResourceCommand: (table) => [{ ResourceArn: arn(table), Tags: [] }],
  UntagResourceCommand: (table) => [{ ResourceArn: arn(table), TagKeys: [] }],
  ListTagsOfResourceCommand: (table) => [{ ResourceArn: arn(table) }],
  PutResourcePolicyCommand: (table) => [{ ResourceArn: arn(table), Policy: '{}' }],
  DeleteResourcePolicyCommand: (table) => [{ ResourceArn: arn(table) }],
  GetResourcePolicyCommand: (table) => [{ ResourceArn: arn(table) }],
  ListTablesCommand: (table) => [{ ExclusiveStartTableName: table }],
  DescribeEndpointsCommand: () => [{}],
  DescribeLimitsCommand: () => [{}],
};

const COMMANDS = Object.keys(sdk).filter((name) => name.endsWith('Command') && name !== '$Command');

/** A run's tables by what may be done to them, the journal included. */
const LIVE: GuardPolicy = {
  tables: new Map([
    ['source', { writes: 'none', keys: ['id'] }],
    ['lookup', { writes: 'insert', keys: ['id'] }],
    ['target', { writes: 'change', keys: ['id'] }],
    ['journal', { writes: 'any', keys: ['id'] }],
  ]),
  readOnly: false,
  tableAdmin: false,
};
const TABLES = [...LIVE.tables.keys()];

type CommandClass = new (input: object) => never;

function commandOf(name: string): CommandClass {
  return (sdk as unknown as Readonly<Record<string, CommandClass>>)[name] as CommandClass;
}

function casesOf(inputs: Inputs, table: string): [command: string, input: object][] {
  return Object.entries(inputs).flatMap(([command, make]) =>
    make(table).map((input): [string, object] => [command, input]),
  );
}

describe('invariant 3: every command of the SDK, through a guarded client', () => {
  let operations: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const target = String(request.headers['x-amz-target']);
    operations.push(target);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(emptyAnswer(target));
  });
  server.on('connection', () => (connections += 1));
  const clients: DynamoDBClient[] = [];
  const clientWith = (policy: GuardPolicy): DynamoDBClient => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createDynamoClient({
      endpoint,
      region: 'eu-west-1',
      maxSockets: 4,
      requestTimeout: 5_000,
      maxAttempts: 1,
    });
    installWriteGuard(client, policy);
    clients.push(client);
    return client;
  };
  const send = (client: DynamoDBClient, command: string, input: object): Promise<unknown> =>
    client.send(new (commandOf(command))(input));
  /** The cases that were sent, or failed otherwise than by the guard. */
  const passed = async (policy: GuardPolicy, cases: readonly [string, object][]): Promise<string[]> => {
    const client = clientWith(policy);
    const found: string[] = [];
    for (const [command, input] of cases) {
      const error = await send(client, command, input).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof WriteForbiddenError)) found.push(`${command} ${JSON.stringify(input)}`);
    }
    return found;
  };

  beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done())));
  afterAll(async () => {
    clients.forEach((client) => client.destroy());
    await new Promise((done) => server.close(done));
  });
  beforeEach(() => {
    operations = [];
    connections = 0;
  });

  it('has an input here for each', () => {
    expect([...new Set([...Object.keys(READS), ...Object.keys(OTHERS)])].sort()).toEqual(
      [...COMMANDS].sort(),
    );
    expect(COMMANDS.length).toBeGreaterThan(55);
  });

  it('sends what reads a source table', async () => {
    const client = clientWith(LIVE);
    const cases = casesOf(READS, 'source');
    for (const [command, input] of cases) await send(client, command, input);
    expect(operations).toEqual(
      cases.map(([command]) => `DynamoDB_20120810.${command.slice(0, -'Command'.length)}`),
    );
  });

  it.each(Object.keys(OTHERS))('never sends %s for a source table', async (command) => {
    const inputs = (OTHERS[command] as Inputs[string])('source').map((input): [string, object] => [
      command,
      input,
    ]);
    expect(await passed(LIVE, inputs)).toEqual([]);
    expect([operations, connections]).toEqual([[], 0]);
  });

  it('lets table administration describe and create, and do nothing else', async () => {
    const policy = { ...LIVE, tableAdmin: true };
    await passed(policy, casesOf(OTHERS, 'source'));
    expect(operations.map((target) => target.split('.')[1]).sort()).toEqual([
      'CreateTable',
      'DescribeContinuousBackups',
      'DescribeTable',
      'DescribeTimeToLive',
    ]);
  });

  it.each(TABLES)('sends nothing but reads of the table %s in a dry run', async (table) => {
    const policy = { ...LIVE, readOnly: true };
    expect(await passed(policy, casesOf(OTHERS, table))).toEqual([]);
    expect([operations, connections]).toEqual([[], 0]);
    expect(await passed(policy, casesOf(READS, table))).toHaveLength(Object.keys(READS).length);
    expect(operations).toHaveLength(Object.keys(READS).length);
  });

  it('creates and deletes no table in a dry run, not even a scratch table', async () => {
    const policy = { ...LIVE, readOnly: true, tableAdmin: true, scratchTables: new Set(TABLES) };
    await passed(policy, casesOf(OTHERS, 'target'));
    expect(operations.map((target) => target.split('.')[1]).sort()).toEqual([
      'DescribeContinuousBackups',
      'DescribeTable',
      'DescribeTimeToLive',
    ]);
  });

  /** A command of an SDK to come, with an operation that nobody here has heard of. */
  class EraseItemsCommand extends sdk.DeleteItemCommand {}
  const resolve = (
    sdk.DeleteItemCommand.prototype as unknown as Record<string, (...args: unknown[]) => unknown>
  )['resolveMiddlewareWithContext'];
  Object.assign(EraseItemsCommand.prototype, {
    resolveMiddlewareWithContext(stack: object, config: object, options: object, parts: object): unknown {
      const [kind, namespace, , ...rest] = sdk.DeleteItem$;
      const operationSchema = [kind, namespace, 'EraseItems', ...rest];
      const smithyContext = { service: 'DynamoDB_20120810', operation: 'EraseItems', operationSchema };
      const renamed = { ...parts, commandName: 'EraseItemsCommand', smithyContext };
      return resolve?.call(this, stack, config, options, renamed);
    },
  });
  const erase = { TableName: 'journal', Key: key, ...stamped };

  it('refuses a command that it has never heard of, on tables too where all is permitted', async () => {
    await expect(clientWith(LIVE).send(new EraseItemsCommand(erase))).rejects.toThrow(
      'EraseItemsCommand is not a command that is known to be safe',
    );
    expect([operations, connections]).toEqual([[], 0]);
    // the command as such works: without a guard it goes out under its own name
    const bare = clientWith({ ...LIVE });
    bare.middlewareStack.remove('waybillWriteGuard');
    await bare.send(new EraseItemsCommand(erase));
    expect(operations).toEqual(['DynamoDB_20120810.EraseItems']);
  });

  it('judges a subclass by the operation that it sends', async () => {
    class HarmlessReadCommand extends sdk.DeleteItemCommand {}
    const remove = new HarmlessReadCommand({ TableName: 'source', Key: key, ...stamped });
    await expect(clientWith(LIVE).send(remove)).rejects.toBeInstanceOf(WriteForbiddenError);
    expect([operations, connections]).toEqual([[], 0]);
  });

  it.each([
    ['another operation', 'DynamoDB_20120810.DeleteTable'],
    ['no operation', undefined],
    ['a part of its operation', 'Scan.'],
  ])('refuses a read whose request says %s', async (_, target) => {
    const client = clientWith(LIVE);
    client.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string | undefined> };
        headers['x-amz-target'] = target;
        return next(args);
      },
      { step: 'build', priority: 'high', name: 'forgery' },
    );
    await expect(send(client, 'ScanCommand', { TableName: 'source' })).rejects.toBeInstanceOf(
      WriteForbiddenError,
    );
    expect([operations, connections]).toEqual([[], 0]);
  });
});
