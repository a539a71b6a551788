/** What can be asked for around backups, and what is answered; a part of the `Application` facade. */

interface PlanRequest {
  readonly plan: string;
}

export interface BackupRequest extends PlanRequest {
  /** folder or `s3://bucket/prefix`; undefined: a folder of its own under `.waybill/backups` */
  readonly to?: string;
  readonly by: string;
  readonly signal?: AbortSignal;
}

/** `from`: folder or `s3://bucket/prefix` of one backup; undefined: the latest of the plan here */
export interface BackupLocation extends PlanRequest {
  readonly from?: string;
  readonly by: string;
  readonly signal?: AbortSignal;
}

export interface BackupResult {
  readonly plan: string;
  readonly env: string;
  readonly backup: string;
  readonly location: string;
  /** when it began */
  readonly at: string;
  readonly verifiedAt: string;
  readonly tables: readonly {
    readonly table: string;
    readonly physicalName: string;
    readonly items: number;
    readonly bytes: number;
    readonly files: number;
    /** SHA-256 over the content, whatever the order of the items */
    readonly digest: string;
  }[];
  /** things to know, e.g. that there is no journal yet to record the backup in */
  readonly notices: readonly string[];
}

export interface NativeBackupRequest extends PlanRequest {
  /** `s3://bucket/prefix`: export there (needs point-in-time recovery); undefined: an on-demand backup of each table */
  readonly to?: string;
  readonly by: string;
  readonly signal?: AbortSignal;
}

export interface NativeBackupResult {
  readonly plan: string;
  readonly env: string;
  readonly tables: readonly {
    readonly table: string;
    readonly physicalName: string;
    /** ARN of the backup or export */
    readonly arn: string;
    readonly status: string;
  }[];
}

export interface DrillResult {
  readonly plan: string;
  readonly env: string;
  readonly backup: string;
  readonly passed: boolean;
  readonly tables: readonly {
    readonly table: string;
    readonly scratchTable: string;
    readonly items: number;
    readonly restored: number;
    readonly equal: boolean;
  }[];
}

export interface RestoreRequest extends PlanRequest {
  readonly from?: string;
  /** literal names; undefined: every table of the backup */
  readonly tables?: readonly string[];
  /** appended to each physical name, so that restored tables stand beside the live ones */
  readonly suffix?: string;
  readonly confirmProduction: boolean;
  readonly signal?: AbortSignal;
}

export interface RestoreResult {
  readonly plan: string;
  readonly env: string;
  readonly backup: string;
  readonly tables: readonly {
    readonly table: string;
    readonly physicalName: string;
    readonly created: boolean;
    readonly items: number;
  }[];
}
