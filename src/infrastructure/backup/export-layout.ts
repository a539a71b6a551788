import { createHash, randomBytes } from 'node:crypto';

/**
 * Names in the layout of DynamoDB's table export (developer guide, "DynamoDB table export output format"). The guide
 * calls the files with the manifests' checksums `.checksum`; the service itself writes `.md5`, and so do we.
 */
export const BACKUP_MANIFEST = 'waybill-backup.json';

/** The file with the checksum of a manifest: its MD5 in base64, nothing else. */
export function checksumFile(manifest: string): string {
  return manifest.replace(/\.json$/, '.md5');
}

/** Where the files of one table's export are. */
export class ExportFolder {
  constructor(
    private readonly physicalName: string,
    private readonly id: string,
  ) {}

  get path(): string {
    return `${this.physicalName}/AWSDynamoDB/${this.id}`;
  }

  /** an empty file that shows that the place can be written to */
  get started(): string {
    return `${this.path}/_started`;
  }

  get summary(): string {
    return `${this.path}/manifest-summary.json`;
  }

  get files(): string {
    return `${this.path}/manifest-files.json`;
  }

  dataFile(): string {
    return `${this.path}/data/${randomName()}.json.gz`;
  }

  /**
   * The data file of a key in the manifest. Only its last part counts, so that a backup may be copied between buckets
   * and folders. undefined: no data file has such a name.
   */
  dataFileOf(key: unknown): string | undefined {
    const name = typeof key === 'string' ? key.slice(key.lastIndexOf('/') + 1) : '';
    return /^[a-z0-9]+\.json\.gz$/i.test(name) ? `${this.path}/data/${name}` : undefined;
  }
}

/** As DynamoDB makes them: milliseconds since 1970 in 14 digits and a random part. */
export function exportId(startedAt: Date): string {
  return `${String(startedAt.getTime()).padStart(14, '0')}-${randomBytes(4).toString('hex')}`;
}

/** Whether a text can be the id of an export; it becomes part of paths. */
export function isExportId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9]{14}-[0-9a-f]{8}$/.test(id);
}

/** Whether a text can be the name of a table (API reference: TableName); it becomes part of paths. */
export function isTableName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z0-9_.-]{3,255}$/.test(name);
}

/** MD5 in base64, as the manifests have it. Against accidents only: content is compared by SHA-256. */
export function md5Of(content: Uint8Array): string {
  return createHash('md5').update(content).digest('base64');
}

/** 26 letters and digits. */
function randomName(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return Array.from(randomBytes(26), (byte) => alphabet[byte % alphabet.length]).join('');
}
