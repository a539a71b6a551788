import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  DirectoryError,
  type DirectoryEntry,
  type ListedDirectory,
} from '../../domain/core-table/user-directory.js';
import { distinct, unreadable } from './directory-entries.js';
import { lineOfRepeatedKey } from './repeated-key.js';

/**
 * A directory in a JSON file (UTF-8): an array of objects with `userId` and `name`, or one object that maps ids to names.
 * Other members are ignored. The file is read whole: it is a list of names, not a table.
 */
export class JsonUserDirectory implements ListedDirectory {
  readonly title: string;

  constructor(private readonly path: string) {
    this.title = basename(path);
  }

  async *entries(): AsyncGenerator<DirectoryEntry> {
    const { title } = this;
    yield* distinct(title, entriesOf(title, parsed(title, await this.text())));
  }

  private async text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      throw unreadable(this.title, error);
    }
  }
}

function parsed(title: string, text: string): unknown {
  const content = contentOf(title, text.replace(/^\ufeff/, ''));
  const line = lineOfRepeatedKey(text);
  if (line !== undefined) throw new DirectoryError(title, `line ${line} names a key of its object again`);
  return content;
}

function contentOf(title: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // the parser quotes the text
    throw new DirectoryError(title, 'is no JSON');
  }
}

function* entriesOf(title: string, content: unknown): Generator<DirectoryEntry> {
  if (typeof content !== 'object' || content === null)
    throw new DirectoryError(title, 'is neither a list of users nor an object of names');
  if (Array.isArray(content)) {
    for (const [index, one] of (content as readonly unknown[]).entries()) yield entryOf(title, index, one);
    return;
  }
  for (const [userId, name] of Object.entries(content)) {
    if (typeof name !== 'string') throw new DirectoryError(title, 'an id has a name that is no text');
    yield { userId, name };
  }
}

function entryOf(title: string, index: number, one: unknown): DirectoryEntry {
  const { userId, name } = (one ?? {}) as { readonly userId?: unknown; readonly name?: unknown };
  if (typeof userId === 'string' && typeof name === 'string') return { userId, name };
  throw new DirectoryError(title, `entry ${index + 1} lacks a userId or a name that is text`);
}
