import { createRequire } from 'node:module';
import type * as Sdk from '@aws-sdk/client-dynamodb';

/**
 * What is used of the SDK's client. It is a CommonJS package: an `import` of it reads all of its source for the names of
 * its exports before it is loaded, which doubles the time of a short command.
 */
export const {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateBackupCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeContinuousBackupsCommand,
  DescribeExportCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExportTableToPointInTimeCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} = createRequire(import.meta.url)('@aws-sdk/client-dynamodb') as typeof Sdk;

export type DynamoDBClient = Sdk.DynamoDBClient;
export type UpdateItemCommand = Sdk.UpdateItemCommand;
