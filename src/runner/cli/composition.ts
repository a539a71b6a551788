import type { Application, Catalog } from '../application.js';
import type { Progress } from '../ports/progress.js';
import type { LogLevel } from '../ports/run-log.js';

export interface OpenOptions {
  readonly env: string;
  readonly progress: Progress;
  readonly logLevel: LogLevel;
  /** whether a person looks at stderr: logs leave the screen to the progress bar */
  readonly terminal: boolean;
}

/** What the command line needs of the composition root. It is loaded only when a command asks for it. */
export interface Composition {
  loadCatalog(): Promise<Catalog>;
  openApplication(options: OpenOptions): Promise<Application>;
}
