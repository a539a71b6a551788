import type { ReportFormat } from '../reports/report-formats.js';
import type { UnitLimit } from '../ports/rates.js';
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
  /** units a second on any one table or index */
  readonly maxWcu?: UnitLimit;
  readonly maxRcu?: UnitLimit;
  readonly defects?: boolean;
  readonly scale?: number;
  readonly sample?: number;
  readonly seed?: string;
  /** false: `--no-forecast` */
  readonly forecast?: boolean;
  readonly reason?: readonly string[];
  readonly run?: string;
  readonly out?: string;
  readonly format?: ReportFormat;
  readonly resume?: boolean;
  readonly restart?: boolean;
  readonly leaseSeconds?: number;
  readonly maxFailures?: number;
  readonly maxQuarantined?: number;
  /** why there is no backup, or no passed staging run, and the run goes on */
  readonly withoutBackup?: string;
  readonly withoutStaging?: string;
  readonly by?: string;
  readonly why?: string;
  /** folder or `s3://bucket/prefix` */
  readonly to?: string;
  /** folder or `s3://bucket/prefix`; of `evidence import` a file */
  readonly from?: string;
  readonly native?: boolean;
  /** literal names */
  readonly table?: readonly string[];
  readonly suffix?: string;
  readonly restoreSuffix?: string;
  readonly id?: readonly string[];
  readonly revoke?: boolean;
  /** lists of a plan's checklists, and an item of them */
  readonly list?: readonly string[];
  readonly item?: string;
  /** path of a JSON file */
  readonly figures?: string;
  readonly note?: string;
  /** ISO instant */
  readonly until?: string;
  /** hours */
  readonly validFor?: number;
  readonly withdraw?: boolean;
  /** whole percent of the reads */
  readonly share?: number;
  readonly incident?: boolean;
  readonly mapping?: boolean;
  /** names of the accepting flags given, e.g. `allow-unlinked` */
  readonly accept: readonly string[];
}

/**
 * What a command declares: one of the fields above, or a variant that is typed the same and means something else in
 * certain commands (`--reason`, `--by`, `--step`, `--run`, `--from`, `--sample`).
 */
export type OptionName =
  | Exclude<keyof CommandOptions, 'accept' | 'json' | 'logLevel'>
  | 'acceptedReason'
  | 'forecastSample'
  | 'acceptedStep'
  | 'firstStep'
  | 'responsible'
  | 'attester'
  | 'decider'
  | 'decision'
  | 'writtenBy'
  | 'evidenceFile';
