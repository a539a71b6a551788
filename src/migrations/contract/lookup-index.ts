/**
 * A look-up table in the runner: key → text. It holds up to a fixed number of bytes in memory and goes on in
 * files beyond that, so that memory does not grow with the table (invariant 12).
 */
export interface LookupIndex {
  /** Await it: beyond the memory ceiling it writes to disk. */
  put(key: string, value: string): Promise<void>;
  /** Synchronous, so that planners stay pure functions. Sees every `put` that was awaited. */
  get(key: string): string | undefined;
  /** All entries, in no promised order; not to be mixed with `put`. */
  entries(): AsyncIterable<readonly [key: string, value: string]>;
  readonly size: number;
  /** Frees memory and removes its files. */
  close(): Promise<void>;
}

export interface LookupIndexes {
  /** `name` is for humans (file names, errors); two indexes of one name do not share anything. */
  create(name: string): LookupIndex;
}
