import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RunFiles } from '../../runner/ports/run-files.js';

/** Files of runs under one folder (`.waybill/runs/<run>/`). */
export class FolderOfRuns implements RunFiles {
  constructor(private readonly root: string) {}

  folder(run: string): string {
    return join(this.root, run);
  }

  async write(run: string, name: string, chunks: AsyncIterable<string>): Promise<void> {
    await mkdir(this.folder(run), { recursive: true, mode: 0o700 });
    await pipeline(chunks, createWriteStream(join(this.folder(run), name), { mode: 0o600 }));
  }
}
