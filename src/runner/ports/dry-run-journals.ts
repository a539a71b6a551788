import type { Journal, RunRecord } from './journal.js';

/** Journals of dry runs: files on this machine, because a dry run writes nothing anywhere else (invariant 3). */
export interface DryRunJournals {
  create(run: string): Journal;
  open(run: string): Promise<Journal | undefined>;
  /** newest first */
  runs(plan: string, env: string): Promise<RunRecord[]>;
}
