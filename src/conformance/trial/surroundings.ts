import type { Environment } from '../../runner/ports/environment.js';
import type { Progress } from '../../runner/ports/progress.js';
import type { RunFiles } from '../../runner/ports/run-files.js';

/** Few, so that a segment has several slices. */
export const PAGE_ROWS = 7;
export const SEGMENTS = 2;

export const ENVIRONMENT: Environment = {
  ...{ name: 'dev', title: 'Conformance', suffix: '', embedded: false, seedable: false, production: false },
  ...{ backup: 'advised', backupHours: 24, tables: {}, attributes: {}, segments: SEGMENTS, concurrency: 4 },
};

export const NO_PROGRESS: Progress = {
  started: () => undefined,
  advanced: () => undefined,
  finished: () => undefined,
};

/** The journal has it all. */
export const NO_FILES: RunFiles = { folder: (run) => run, write: () => Promise.resolve() };
