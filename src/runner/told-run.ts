import type { RunRecord, RunStatus } from './ports/journal.js';

/** A run as it stands; `abandoned`: it was killed, and a later one began since, so that it never goes on. */
export interface ToldRun extends Omit<RunRecord, 'status'> {
  readonly status: RunStatus | 'abandoned';
}
