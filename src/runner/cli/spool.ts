import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gathered } from './output.js';

/** Characters kept in memory before a private temporary file takes over. */
const MEMORY_LIMIT = 1_048_576;

/**
 * The same text, but not a character of it before the source has come to its end: what fails half-way leaves
 * nothing behind, so that stdout still gets one whole JSON document. Memory does not grow with the text.
 */
export async function* spooled(
  pieces: AsyncIterable<string>,
  memoryLimit = MEMORY_LIMIT,
): AsyncGenerator<string> {
  const held: string[] = [];
  let size = 0;
  let file: SpoolFile | undefined;
  try {
    for await (const piece of gathered(pieces)) {
      size += piece.length;
      if (size <= memoryLimit) {
        held.push(piece);
      } else {
        file ??= await SpoolFile.create();
        await file.append(piece);
      }
    }
    yield* held;
    if (file !== undefined) yield* file.read();
  } finally {
    await file?.remove();
  }
}

class SpoolFile {
  private constructor(
    private readonly folder: string,
    private readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  static async create(): Promise<SpoolFile> {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-'));
    const path = join(folder, 'output');
    return new SpoolFile(folder, path, await open(path, 'wx', 0o600));
  }

  async append(text: string): Promise<void> {
    await this.handle.appendFile(text, 'utf8');
  }

  async *read(): AsyncGenerator<string> {
    for await (const text of createReadStream(this.path, { encoding: 'utf8' })) yield String(text);
  }

  async remove(): Promise<void> {
    await this.handle.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
