import type { StoredItem } from '../storage/stored-value.js';
import type { RecordWarning } from './record-warning.js';

/** What the records of all legacy tables have in common. Made by `readLegacyRecord` only. */
export abstract class LegacyRecord {
  /** the id as it is stored, in whatever spelling */
  storedId!: string;
  /** every attribute that the table does not list, as it is stored, NULLs included; undefined where there is none */
  legacyAttributes: StoredItem | undefined;

  /**
   * Rules between attributes: fills one from another, or puts a problem in its place. `converted` is this record
   * before validation: any attribute may still be an `AttributeProblem`.
   */
  settle(_converted: Record<string, unknown>, _item: StoredItem): void {
    return;
  }

  /** Reports what is odd about a readable record; changes nothing. */
  inspect(_warnings: RecordWarning[]): void {
    return;
  }
}
