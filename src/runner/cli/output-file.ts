import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { UsageError } from '../ports/errors.js';
import { gathered } from './output.js';

/**
 * Writes a new file, readable by its owner only. Throws `UsageError` where the file exists (`OUTPUT_EXISTS`) or
 * can't be made (`OUTPUT_UNWRITABLE`); when the source of the text fails, the half-written file is removed.
 */
export async function writeNewFile(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const file = await create(path);
  try {
    for await (const piece of gathered(pieces)) await file.appendFile(piece, 'utf8');
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new UsageError(
        'OUTPUT_EXISTS',
        `The file ${path} exists and is never overwritten.`,
        'Name another file, or move this one away.',
      );
    }
    throw new UsageError(
      'OUTPUT_UNWRITABLE',
      `The file ${path} can't be written (${code}).`,
      'Name a file in a folder that exists and that you may write to.',
      { cause: error },
    );
  }
}
