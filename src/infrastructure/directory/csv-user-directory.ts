import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  DirectoryError,
  type DirectoryEntry,
  type ListedDirectory,
} from '../../domain/core-table/user-directory.js';
import { csvRecords } from './csv.js';
import { distinct, unreadable } from './directory-entries.js';

/**
 * A directory in a CSV file (RFC 4180, UTF-8) whose first line names the columns, `userId` and `name` among them. Other
 * columns are ignored.
 */
export class CsvUserDirectory implements ListedDirectory {
  readonly title: string;

  constructor(private readonly path: string) {
    this.title = basename(path);
  }

  async *entries(): AsyncGenerator<DirectoryEntry> {
    const { title } = this;
    yield* distinct(title, entriesOf(title, await this.text()));
  }

  private async text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      throw unreadable(this.title, error);
    }
  }
}

function* entriesOf(title: string, text: string): Generator<DirectoryEntry> {
  let columns: { readonly userId: number; readonly name: number } | undefined;
  let line = 0;
  for (const fields of csvRecords(title, text)) {
    line += 1;
    if (columns === undefined) {
      columns = columnsOf(title, fields);
      continue;
    }
    const [userId, name] = [fields[columns.userId], fields[columns.name]];
    if (userId === undefined || name === undefined)
      throw new DirectoryError(title, `record ${line} has fewer fields than the first one`);
    yield { userId, name };
  }
  // an export that was cut off would give everybody a name from elsewhere
  if (columns === undefined) throw new DirectoryError(title, 'is empty, without the names of its columns');
}

function columnsOf(title: string, header: readonly string[]): { userId: number; name: number } {
  const [userId, name] = [header.indexOf('userId'), header.indexOf('name')];
  if (userId >= 0 && name >= 0) return { userId, name };
  throw new DirectoryError(title, 'the first record does not name the columns userId and name');
}
