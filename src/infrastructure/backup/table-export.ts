import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { ExportedTable, ExportSource, TableExport } from '../../runner/ports/backup-archive.js';
import type { BackupPlace } from './backup-place.js';
import type { DataFileEntry } from './data-file.js';
import { toLines, writeDataFile } from './data-file.js';
import { checksumFile, ExportFolder, exportId, md5Of } from './export-layout.js';

/** Bytes of JSON after which a part goes on in another file; compressed it is a small part of that. */
const FILE_BYTES = 128 * 1024 * 1024;

/** Writes one table in the layout of DynamoDB's table export. */
export class DynamoTableExport implements TableExport {
  private readonly id: string;
  private readonly folder: ExportFolder;
  private readonly entries: DataFileEntry[] = [];
  private bytes = 0;

  constructor(
    private readonly place: BackupPlace,
    private readonly source: ExportSource,
    private readonly startedAt: Date,
    private readonly fileBytes = FILE_BYTES,
  ) {
    this.id = exportId(startedAt);
    this.folder = new ExportFolder(source.physicalName, this.id);
  }

  async start(): Promise<void> {
    await this.place.put(this.folder.started, Buffer.alloc(0));
  }

  async write(pages: AsyncIterable<readonly StoredItem[]>): Promise<void> {
    const iterator = filled(pages);
    try {
      let page = await iterator.next();
      while (page.done !== true) {
        let [bytes, items] = [0, 0];
        const lines = async function* (limit: number): AsyncGenerator<Buffer> {
          while (page.done !== true && bytes < limit) {
            const encoded = toLines(page.value);
            bytes += encoded.length;
            items += page.value.length;
            yield encoded;
            page = await iterator.next();
          }
        };
        await this.writeFile(lines(this.fileBytes), () => items);
      }
    } finally {
      await iterator.return(undefined);
    }
  }

  async finish(): Promise<ExportedTable> {
    // DynamoDB writes a file without lines for a partition without rows
    if (this.entries.length === 0) await this.writeFile(nothing(), () => 0);
    const lines = this.entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await this.putManifest(this.folder.files, lines);
    await this.putManifest(this.folder.summary, `${JSON.stringify(this.summary())}\n`);
    return { export: this.id, items: this.items(), bytes: this.bytes, files: this.entries.length };
  }

  private async writeFile(lines: AsyncIterable<Uint8Array>, items: () => number): Promise<void> {
    const name = this.folder.dataFile();
    const { bytes, md5, etag } = await writeDataFile(this.place, name, lines);
    this.bytes += bytes;
    this.entries.push({
      itemCount: items(),
      md5Checksum: md5,
      etag,
      dataFileS3Key: this.place.keyPrefix + name,
    });
  }

  /** The checksum first: where a manifest is, its checksum is too. */
  private async putManifest(name: string, text: string): Promise<void> {
    const content = Buffer.from(text);
    await this.place.put(checksumFile(name), Buffer.from(md5Of(content)));
    await this.place.put(name, content);
  }

  private items(): number {
    return this.entries.reduce((sum, { itemCount }) => sum + itemCount, 0);
  }

  /** The fields of a full export. Those that only the service can know are null. */
  private summary(): object {
    const { place, source, startedAt } = this;
    return {
      version: '2020-06-30',
      exportArn: null,
      startTime: startedAt.toISOString(),
      endTime: new Date().toISOString(),
      tableArn: source.arn ?? null,
      tableId: source.id ?? null,
      exportTime: startedAt.toISOString(),
      s3Bucket: place.bucket,
      s3Prefix: `${place.keyPrefix}${source.physicalName}`,
      s3SseAlgorithm: null,
      s3SseKmsKeyId: null,
      manifestFilesS3Key: place.keyPrefix + this.folder.files,
      billedSizeBytes: 0,
      itemCount: this.items(),
      outputFormat: 'DYNAMODB_JSON',
    };
  }
}

/** Pages with rows in them: a scan gives empty ones too. */
async function* filled(
  pages: AsyncIterable<readonly StoredItem[]>,
): AsyncGenerator<readonly StoredItem[], undefined> {
  for await (const page of pages) if (page.length > 0) yield page;
  return undefined;
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // an empty file
}
