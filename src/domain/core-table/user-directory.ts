/** What a directory says of a user. */
export interface DirectoryEntry {
  readonly userId: string;
  readonly name: string;
}

/**
 * The identity provider or a list that was taken from it (C-X08). Read as a whole once per look at the tables: decisions
 * on records are pure functions, so nothing is asked while they are made.
 */
export interface UserDirectory {
  /** for humans, e.g. the name of the file */
  readonly title: string;
  /** Each user at most once, in no promised order; streamed. Throws `DirectoryError` for what can't be read. */
  entries(): AsyncIterable<DirectoryEntry>;
}

/** A directory that can't be read as one. The message names places and fields, never what stands there. */
export class DirectoryError extends Error {
  constructor(title: string, problem: string) {
    super(`${title}: ${problem}`);
    this.name = 'DirectoryError';
  }
}
