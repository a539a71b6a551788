import {
  DirectoryError,
  type DirectoryEntry,
  type ListedDirectory,
} from '../../domain/core-table/user-directory.js';
import { UsageError } from '../../runner/ports/errors.js';
import { CsvUserDirectory } from './csv-user-directory.js';
import { JsonUserDirectory } from './json-user-directory.js';

/**
 * A directory in a file that the environment names: CSV or JSON, by its ending. Throws `UsageError`
 * (`DIRECTORY_INVALID`) where it is no directory.
 */
export class FileUserDirectory implements ListedDirectory {
  readonly title: string;
  private readonly content: ListedDirectory;

  constructor(path: string) {
    this.content = path.toLowerCase().endsWith('.csv')
      ? new CsvUserDirectory(path)
      : new JsonUserDirectory(path);
    this.title = this.content.title;
  }

  async *entries(): AsyncGenerator<DirectoryEntry> {
    try {
      yield* this.content.entries();
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      const next = 'Correct the file, or the directory among the plan’s options in the environment file.';
      throw new UsageError('DIRECTORY_INVALID', `The directory of users: ${error.message}.`, next, {
        cause: error,
      });
    }
  }
}
