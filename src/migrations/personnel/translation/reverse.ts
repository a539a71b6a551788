import { sameValue } from '../../../domain/storage/canonical-digest.js';
import { LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE, stampOf } from '../../../domain/storage/stored.js';
import { own, textOf, type StoredItem, type StoredValue } from '../../../domain/storage/stored-value.js';
import { employeeIdOf } from '../../../domain/personnel/legacy/read-employee.js';
import { ledgerOf, type Ledger } from './ledger.js';

/**
 * The old record of a row of the new table, for the way back (P-X30). Of a row as it was migrated it is exactly the
 * record that it came from. What somebody has changed since is taken over: a new team becomes the project, a new status
 * the flag, everything else keeps its name. Rows that are no profiles are what they were; profiles that the
 * application made get project and flag for team and status.
 */
export function legacyRecordOf(row: StoredItem): StoredItem {
  const ledger = ledgerOf(row);
  if (ledger !== undefined) return undone(without(row, [STAMP_ATTRIBUTE, LEGACY_ATTRIBUTES]), ledger);
  const content = without(row, [STAMP_ATTRIBUTE]);
  const isOfApplication =
    stampOf(row) === undefined && employeeIdOf(textOf(own(row, 'PK')) ?? '') !== undefined;
  return isOfApplication ? translated(content) : content;
}

function undone(content: StoredItem, { original, written }: Ledger): StoredItem {
  const isUntouched = (name: string): boolean => sameValue(own(content, name), own(written, name));
  const changed = Object.entries(content).filter(
    ([name]) => own(written, name) === undefined || !isUntouched(name),
  );
  const team = own(written, 'team_id') !== undefined && !isUntouched('team_id');
  const status = own(written, 'status') !== undefined && !isUntouched('status');
  const kept = Object.entries(original).filter(([name]) => {
    if (name === 'project_id') return !team;
    if (name === 'active') return !status;
    return own(written, name) === undefined || isUntouched(name);
  });
  const record = Object.fromEntries([...changed, ...kept]);
  return translated(record, { team, status });
}

/** Team and status under the names that the old application reads. */
function translated(record: StoredItem, { team, status } = { team: true, status: true }): StoredItem {
  const [project, state] = [own(record, 'team_id'), textOf(own(record, 'status'))];
  const entries = Object.entries<StoredValue>(record).filter(
    ([name]) => !(team && name === 'team_id') && !(status && name === 'status' && isFlagged(state)),
  );
  return {
    ...Object.fromEntries(entries),
    ...(team && project !== undefined ? { project_id: project } : {}),
    ...(status && state !== undefined ? { active: { BOOL: state !== 'inactive' } } : {}),
  };
}

/** Whether the flag says all that the status says. */
function isFlagged(status: string | undefined): boolean {
  return status === 'active' || status === 'inactive';
}

function without(item: StoredItem, names: readonly string[]): StoredItem {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));
}
