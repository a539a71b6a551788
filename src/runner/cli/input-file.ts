import { access, constants, readFile } from 'node:fs/promises';
import { UsageError } from '../ports/errors.js';

/** Throws `UsageError` `INPUT_UNREADABLE` for a file that is not there or that may not be read. */
export async function requireReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new UsageError(
      'INPUT_UNREADABLE',
      `The file ${path} can't be read (${code}).`,
      'Name a file that is there and that you may read.',
      { cause: error },
    );
  }
}

/** The text of a file (UTF-8). Throws as {@link requireReadable}. */
export async function inputText(path: string): Promise<string> {
  await requireReadable(path);
  return readFile(path, 'utf8');
}
