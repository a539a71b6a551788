/** A backup or an export that the store itself makes. */
export interface NativeJob {
  readonly arn: string;
  /** the store's word */
  readonly status: string;
  readonly state: 'under way' | 'done' | 'failed';
  /** the store's code, where it failed */
  readonly failure?: string;
}

/**
 * The store's own backups. Throws `RefusedError` (`NATIVE_BACKUP_UNSUPPORTED`, `RECOVERY_OFF`) and `StoreError`. They
 * go on without us: stopping the wait stops nothing.
 */
export interface NativeBackups {
  startBackup(physicalName: string, name: string): Promise<NativeJob>;
  backup(arn: string): Promise<NativeJob>;
  /** Needs point-in-time recovery. `prefix` has no slash at its ends and may be empty. */
  startExport(physicalName: string, bucket: string, prefix: string): Promise<NativeJob>;
  export(arn: string): Promise<NativeJob>;
  close(): void;
}

export type OpenNativeBackups = (physicalNames: readonly string[]) => NativeBackups;
