/** What a directory says of a user. */
export interface DirectoryEntry {
  readonly userId: string;
  readonly name: string;
}

/** A directory that is read as a whole, once per look at the tables. */
export interface ListedDirectory {
  /** for humans, e.g. the name of the file */
  readonly title: string;
  /** Each user at most once, in no promised order; streamed. Throws `DirectoryError` for what can't be read. */
  entries(): AsyncIterable<DirectoryEntry>;
}

/** A directory that is asked for users, because it may have many more than the tables. */
export interface AskedDirectory {
  readonly title: string;
  /** The names of those of these users that it knows. */
  namesOf(userIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

/**
 * The identity provider or a list that was taken from it (C-X08). Decisions on records are pure functions, so nothing is
 * asked while they are made: names are looked up before.
 */
export type UserDirectory = ListedDirectory | AskedDirectory;

/** A directory that can't be read as one. The message names places and fields, never what stands there. */
export class DirectoryError extends Error {
  constructor(title: string, problem: string) {
    super(`${title}: ${problem}`);
    this.name = 'DirectoryError';
  }
}
