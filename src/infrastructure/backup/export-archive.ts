import type { StoredItem } from '../../domain/storage/stored-value.js';
import type {
  BackedUpTable,
  BackupArchive,
  BackupManifest,
  ExportSource,
  TableExport,
} from '../../runner/ports/backup-archive.js';
import { backupDamaged } from '../../runner/ports/backup-archive.js';
import { RefusedError } from '../../runner/ports/errors.js';
import { backupExists } from './backup-exists.js';
import type { BackupPlace } from './backup-place.js';
import { MissingObject } from './backup-place.js';
import type { DataFileEntry } from './data-file.js';
import { readDataFile } from './data-file.js';
import { BACKUP_MANIFEST, checksumFile, ExportFolder, md5Of } from './export-layout.js';
import { BACKUP_FORMAT, manifestFrom } from './manifest.mapper.js';
import { DynamoTableExport } from './table-export.js';

/** Longest manifest: one line per data file, so of a backup far beyond any table. */
const MANIFEST_BYTES = 64 * 1024 * 1024;

/** A backup in the layout of DynamoDB's table export, a folder per table, with a manifest over all of them. */
export class ExportArchive implements BackupArchive {
  readonly location: string;

  constructor(
    private readonly place: BackupPlace,
    /** bytes of JSON per data file; undefined: 128 MB */
    private readonly fileBytes?: number,
  ) {
    this.location = place.location;
  }

  async claim(): Promise<void> {
    if (!(await this.place.isEmpty())) throw backupExists(this.location);
  }

  async exportTable(source: ExportSource, startedAt: Date): Promise<TableExport> {
    const table = new DynamoTableExport(this.place, source, startedAt, this.fileBytes);
    await table.start();
    return table;
  }

  async seal(manifest: BackupManifest): Promise<void> {
    const content = Buffer.from(`${JSON.stringify({ format: BACKUP_FORMAT, ...manifest }, null, 2)}\n`);
    await this.place.put(checksumFile(BACKUP_MANIFEST), Buffer.from(md5Of(content)), { exclusive: true });
    await this.place.flush();
    await this.place.put(BACKUP_MANIFEST, content, { exclusive: true });
    await this.place.flush();
  }

  discard(): Promise<void> {
    return this.place.discard();
  }

  async manifest(): Promise<BackupManifest> {
    const content = await this.checked(BACKUP_MANIFEST, (cause) => this.missing(cause));
    return manifestFrom(content, (what, cause) => backupDamaged(this.location, BACKUP_MANIFEST, what, cause));
  }

  async *rows(table: BackedUpTable, signal?: AbortSignal): AsyncGenerator<readonly StoredItem[]> {
    const folder = new ExportFolder(table.physicalName, table.export);
    await this.checkSummary(folder, table);
    let items = 0;
    for (const { name, entry } of await this.entries(folder)) {
      for await (const group of readDataFile(this.place, name, entry, signal)) {
        signal?.throwIfAborted();
        yield group;
      }
      items += entry.itemCount;
    }
    if (items !== table.items)
      throw this.damaged(folder.files, `lists ${items} rows, ${BACKUP_MANIFEST} says ${table.items}`);
  }

  close(): Promise<void> {
    this.place.close();
    return Promise.resolve();
  }

  private async checkSummary(folder: ExportFolder, table: BackedUpTable): Promise<void> {
    const content = await this.checked(folder.summary);
    const { itemCount, outputFormat } = this.parsed(folder.summary, content) as Record<string, unknown>;
    if (outputFormat !== 'DYNAMODB_JSON') throw this.damaged(folder.summary, 'is of another format');
    if (itemCount !== table.items)
      throw this.damaged(
        folder.summary,
        `says ${String(itemCount)} rows, ${BACKUP_MANIFEST} says ${table.items}`,
      );
  }

  private async entries(
    folder: ExportFolder,
  ): Promise<readonly { readonly name: string; readonly entry: DataFileEntry }[]> {
    const lines = (await this.checked(folder.files)).toString('utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const entry = this.parsed(folder.files, line) as DataFileEntry;
      const name = folder.dataFileOf(entry.dataFileS3Key);
      if (name === undefined) throw this.damaged(folder.files, 'lists a file with an impossible name');
      return { name, entry };
    });
  }

  /** A manifest that has the MD5 its checksum file says. */
  private async checked(name: string, absent?: (cause: unknown) => Error): Promise<Buffer> {
    const content = await this.whole(name, absent);
    const checksum = (await this.whole(checksumFile(name))).toString('latin1');
    const found = md5Of(content);
    if (found === checksum) return content;
    throw this.damaged(name, `has the MD5 ${found}, ${checksumFile(name)} says something else`);
  }

  private async whole(name: string, absent?: (cause: unknown) => Error): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of this.place.read(name)) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > MANIFEST_BYTES) throw this.damaged(name, 'is far too long');
      }
    } catch (error) {
      if (error instanceof MissingObject) throw absent?.(error) ?? this.damaged(name, 'is missing', error);
      throw error;
    }
    return Buffer.concat(chunks);
  }

  private parsed(name: string, json: Buffer | string): unknown {
    try {
      return JSON.parse(json.toString('utf8')) as unknown;
    } catch (error) {
      throw this.damaged(name, 'is no JSON', error);
    }
  }

  private damaged(file: string, what: string, cause?: unknown): RefusedError {
    return backupDamaged(this.location, file, what, cause);
  }

  private missing(cause: unknown): RefusedError {
    return new RefusedError(
      'BACKUP_MISSING',
      `There is no finished backup at ${this.location}.`,
      'Name the place of a backup with --from; `node runner backup list` lists those that were verified.',
      { cause },
    );
  }
}
