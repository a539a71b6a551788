import {
  CreateBackupCommand,
  DescribeBackupCommand,
  DescribeExportCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExportTableToPointInTimeCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoNativeBackups } from '../../../src/infrastructure/backup/dynamo-native-backups.js';
import { startServer } from '../../support/dynamodb/server.js';

const BACKUP = {
  BackupArn: 'arn:b',
  BackupName: 'n',
  BackupType: 'USER' as const,
  BackupCreationDateTime: new Date(0),
};

describe('backups by DynamoDB itself', () => {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  const natives = new DynamoNativeBackups(client, ['ships']);
  const rejectedWith = (name: string): Error => Object.assign(new Error('x'), { name });

  beforeEach(() => mock.reset());
  afterAll(() => natives.close());

  it('asks for an on-demand backup and tells how it stands', async () => {
    mock.on(CreateBackupCommand).resolves({ BackupDetails: { ...BACKUP, BackupStatus: 'CREATING' } });
    expect(await natives.startBackup('ships', 'kpi-staging-1')).toEqual({
      arn: 'arn:b',
      status: 'CREATING',
      state: 'under way',
    });
    expect(mock.commandCalls(CreateBackupCommand)[0]?.args[0].input).toEqual({
      TableName: 'ships',
      BackupName: 'kpi-staging-1',
    });
    for (const [status, state] of [
      ['AVAILABLE', 'done'],
      ['DELETED', 'failed'],
    ] as const) {
      const details = { BackupDescription: { BackupDetails: { ...BACKUP, BackupStatus: status } } };
      mock.on(DescribeBackupCommand, { BackupArn: 'arn:b' }).resolves(details);
      expect(await natives.backup('arn:b')).toEqual({ arn: 'arn:b', status, state });
    }
  });

  it('asks for a full export to S3 in DynamoDB JSON and tells how it stands', async () => {
    mock.on(DescribeTableCommand, { TableName: 'ships' }).resolves({ Table: { TableArn: 'arn:t' } });
    mock
      .on(ExportTableToPointInTimeCommand)
      .resolves({ ExportDescription: { ExportArn: 'arn:e', ExportStatus: 'IN_PROGRESS' } });
    expect(await natives.startExport('ships', 'backups', 'night')).toEqual({
      arn: 'arn:e',
      status: 'IN_PROGRESS',
      state: 'under way',
    });
    expect(mock.commandCalls(ExportTableToPointInTimeCommand)[0]?.args[0].input).toEqual({
      TableArn: 'arn:t',
      ClientToken: expect.any(String),
      S3Bucket: 'backups',
      S3Prefix: 'night',
      ExportFormat: 'DYNAMODB_JSON',
      ExportType: 'FULL_EXPORT',
    });
    const description = {
      ExportArn: 'arn:e',
      ExportStatus: 'FAILED' as const,
      FailureCode: 'S3NoSuchBucket',
    };
    mock.on(DescribeExportCommand, { ExportArn: 'arn:e' }).resolves({ ExportDescription: description });
    expect(await natives.export('arn:e')).toEqual({
      arn: 'arn:e',
      status: 'FAILED',
      state: 'failed',
      failure: 'S3NoSuchBucket',
    });
  });

  it('says that recovery is off where an export needs it', async () => {
    mock.on(DescribeTableCommand).resolves({ Table: { TableArn: 'arn:t' } });
    mock.on(ExportTableToPointInTimeCommand).rejects(rejectedWith('PointInTimeRecoveryUnavailableException'));
    await expect(natives.startExport('ships', 'backups', '')).rejects.toMatchObject({
      exit: 3,
      code: 'RECOVERY_OFF',
      message: expect.stringContaining('ships'),
    });
  });

  it('invariant 3: can do nothing else, and to no other table', async () => {
    mock.on(CreateBackupCommand).resolves({});
    await expect(natives.startBackup('persons', 'n')).rejects.toMatchObject({ code: 'WRITE_FORBIDDEN' });
    await expect(natives.startExport('persons', 'b', '')).rejects.toMatchObject({ code: 'WRITE_FORBIDDEN' });
    expect(mock.calls()).toHaveLength(0);
  });

  it('invariant 3: its client sends nothing but these requests', async () => {
    const own = createDynamoClient({ endpoint: 'http://127.0.0.1:9', maxSockets: 1, requestTimeout: 100 });
    const guarded = new DynamoNativeBackups(own, ['ships']);
    const put = own.send(new PutItemCommand({ TableName: 'ships', Item: { id: { S: 'a' } } }));
    await expect(put).rejects.toMatchObject({ code: 'WRITE_FORBIDDEN' });
    guarded.close();
  });

  it('says so where a server has no backups of its own', async () => {
    const server = await startServer();
    const own = createDynamoClient({ endpoint: server.endpoint, maxSockets: 2, requestTimeout: 5_000 });
    const embedded = new DynamoNativeBackups(own, ['ships']);
    await expect(embedded.startBackup('ships', 'n-1')).rejects.toMatchObject({
      exit: 3,
      code: 'NATIVE_BACKUP_UNSUPPORTED',
    });
    embedded.close();
    await server.stop();
  });
});
