import { Trial } from '../../../src/conformance/trial/trial.js';
import type { TableRows } from '../../../src/conformance/index.js';
import { Cohort, type CohortLimits } from '../../../src/domain/core-table/cohort.js';
import { DEFAULT_ROLES, type RolePolicy } from '../../../src/domain/core-table/permissions.js';
import type { UserDirectory } from '../../../src/domain/core-table/user-directory.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { AskedCoreTableRows } from '../../../src/infrastructure/persistence/core-table/asked-core-table-rows.js';
import { MappedCoreTableRepository } from '../../../src/infrastructure/persistence/core-table/core-table.repository.js';
import { MembershipMapper } from '../../../src/infrastructure/persistence/core-table/membership.mapper.js';
import { ServerMapper } from '../../../src/infrastructure/persistence/core-table/server.mapper.js';
import { UserMapper } from '../../../src/infrastructure/persistence/core-table/user.mapper.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import { coreTablePlan } from '../../../src/migrations/core-table/core-table.plan.js';
import { MembershipsStep } from '../../../src/migrations/core-table/memberships.step.js';
import { ServersStep } from '../../../src/migrations/core-table/servers.step.js';
import type { CoreTableOn } from '../../../src/migrations/core-table/workflow-access.js';
import { UsersStep } from '../../../src/migrations/core-table/users.step.js';
import { entriesOf } from '../../support/trial-entries.js';

export interface PlanOptions {
  readonly policy?: RolePolicy;
  readonly directory?: UserDirectory;
  readonly cohort?: CohortLimits;
}

/** The plan as the composition root makes it. */
export function coreTableInMemory({
  policy = DEFAULT_ROLES,
  directory,
  cohort: limits,
}: PlanOptions = {}): MigrationPlan {
  const [server, membership, user] = [new ServerMapper(), new MembershipMapper(), new UserMapper()];
  const cohort = new Cohort(limits);
  return coreTablePlan([
    new ServersStep(server, policy, cohort),
    new MembershipsStep(membership, server, policy, cohort),
    new UsersStep(user, directory, cohort, onRows, policy),
  ]);
}

const onRows: CoreTableOn = (tables) => new MappedCoreTableRepository(new AskedCoreTableRows(tables));

/** Tables in memory with these rows. */
export function trialOn(
  servers: readonly StoredItem[],
  memberships: readonly StoredItem[],
  { core = [], ...options }: PlanOptions & { readonly core?: readonly StoredItem[] } = {},
): Trial {
  return new Trial(() => coreTableInMemory(options), tablesOf(servers, memberships, core));
}

export function tablesOf(
  servers: readonly StoredItem[],
  memberships: readonly StoredItem[],
  core: readonly StoredItem[] = [],
): TableRows {
  return { ServersTable: servers, UserMembershipTable: memberships, CoreTable: core };
}

export function aServer(id: string, attributes: StoredItem = {}): StoredItem {
  return { id: { S: id }, ...attributes };
}

export function aMembership(userId: string, serverId: string, attributes: StoredItem = {}): StoredItem {
  return { userId: { S: userId }, serverId: { S: serverId }, role: { S: 'viewer' }, ...attributes };
}

/** The rows of CoreTable by `PK|SK`, without stamps. */
export function contentOf(trial: Trial): Record<string, StoredItem> {
  const rows = trial.tables().get('CoreTable') ?? [];
  return Object.fromEntries(
    rows.map((row) => {
      const content = Object.entries(row).filter(([name]) => name !== '_migration');
      return [trial.key('CoreTable', row), Object.fromEntries(content)];
    }),
  );
}

/** Which record the row with this key names as its source; undefined for a row without a stamp. */
export function sourceOf(trial: Trial, key: string): string | undefined {
  const row = (trial.tables().get('CoreTable') ?? []).find((one) => trial.key('CoreTable', one) === key);
  const stamp = row?.['_migration'];
  const source = stamp !== undefined && 'M' in stamp ? stamp.M['source'] : undefined;
  return source !== undefined && 'S' in source ? source.S : undefined;
}

/** `<kind> <reason> <source> <field>`, sorted. */
export async function linesOf(trial: Trial, step: string): Promise<string[]> {
  const lines = (await entriesOf(trial, step)).map(({ kind, reason, source, field = '' }) =>
    `${kind} ${reason} ${source} ${field}`.trim(),
  );
  return lines.sort();
}
