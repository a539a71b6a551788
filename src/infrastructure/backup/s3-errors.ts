import type { S3Client } from '@aws-sdk/client-s3';

import { RefusedError, StoreError } from '../../runner/ports/errors.js';
import { toStoreError } from '../dynamodb/store-errors.js';

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes(error.name);
}

/**
 * What the runner is told of an error of S3. Errors of something else, e.g. of the table that was being read into an
 * upload, pass through. `permission`: what the role in use needs.
 */
export async function s3Error(
  error: unknown,
  permission: string,
  bucket: string,
  client: S3Client,
): Promise<Error> {
  if (isCode(error, 'NoSuchBucket', 'PermanentRedirect', 'InvalidBucketName')) {
    return new RefusedError(
      'BACKUP_LOCATION',
      `There is no bucket ${bucket} in this region (${(error as Error).name}).`,
      'Create the bucket, or correct its name or the region (AWS_REGION).',
      { cause: error },
    );
  }
  if (isCode(error, 'AccessDenied', 'Forbidden')) {
    return new StoreError(
      'STORE_DENIED',
      `Access to bucket ${bucket} was denied.`,
      `Let the role in use perform ${permission} on this bucket and its objects.`,
      { cause: error },
    );
  }
  const told = toStoreError(error, {
    action: `${permission} on bucket ${bucket}`,
    endpoint: await hostOf(client),
  });
  const next = NEXT.get(told.code);
  return next === undefined ? told : new StoreError(told.code, told.message, next, { cause: error });
}

/** Where S3 needs another advice than DynamoDB. */
const NEXT: ReadonlyMap<string, string> = new Map([
  ['STORE_UNREACHABLE', 'Check the network, the region and AWS_ENDPOINT_URL_S3; then run the command again.'],
  ['STORE_THROTTLED', 'Run the command again when the bucket is less busy.'],
  ['STORE_FAILED', 'Run the command again; the error’s name tells where to look in the S3 documentation.'],
]);

async function hostOf(client: S3Client): Promise<string> {
  const custom = await client.config.endpoint?.().catch(() => undefined);
  if (custom === undefined) return 'S3';
  const { hostname, port, protocol } = custom;
  return `${hostname}:${port ?? (protocol === 'http:' ? 80 : 443)}`;
}
