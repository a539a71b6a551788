import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../infrastructure/config/environments.js';
import { createRunLog } from '../../infrastructure/logging/run-log.js';
import { planFiles } from '../../infrastructure/versioning/plan-version.js';
import type { Application } from '../application.js';
import type { ClosableLog } from '../cli/composition.js';
import { UsageError } from '../ports/errors.js';
import type { Progress } from '../ports/progress.js';
import type { RunFiles } from '../ports/run-files.js';
import type { LogLevel } from '../ports/run-log.js';
import { openApplication } from './open-application.js';
import { PLAN_OUTLINES } from './plan-outlines.js';

/** An application inside a function: logs on standard output, no files but look-ups that outgrow memory, in /tmp. */
export interface FunctionParts {
  readonly application: Application;
  readonly log: ClosableLog;
  /** false: it holds a place at the embedded server, which stops with the last one out */
  readonly isLasting: boolean;
}

/** As they may stand in the variables; Lambda's own words included. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  ...{ trace: 'debug', debug: 'debug', info: 'info', warn: 'warn', error: 'error', fatal: 'error' },
};

const NO_PROGRESS: Progress = {
  started: () => undefined,
  advanced: () => undefined,
  finished: () => undefined,
};

/** The journal has it all: `report` makes them anywhere. */
const NO_FILES: RunFiles = { folder: (run) => run, write: () => Promise.resolve() };

let log: ClosableLog | undefined;

/** Throws `UsageError`: `PLAN_FILES_MISSING`, and what `openApplication` throws. */
export async function openForFunction(env: string): Promise<FunctionParts> {
  requirePlanFiles();
  const level = logLevel();
  log ??= withoutFiles(createRunLog({ level, terminal: false, stream: process.stdout }));
  const application = await openApplication({
    ...{ env, log, logLevel: level, terminal: false, progress: NO_PROGRESS, files: NO_FILES },
    folder: join(tmpdir(), 'waybill'),
  });
  return { application, log, isLasting: !loadEnvironment(env).embedded };
}

/** Loads what a run needs, which the command line does only when it runs something. */
export async function preload(): Promise<void> {
  await import('./all-parts.js');
  await import('../services/run.service.js');
  await import('../services/history.service.js');
}

function logLevel(): LogLevel {
  const { WAYBILL_LOG_LEVEL, AWS_LAMBDA_LOG_LEVEL } = process.env;
  return LEVELS[(WAYBILL_LOG_LEVEL ?? AWS_LAMBDA_LOG_LEVEL ?? '').toLowerCase()] ?? 'info';
}

function withoutFiles(events: ClosableLog): ClosableLog {
  return {
    event: (level, event, fields) => events.event(level, event, fields),
    toFile: () => undefined,
    close: () => events.close(),
  };
}

/**
 * The plan version is a hash over these files: put into one bundle, every version would be the same. `root`: where they are;
 * omitted: where this program is. Throws UsageError `PLAN_FILES_MISSING`.
 */
export function requirePlanFiles(root?: string): void {
  const missing = PLAN_OUTLINES.find(({ name }) => planFiles(name, root).length === 0);
  if (missing === undefined) return;
  throw new UsageError(
    'PLAN_FILES_MISSING',
    `the modules of plan ${missing.name} are not where this program is, so its version can't be told`,
    'Deploy dist/, environments/ and node_modules/ as they are, not as one bundled file.',
  );
}
