import type { RollbackResult } from '../application.js';
import type { JournalEntry } from '../ports/journal.js';

/** A row that a rollback left where it is: names, ids and the reason, no values (invariant 11). */
export function keptDocument(entry: JournalEntry) {
  return {
    step: entry.step,
    table: entry.table ?? '',
    key: entry.key ?? '',
    reason: entry.reason,
    ...(entry.field === undefined ? {} : { field: entry.field }),
    detail: entry.detail,
  };
}

/** The document of `rollback --json`; `kept` holds at most the first 1,000, the steps count all. */
export function rollbackDocument(result: RollbackResult) {
  return {
    run: result.run,
    plan: result.plan,
    env: result.env,
    status: result.status,
    dryRun: result.dryRun,
    resumed: result.resumed,
    steps: result.steps,
    kept: result.kept.map(keptDocument),
    exit: result.exit,
    folder: result.folder,
    ...(result.error === undefined ? {} : { error: result.error }),
  };
}
