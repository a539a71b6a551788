import type { Application, Catalog } from '../application.js';
import type { Progress } from '../ports/progress.js';
import type { RunFiles } from '../ports/run-files.js';
import type { LogLevel, RunLog } from '../ports/run-log.js';

export interface OpenOptions {
  readonly env: string;
  readonly progress: Progress;
  readonly logLevel: LogLevel;
  /** whether a person looks at stderr: logs leave the screen to the progress bar */
  readonly terminal: boolean;
  /** this machine's state; omitted: `.waybill` in the working directory */
  readonly folder?: string;
  /** takes the events and stays open; omitted: standard error and the folders of the runs */
  readonly log?: ClosableLog;
  /** what runs leave on this machine; omitted: their reports, in the folders of the runs */
  readonly files?: RunFiles;
}

export interface ClosableLog extends RunLog {
  /** from now on, events also go to this file */
  toFile(path: string): void;
  close(): Promise<void>;
}

/** What the command line needs of the composition root. It is loaded only when a command asks for it. */
export interface Composition {
  loadCatalog(): Promise<Catalog>;
  openApplication(options: OpenOptions): Promise<Application>;
}
