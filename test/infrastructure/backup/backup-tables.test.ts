import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import {
  BatchExecuteStatementCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import { DynamoBackupTables } from '../../../src/infrastructure/backup/dynamo-backup-tables.js';
import type { GuardPolicy } from '../../../src/infrastructure/dynamodb/write-guard.js';
import type { TableUse } from '../../../src/runner/ports/backup-tables.js';
import { SCHEMA } from './small-backup.js';

const META = { $metadata: {}, message: 'x' };
const SHIPS: TableUse = { physicalName: 'ships', use: 'scratch', keys: ['id'] };

describe('tables for backups', () => {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  let policy: GuardPolicy | undefined;
  const open = (timeout: number, ...uses: readonly TableUse[]): DynamoBackupTables =>
    new DynamoBackupTables({
      uses,
      concurrency: 2,
      interval: 1,
      timeout,
      client: (asked) => {
        policy = asked;
        return client;
      },
    });

  beforeEach(() => mock.reset());
  afterAll(() => client.destroy());

  it('invariant 3: asks for a guard that lets a reader write nothing', () => {
    open(0, { physicalName: 'ships', use: 'read', keys: [] });
    expect(policy).toEqual({
      tables: new Map([['ships', { writes: 'none', keys: [] }]]),
      readOnly: true,
      tableAdmin: true,
    });
  });

  it('invariant 3: asks for a guard that lets a restore insert where a key is absent, and delete nothing', () => {
    open(0, { physicalName: 'ships', use: 'load', keys: ['id'] });
    expect(policy).toEqual({
      tables: new Map([['ships', { writes: 'insert', keys: ['id'] }]]),
      readOnly: false,
      tableAdmin: true,
    });
  });

  it('invariant 3: asks for a guard that lets a drill delete its own tables', () => {
    open(0, SHIPS);
    expect(policy).toEqual({
      tables: new Map([['ships', { writes: 'insert', keys: ['id'] }]]),
      readOnly: false,
      tableAdmin: true,
      scratchTables: new Set(['ships']),
    });
  });

  it('creates on demand and waits for the table and its indexes, also where it was there already', async () => {
    const index = (IndexStatus: 'CREATING' | 'ACTIVE') => ({
      Table: { TableStatus: 'ACTIVE' as const, GlobalSecondaryIndexes: [{ IndexStatus }] },
    });
    mock.on(CreateTableCommand).rejects(new ResourceInUseException(META));
    mock
      .on(DescribeTableCommand)
      .rejectsOnce(new ResourceNotFoundException(META))
      .resolvesOnce({ Table: { TableStatus: 'CREATING' } })
      .resolvesOnce(index('CREATING'))
      .resolves(index('ACTIVE'));
    await open(1_000, SHIPS).create('ships', SCHEMA, { deletionProtection: true });
    expect(mock.commandCalls(CreateTableCommand)[0]?.args[0].input).toEqual({
      TableName: 'ships',
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    } satisfies CreateTableCommandInput);
    expect(mock.commandCalls(DescribeTableCommand)).toHaveLength(4);
  });

  it('stops waiting when it is asked to, and at its timeout', async () => {
    mock.on(CreateTableCommand).resolves({});
    mock.on(DescribeTableCommand).resolves({ Table: { TableStatus: 'CREATING' } });
    const options = { deletionProtection: false };
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(open(1_000, SHIPS).create('ships', SCHEMA, { ...options, signal })).rejects.toThrow(
      'stopped',
    );
    await expect(open(20, SHIPS).create('ships', SCHEMA, options)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('ships'),
    });
  });

  it('deletes a table that is still being created as soon as it can, and waits until it is gone', async () => {
    mock
      .on(DeleteTableCommand)
      .rejectsOnce(new ResourceInUseException(META))
      .resolvesOnce({})
      .rejectsOnce(new ResourceInUseException(META))
      .rejects(new ResourceNotFoundException(META));
    await open(1_000, SHIPS).drop('ships');
    expect(mock.commandCalls(DeleteTableCommand)).toHaveLength(4);
  });

  it('names a row that the store does not take by what is wrong with it, not by its values', async () => {
    mock.on(BatchExecuteStatementCommand).resolves({
      Responses: [{ Error: { Code: 'ValidationError', Message: 'secret: size' } }],
    });
    const load = open(0, SHIPS).load('ships', [{ id: { S: 'a' }, name: { S: 'secret' } }]);
    await expect(load).rejects.toMatchObject({
      exit: 3,
      code: 'RESTORE_REJECTED',
      message: expect.not.stringContaining('secret'),
    });
  });
});
