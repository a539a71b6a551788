import type { LookupIndex, LookupIndexes } from '../../../src/migrations/contract/lookup-index.js';
import type { Progress } from '../../../src/runner/ports/progress.js';
import type { RunFiles } from '../../../src/runner/ports/run-files.js';
import type { RunLog } from '../../../src/runner/ports/run-log.js';

export const quietProgress: Progress = {
  started: () => undefined,
  advanced: () => undefined,
  finished: () => undefined,
};

export const quietLog: RunLog & { toFile(path: string): void } = {
  event: () => undefined,
  toFile: () => undefined,
};

/** Reports are rendered to their end, so that a broken one fails the test, and kept nowhere. */
export const quietFiles: RunFiles = {
  folder: (run) => run,
  write: async (_run, _name, chunks) => {
    for await (const chunk of chunks) if (typeof chunk !== 'string') throw new TypeError('a report is text');
  },
};

/** Look-ups in a plain Map, for tests that are not about look-ups. */
export class MapIndexes implements LookupIndexes {
  create(): LookupIndex {
    const map = new Map<string, string>();
    return {
      put: (key, value) => Promise.resolve(void map.set(key, value)),
      get: (key) => map.get(key),
      // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
      entries: async function* () {
        yield* map.entries();
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
