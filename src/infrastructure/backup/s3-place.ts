import { Readable } from 'node:stream';

import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

import { backupExists } from './backup-exists.js';
import type { BackupPlace, WrittenObject } from './backup-place.js';
import { MissingObject } from './backup-place.js';
import { isCode, s3Error } from './s3-errors.js';
import type { S3Location } from '../../runner/ports/backup-location.js';

type Commands = typeof import('@aws-sdk/client-s3');
type Uploads = typeof import('@aws-sdk/lib-storage');

/** What is loaded only where a backup is in S3: the modules are large. */
interface S3Modules {
  readonly commands: Commands;
  readonly uploads: Uploads;
}

/** Bytes of one part of an upload and how many are under way: a file being written holds so much memory. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_UNDER_WAY = 2;

/** A part of an S3 bucket. What is written there is seen whole or not at all. */
export class S3Place implements BackupPlace {
  readonly bucket: string;
  readonly keyPrefix: string;
  private readonly written = new Set<string>();

  constructor(
    place: S3Location,
    private readonly client: S3Client,
    private readonly modules: S3Modules,
  ) {
    this.bucket = place.bucket;
    this.keyPrefix = place.prefix === '' ? '' : `${place.prefix}/`;
  }

  get location(): string {
    return `s3://${this.bucket}/${this.keyPrefix}`.replace(/\/$/, '');
  }

  async isEmpty(): Promise<boolean> {
    const { ListObjectsV2Command } = this.modules.commands;
    const found = await this.told('s3:ListBucket', () =>
      this.client.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.keyPrefix, MaxKeys: 1 })),
    );
    return (found.Contents ?? []).length === 0;
  }

  async put(
    name: string,
    content: Buffer,
    options?: { readonly exclusive: boolean },
  ): Promise<WrittenObject> {
    const condition = options?.exclusive === true ? { IfNoneMatch: '*' } : {};
    const command = new this.modules.commands.PutObjectCommand({
      ...this.object(name),
      ...condition,
      Body: content,
    });
    const answer = await this.told('s3:PutObject', async () => {
      try {
        return await this.client.send(command);
      } catch (error) {
        if (isCode(error, 'PreconditionFailed')) throw backupExists(this.location);
        throw error;
      }
    });
    this.written.add(name);
    return { etag: etagOf(answer.ETag) };
  }

  async write(name: string, content: AsyncIterable<Uint8Array>): Promise<WrittenObject> {
    const upload = new this.modules.uploads.Upload({
      client: this.client,
      params: { ...this.object(name), Body: Readable.from(content, { objectMode: false }) },
      partSize: PART_BYTES,
      queueSize: PARTS_UNDER_WAY,
    });
    const answer = await this.told('s3:PutObject', () => upload.done());
    this.written.add(name);
    return { etag: etagOf(answer.ETag) };
  }

  async *read(name: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const options = signal === undefined ? {} : { abortSignal: signal };
    const command = new this.modules.commands.GetObjectCommand(this.object(name));
    try {
      const { Body } = await this.client.send(command, options);
      for await (const chunk of Body as AsyncIterable<Uint8Array>) yield chunk;
    } catch (error) {
      signal?.throwIfAborted();
      if (isCode(error, 'NoSuchKey')) throw new MissingObject(name, { cause: error });
      throw await s3Error(error, 's3:GetObject', this.bucket, this.client);
    }
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  async discard(): Promise<void> {
    const { DeleteObjectCommand } = this.modules.commands;
    for (const name of this.written) await this.client.send(new DeleteObjectCommand(this.object(name)));
  }

  close(): void {
    this.client.destroy();
  }

  private object(
    name: string,
  ): Pick<PutObjectCommandInput, 'Bucket' | 'Key'> & { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: this.keyPrefix + name };
  }

  private async told<T>(permission: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await s3Error(error, permission, this.bucket, this.client);
    }
  }
}

function etagOf(quoted: string | undefined): string {
  return (quoted ?? '').replaceAll('"', '');
}
