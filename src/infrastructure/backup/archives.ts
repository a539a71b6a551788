import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { S3Client } from '@aws-sdk/client-s3';

import type { BackupArchive, BackupArchives } from '../../runner/ports/backup-archive.js';
import type { S3Location } from '../../runner/ports/backup-location.js';
import { s3Location } from '../../runner/ports/backup-location.js';
import { UsageError } from '../../runner/ports/errors.js';
import { isAbsent } from '../journal/owner-only-files.js';
import { ExportArchive } from './export-archive.js';
import { BACKUP_MANIFEST } from './export-layout.js';
import { FolderPlace } from './folder-place.js';

interface ArchivesOptions {
  /** folder for the backups that are given no place */
  readonly folder: string;
  /** undefined: what the AWS SDK resolves */
  readonly region?: string;
  /** bytes of JSON per data file; undefined: 128 MB */
  readonly fileBytes?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const CONNECTION_TIMEOUT_MS = 5_000;
const SOCKET_TIMEOUT_MS = 60_000;

/** Backups in folders and in S3. */
export class ExportArchives implements BackupArchives {
  constructor(
    private readonly options: ArchivesOptions,
    private readonly env: Environment = process.env,
  ) {}

  defaultLocation(backup: string): string {
    return join(this.options.folder, backup);
  }

  async newest(plan: string, env: string): Promise<string | undefined> {
    const begin = `${plan}-${env}-`;
    const names = (await namesIn(this.options.folder))
      .filter((name) => name.startsWith(begin) && /^\d{8}T\d{6}Z-[0-9a-f]{6}$/.test(name.slice(begin.length)))
      .sort()
      .reverse();
    for (const name of names) {
      const location = this.defaultLocation(name);
      if ((await namesIn(location)).includes(BACKUP_MANIFEST)) return location;
    }
    return undefined;
  }

  async open(location: string): Promise<BackupArchive> {
    const s3 = s3Location(location);
    if (s3 !== undefined) return new ExportArchive(await this.s3Place(s3), this.options.fileBytes);
    if (location !== '' && !/^[a-z][a-z0-9+.-]+:\/\//i.test(location))
      return new ExportArchive(new FolderPlace(location), this.options.fileBytes);
    throw new UsageError(
      'BACKUP_LOCATION',
      `${location === '' ? 'An empty text' : location} is no place for a backup.`,
      'Name a folder, or s3://bucket/prefix.',
    );
  }

  private async s3Place(place: S3Location) {
    const [commands, uploads, { S3Place }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('@aws-sdk/lib-storage'),
      import('./s3-place.js'),
    ]);
    return new S3Place(place, this.client(commands.S3Client), { commands, uploads });
  }

  private client(Client: typeof S3Client): S3Client {
    const { region } = this.options;
    return new Client({
      ...(region === undefined ? {} : { region }),
      ...(this.hasOwnEndpoint() ? OTHER_SERVERS : {}),
      requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: SOCKET_TIMEOUT_MS },
    });
  }

  /** The SDK takes the endpoint from these by itself. */
  private hasOwnEndpoint(): boolean {
    const found = this.env['AWS_ENDPOINT_URL_S3'] ?? this.env['AWS_ENDPOINT_URL'];
    return found !== undefined && found !== '';
  }
}

/**
 * Servers that are not Amazon’s have no host name per bucket, and many store the SDK’s checksum trailers as content. We
 * compare checksums ourselves, by reading everything again.
 */
const OTHER_SERVERS = {
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
