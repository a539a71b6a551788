import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, readdir, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { RefusedError } from '../../runner/ports/errors.js';
import { isAbsent, OWNER_FILE, ownerOnlyFolder } from '../journal/owner-only-files.js';
import { backupExists } from './backup-exists.js';
import type { BackupPlace, WrittenObject } from './backup-place.js';
import { MissingObject } from './backup-place.js';

/** A folder on this machine. Its owner alone may read it: backups are personal data. */
export class FolderPlace implements BackupPlace {
  readonly bucket = null;
  readonly keyPrefix = '';
  private readonly root: string;
  /** folders that were written to, to be flushed */
  private readonly folders = new Set<string>();
  /** paths of files, to be discarded */
  private readonly written = new Set<string>();

  constructor(readonly location: string) {
    this.root = resolve(location);
  }

  isEmpty(): Promise<boolean> {
    return this.told('read', async () => {
      try {
        return (await readdir(this.root)).length === 0;
      } catch (error) {
        if (isNoEntry(error)) return true;
        throw error;
      }
    });
  }

  async put(
    name: string,
    content: Buffer,
    options?: { readonly exclusive: boolean },
  ): Promise<WrittenObject> {
    if (options?.exclusive !== true) return this.write(name, [content]);
    const temporary = `${name}.${randomBytes(6).toString('hex')}.tmp`;
    const written = await this.write(temporary, [content]);
    return this.told('write', async () => {
      try {
        // unlike a rename it never replaces, and what it makes visible is whole
        await link(join(this.root, temporary), join(this.root, name));
        this.written.add(join(this.root, name));
        return written;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw backupExists(this.location);
        throw error;
      } finally {
        await unlink(join(this.root, temporary));
      }
    });
  }

  write(name: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<WrittenObject> {
    return this.told('write', async () => {
      const path = join(this.root, name);
      await this.folder(dirname(path));
      const md5 = createHash('md5');
      const file = await open(path, 'wx', OWNER_FILE);
      this.written.add(path);
      try {
        for await (const chunk of content) {
          md5.update(chunk);
          await file.writeFile(chunk);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      return { etag: md5.digest('hex') };
    });
  }

  async *read(name: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const stream = createReadStream(join(this.root, name), signal === undefined ? {} : { signal });
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      signal?.throwIfAborted();
      if (isAbsent(error)) throw new MissingObject(name, { cause: error });
      throw told(this.location, 'read', error);
    }
  }

  async flush(): Promise<void> {
    await this.told('write', async () => {
      for (const path of this.folders) {
        const folder = await open(path, 'r');
        try {
          await folder.sync();
        } finally {
          await folder.close();
        }
      }
    });
  }

  /** Only files of this very backup: somebody else may write to the folder too. */
  async discard(): Promise<void> {
    for (const path of this.written) await rm(path, { force: true });
    const deepestFirst = [...this.folders].sort((left, right) => right.length - left.length);
    // a folder that holds something else stays
    for (const path of deepestFirst) await rmdir(path).catch(() => undefined);
  }

  close(): void {
    // nothing is open between calls
  }

  private async folder(path: string): Promise<void> {
    if (this.folders.has(path)) return;
    for (let above = path; above.startsWith(this.root); above = dirname(above)) {
      await ownerOnlyFolder(above);
      this.folders.add(above);
      if (dirname(above) === above) return;
    }
  }

  private async told<T>(what: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw told(this.location, what, error);
    }
  }
}

/** System errors become a refusal with their code; any other error, e.g. of the table that is read, stays. */
function told(location: string, what: 'read' | 'write', error: unknown): Error {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return error as Error;
  return new RefusedError(
    'BACKUP_LOCATION',
    `The folder ${location} can’t be ${what === 'read' ? 'read' : 'written to'} (${code}).`,
    'Check the path, its permissions and the free space, or name another place.',
    { cause: error },
  );
}

function isNoEntry(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
