import type { CoreTableRepository } from '../../domain/core-table/core-table.repository.js';
import { WORKFLOWS, type Visit, type Workflow } from '../../domain/core-table/workflows.js';
import type { Cohort } from '../../domain/core-table/cohort.js';
import type { RolePolicy } from '../../domain/core-table/permissions.js';
import { RestoreError } from '../../domain/errors.js';
import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { stampOf } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { AccessFault, AccessPattern, AccessReader } from '../contract/access-pattern.js';
import { TABLES } from './core-table.tables.js';
import { idOf, kindOf } from './item-keys.js';

/** The repository of the application, reading what the runner reads. */
export type CoreTableOn = (tables: AccessReader) => CoreTableRepository;

export interface Visiting {
  readonly open: CoreTableOn;
  readonly policy: RolePolicy;
  readonly cohort: Cohort;
}

/** Users that a workflow is tried for at the same time. */
const USERS_AT_ONCE = 16;

/** Memberships of one user that a workflow is tried for. */
const VISITS_OF_A_USER = 2;

/** A workflow makes several requests for each of them. */
const USERS = 25;

/**
 * The key workflows of the application (C-23), tried for users that the migration has written: what their old memberships say
 * must be what the application finds. Whoever has memberships that the application made, or none that were migrated, is
 * not visited: what is theirs is nothing that the migration promised.
 */
export function workflowAccess(visiting: Visiting): readonly AccessPattern[] {
  return WORKFLOWS.map((workflow) => ({
    name: `workflow ${workflow.name}`,
    table: TABLES.core,
    rows: USERS,
    lags: false,
    applies: (row) => kindOf(row) === 'user',
    tried: async (rows, tables) => {
      let tried = 0;
      const faults: AccessFault[] = [];
      const waiting = rows.values();
      const work = async (): Promise<void> => {
        for (const row of waiting) {
          const visits = await visitsOf(row, tables, visiting);
          if (visits.length === 0) continue;
          tried += 1;
          const detail = await complaint(workflow, visiting.open(tables), visits);
          if (detail !== undefined) faults.push({ row, kind: 'missing', detail });
        }
      };
      await Promise.all(Array.from({ length: USERS_AT_ONCE }, work));
      return { tried, faults };
    },
  }));
}

/** The first thing that does not work for any of the visits. */
async function complaint(
  workflow: Workflow,
  table: CoreTableRepository,
  visits: readonly Visit[],
): Promise<string | undefined> {
  try {
    for (const visit of visits) {
      const [first] = await workflow.tried(table, visit);
      if (first !== undefined) return first;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error;
    return `an item can't be loaded: ${error.message}`;
  }
}

async function visitsOf(
  row: StoredItem,
  tables: AccessReader,
  { policy, cohort }: Visiting,
): Promise<readonly Visit[]> {
  const { readMembership } = await import('./membership-reading.js');
  const userId = idOf(row, 'user');
  const stored = new Map<string, StoredItem>();
  for await (const item of tables.query(TABLES.core, { PK: row['PK'] ?? { S: '' } })) {
    if (kindOf(item) !== 'membership') continue;
    if (stampOf(item) === undefined) return [];
    stored.set(idOf(item, 'membership'), item);
  }
  const visits: Visit[] = [];
  for await (const record of tables.query(TABLES.memberships, { userId: { S: userId } })) {
    const read = readMembership(record, policy);
    if (!read.ok) continue;
    const { serverId, permissions } = read.stored.aggregate.state();
    const item = stored.get(serverId);
    // one that was set aside, or takes no part, or that the application has changed since
    if (!cohort.hasMembership(userId, serverId) || item === undefined || isEdited(item)) continue;
    visits.push({ userId, serverId, permissions });
    if (visits.length >= VISITS_OF_A_USER) break;
  }
  return visits;
}

function isEdited(item: StoredItem): boolean {
  return stampOf(item)?.digest !== contentDigest(item);
}
