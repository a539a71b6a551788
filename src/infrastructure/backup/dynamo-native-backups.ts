import { randomUUID } from 'node:crypto';

import type { BackupDetails, DynamoDBClient, ExportDescription } from '@aws-sdk/client-dynamodb';

import type { NativeBackups, NativeJob } from '../../runner/ports/backup-native.js';
import { RefusedError, WriteForbiddenError } from '../../runner/ports/errors.js';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import {
  CreateBackupCommand,
  DescribeBackupCommand,
  DescribeExportCommand,
  DescribeTableCommand,
  ExportTableToPointInTimeCommand,
} from '../dynamodb/sdk.js';

/** None of them touches a row. */
const PERMITTED: ReadonlySet<string> = new Set([
  'CreateBackupCommand',
  'DescribeBackupCommand',
  'DescribeExportCommand',
  'DescribeTableCommand',
  'ExportTableToPointInTimeCommand',
]);

/** On-demand backups and exports of DynamoDB, by a client that can do nothing else. */
export class DynamoNativeBackups implements NativeBackups {
  private readonly requests: DynamoRequests;

  /** `client` is for this object alone. */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly physicalNames: readonly string[],
  ) {
    client.middlewareStack.add(
      (next, context) => (args) => {
        const command = String(context['commandName']);
        if (PERMITTED.has(command)) return next(args);
        throw new WriteForbiddenError(`${command} is no part of a backup.`);
      },
      { name: 'waybillNativeBackups', step: 'initialize' },
    );
    this.requests = new DynamoRequests(client);
  }

  async startBackup(physicalName: string, name: string): Promise<NativeJob> {
    this.assertKnown(physicalName);
    const answer = await this.send('CreateBackup', physicalName, () =>
      this.client.send(new CreateBackupCommand({ TableName: physicalName, BackupName: name })),
    );
    return backupJob(answer.BackupDetails);
  }

  async backup(arn: string): Promise<NativeJob> {
    const answer = await this.send('DescribeBackup', undefined, () =>
      this.client.send(new DescribeBackupCommand({ BackupArn: arn })),
    );
    return backupJob(answer.BackupDescription?.BackupDetails);
  }

  async startExport(physicalName: string, bucket: string, prefix: string): Promise<NativeJob> {
    this.assertKnown(physicalName);
    const table = await this.send('DescribeTable', physicalName, () =>
      this.client.send(new DescribeTableCommand({ TableName: physicalName })),
    );
    const command = new ExportTableToPointInTimeCommand({
      TableArn: table.Table?.TableArn,
      // a repeated request is the same export then
      ClientToken: randomUUID(),
      S3Bucket: bucket,
      ...(prefix === '' ? {} : { S3Prefix: prefix }),
      ExportFormat: 'DYNAMODB_JSON',
      ExportType: 'FULL_EXPORT',
    });
    const answer = await this.send('ExportTableToPointInTime', physicalName, () => this.client.send(command));
    return exportJob(answer.ExportDescription);
  }

  async export(arn: string): Promise<NativeJob> {
    const answer = await this.send('DescribeExport', undefined, () =>
      this.client.send(new DescribeExportCommand({ ExportArn: arn })),
    );
    return exportJob(answer.ExportDescription);
  }

  close(): void {
    this.client.destroy();
  }

  private assertKnown(physicalName: string): void {
    if (this.physicalNames.includes(physicalName)) return;
    throw new WriteForbiddenError(`${physicalName} is no table of this plan.`);
  }

  private async send<T>(action: string, table: string | undefined, request: () => Promise<T>): Promise<T> {
    const attempt = table === undefined ? { action } : { action, table };
    return this.requests.send(attempt, async () => {
      try {
        return await request();
      } catch (error) {
        throw refusalOf(error, table) ?? error;
      }
    });
  }
}

function refusalOf(error: unknown, table: string | undefined): RefusedError | undefined {
  const name = error instanceof Error ? error.name : '';
  if (name === 'UnknownOperationException') {
    return new RefusedError(
      'NATIVE_BACKUP_UNSUPPORTED',
      'This server has no backups of its own; Amazon DynamoDB has.',
      'Leave --native out: node runner backup',
      { cause: error },
    );
  }
  if (
    name === 'PointInTimeRecoveryUnavailableException' ||
    name === 'ContinuousBackupsUnavailableException'
  ) {
    return new RefusedError(
      'RECOVERY_OFF',
      `${table ?? 'The table'} can’t be exported: point-in-time recovery is off.`,
      'Turn it on (aws dynamodb update-continuous-backups), or leave --to out for an on-demand backup.',
      { cause: error },
    );
  }
  return undefined;
}

function backupJob(details: BackupDetails | undefined): NativeJob {
  const status = details?.BackupStatus ?? 'UNKNOWN';
  const state = status === 'AVAILABLE' ? 'done' : status === 'CREATING' ? 'under way' : 'failed';
  return { arn: details?.BackupArn ?? '', status, state };
}

function exportJob(description: ExportDescription | undefined): NativeJob {
  const status = description?.ExportStatus ?? 'UNKNOWN';
  const state = status === 'COMPLETED' ? 'done' : status === 'IN_PROGRESS' ? 'under way' : 'failed';
  const failure = description?.FailureCode;
  return { arn: description?.ExportArn ?? '', status, state, ...(failure === undefined ? {} : { failure }) };
}
