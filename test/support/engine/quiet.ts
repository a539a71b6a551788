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
