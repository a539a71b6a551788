import { UsageError } from './errors.js';

/** An S3 bucket and the beginning of the keys in it, without slashes at its ends; empty: the whole bucket. */
export interface S3Location {
  readonly bucket: string;
  readonly prefix: string;
}

/** Names of buckets as S3 has them (user guide, "General purpose bucket naming rules"). */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** undefined: no S3 location. Throws `UsageError` (`BACKUP_LOCATION`) for one that is written wrong. */
export function s3Location(location: string): S3Location | undefined {
  if (!/^s3:\/\//i.test(location)) return undefined;
  const [bucket = '', ...keys] = location.slice('s3://'.length).split('/');
  const prefix = keys.join('/').replace(/^\/+|\/+$/g, '');
  if (BUCKET.test(bucket) && !prefix.includes('//')) return { bucket, prefix };
  throw new UsageError(
    'BACKUP_LOCATION',
    `${location} is no place in S3.`,
    'Write it as s3://bucket/prefix.',
  );
}
