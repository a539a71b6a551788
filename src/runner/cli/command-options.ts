import type { ReportFormat } from '../reports/run-report.js';
import type { LogLevel } from '../ports/run-log.js';

/** Everything that can be given to any command, after parsing; a command sees only what it declares. */
export interface CommandOptions {
  readonly env?: string;
  readonly plan?: string;
  /** in the order given, without repetition */
  readonly step?: readonly string[];
  readonly json?: boolean;
  readonly logLevel?: LogLevel;
  readonly dryRun?: boolean;
  readonly confirmProduction?: boolean;
  readonly segments?: number;
  readonly concurrency?: number;
  readonly defects?: boolean;
  readonly scale?: number;
  readonly sample?: number;
  readonly seed?: string;
  readonly reason?: readonly string[];
  readonly run?: string;
  readonly out?: string;
  readonly format?: ReportFormat;
  /** names of the accepting flags given, e.g. `allow-unlinked` */
  readonly accept: readonly string[];
}

export type OptionName = Exclude<keyof CommandOptions, 'accept' | 'json' | 'logLevel'>;
