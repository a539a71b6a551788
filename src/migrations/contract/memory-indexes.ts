import type { LookupIndex, LookupIndexes } from './lookup-index.js';

/**
 * Look-ups in memory that promise no more than the contract: a `put` counts once it was awaited, entries come in no
 * order that anybody can rely on.
 */
export class MemoryIndexes implements LookupIndexes {
  constructor(private readonly entriesReversed = false) {}

  create(): LookupIndex {
    const map = new Map<string, string>();
    const reversed = this.entriesReversed;
    return {
      put: async (key, value) => {
        await Promise.resolve();
        map.set(key, value);
      },
      get: (key) => map.get(key),
      entries: async function* () {
        await Promise.resolve();
        yield* reversed ? [...map].reverse() : [...map];
      },
      get size() {
        return map.size;
      },
      close: () => {
        map.clear();
        return Promise.resolve();
      },
    };
  }
}
