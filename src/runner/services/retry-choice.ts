import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { isUnfinished } from '../engine/unfinished-run.js';
import { UsageError } from '../ports/errors.js';
import type { Journal, RetrySelection, RunRecord, StepRecord } from '../ports/journal.js';
import { nextCommand } from '../reports/next-command.js';

/** What a choice is looked for in. */
export interface Choosable {
  readonly env: string;
  readonly plan: string;
  readonly steps: readonly IMigrationStep[];
  /** of the steps' latest runs, as they are stored */
  readonly records: readonly StepRecord[];
  /** the newest run; where it is a retry that was cut off, what that was asked for may be settled by now */
  readonly latest: RunRecord | undefined;
}

/**
 * Refuses a choice that means nothing, before anything is journalled: a mistyped one would try nothing again and look as
 * if it had. Reasons that earlier retries have settled are known. Throws UsageError `REASON_UNKNOWN`, `ENTRY_NOT_FOUND`.
 */
export async function requireChoice(
  journal: Pick<Journal, 'entry'>,
  { reasons = [], ids = [] }: RetrySelection,
  choosable: Choosable,
): Promise<void> {
  const { env, plan, steps, records, latest } = choosable;
  const where = `${steps.map(({ name }) => name).join(', ')} in ${env}`;
  const list = nextCommand('quarantine list', { env, plan });
  const known = reasonsOf(records);
  const unknown = reasons.filter((reason) => !known.includes(reason));
  if (unknown.length > 0) {
    throw new UsageError(
      'REASON_UNKNOWN',
      `no record of ${where} is set aside as ${unknown.join(', ')}`,
      known.length === 0
        ? `None is set aside at all. See ${list}`
        : `There are: ${known.join(', ')}. See ${list}`,
    );
  }
  const begun = isUnfinished(latest) && latest.kind === 'retry' ? (latest.selection?.ids ?? []) : [];
  const missing: string[] = [];
  for (const id of ids) if (!begun.includes(id) && !(await isThere(journal, id, choosable))) missing.push(id);
  if (missing.length > 0)
    throw new UsageError(
      'ENTRY_NOT_FOUND',
      `no record of ${where} with the id ${missing.join(', ')} is set aside`,
      `List what there is: ${list}`,
    );
}

function reasonsOf(records: readonly StepRecord[]): string[] {
  const codes = records.flatMap(({ reasons, amendments = [] }) =>
    [reasons, ...amendments.map((amendment) => amendment.reasons)].flatMap((counts) => Object.keys(counts)),
  );
  return [...new Set(codes)].sort();
}

/** An id may be of several tables, or be given with the name of one. */
async function isThere(
  journal: Pick<Journal, 'entry'>,
  id: string,
  { steps, records }: Choosable,
): Promise<boolean> {
  for (const { run, step } of records) {
    const source = steps.find(({ name }) => name === step)?.source;
    if (source === undefined) continue;
    for (const name of [`${source}#${id}`, id])
      if ((await journal.entry(run, step, 'quarantine', name)) !== undefined) return true;
  }
  return false;
}
