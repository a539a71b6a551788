/**
 * Notes of restores under way. A restore that was killed leaves its note behind, and may be repeated although its
 * table is not empty any more.
 */
export interface UnfinishedRestores {
  /** the backup that was being loaded into this table */
  backupOf(physicalName: string): Promise<string | undefined>;
  begin(physicalName: string, backup: string): Promise<void>;
  end(physicalName: string): Promise<void>;
}
