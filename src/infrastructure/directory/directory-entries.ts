import { DirectoryError, type DirectoryEntry } from '../../domain/core-table/user-directory.js';

/** The same entries. Throws `DirectoryError` for a user who is named twice: which name is right nobody can say. */
export function* distinct(title: string, entries: Iterable<DirectoryEntry>): Generator<DirectoryEntry> {
  const seen = new Set<string>();
  for (const entry of entries) {
    if (seen.has(entry.userId)) throw new DirectoryError(title, `entry ${seen.size + 1} names a user again`);
    seen.add(entry.userId);
    yield entry;
  }
}

/** Why a file could not be read, without its path. */
export function unreadable(title: string, error: unknown): DirectoryError {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return new DirectoryError(title, `can't be read (${typeof code === 'string' ? code : 'unknown error'})`);
}
