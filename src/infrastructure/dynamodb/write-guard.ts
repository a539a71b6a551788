import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { TableDefinition } from '../../migrations/contract/table.js';
import { UsageError, WriteForbiddenError } from '../../runner/ports/errors.js';
import { accessesOf, isRowCommand, tableCommandKind, UnknownAccessError } from './command-access.js';
import { keyNames } from './key-identity.js';
import type { AccessKind, TableAccess } from './table-access.js';
import type { TableMapping } from './table-mapping.js';

/** The most that may be done to a table: nothing, insert-if-absent, also conditional changes, or anything. */
export type WritePermission = 'none' | 'insert' | 'change' | 'any';

export interface GuardedTable {
  readonly writes: WritePermission;
  /** key attributes by their stored names, partition key first */
  readonly keys: readonly string[];
}

/** What a client may do (design, invariant 3). Everything that is not permitted here is refused. */
export interface GuardPolicy {
  /** by physical name; no other table may be touched, not even read */
  readonly tables: ReadonlyMap<string, GuardedTable>;
  /** a dry run: no write at all, to the journal neither */
  readonly readOnly: boolean;
  /** whether tables may be described and, unless `readOnly`, created */
  readonly tableAdmin: boolean;
}

const STRENGTH: Readonly<Record<AccessKind | WritePermission, number>> = {
  read: 0,
  none: 0,
  insert: 1,
  change: 2,
  overwrite: 3,
  any: 3,
};

/** The permissions that a plan's tables have by their roles. */
function planPermission(table: TableDefinition): WritePermission {
  if (table.role === 'target') return 'change';
  return table.role === 'lookup' && table.insertable === true ? 'insert' : 'none';
}

/**
 * The tables of a policy by physical name. `permission` says what each may suffer; the plan's rule by default. Throws
 * `UsageError` where two tables share a physical name: one's permission must not become the other's.
 */
export function guardedTables(
  definitions: readonly TableDefinition[],
  mapping: TableMapping,
  permission: (table: TableDefinition) => WritePermission = planPermission,
): Map<string, GuardedTable> {
  const tables = new Map<string, GuardedTable>();
  for (const definition of definitions) {
    const stored = mapping.storedDefinition(definition);
    if (tables.has(stored.name)) {
      throw new UsageError(
        'CONFIG_INVALID',
        `Two tables of the plan have the physical name ${stored.name}.`,
        'Correct `tables` in the environment file.',
      );
    }
    tables.set(stored.name, { writes: permission(definition), keys: keyNames(stored) });
  }
  return tables;
}

/** Throws `WriteForbiddenError` unless the policy permits the command. Unknown commands and tables are refused. */
export function assertPermitted(command: string, input: unknown, policy: GuardPolicy): void {
  const tableCommand = tableCommandKind(command);
  if (tableCommand !== undefined) {
    assertTableCommand(command, tableCommand, input, policy);
    return;
  }
  for (const access of accesses(command, input, policy)) assertAccess(command, access, policy);
}

/**
 * Puts the guard into a client: after serialisation, before retries and signing, so that it sees what is sent and
 * nothing refused ever leaves. The operation is read twice, from the SDK's context and from the request's header.
 */
export function installWriteGuard(client: DynamoDBClient, policy: GuardPolicy): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const command = String(context['commandName']);
      assertSameOperation(command, args.request);
      assertPermitted(command, args.input, policy);
      return next(args);
    },
    { name: 'waybillWriteGuard', step: 'build', priority: 'low' },
  );
}

function accesses(command: string, input: unknown, policy: GuardPolicy): TableAccess[] {
  try {
    return accessesOf(command, input, (table) => policy.tables.get(table)?.keys);
  } catch (error) {
    if (error instanceof UnknownAccessError) throw new WriteForbiddenError(`${command} ${error.message}.`);
    throw error;
  }
}

function assertAccess(command: string, access: TableAccess, policy: GuardPolicy): void {
  const table = policy.tables.get(access.table);
  if (table === undefined) {
    throw new WriteForbiddenError(`${command} touches ${access.table}, which is no table of this plan.`);
  }
  if (access.kind === 'read') return;
  if (policy.readOnly)
    throw new WriteForbiddenError(`${command} would write to ${access.table} in a dry run.`);
  if (STRENGTH[access.kind] <= STRENGTH[table.writes]) return;
  throw new WriteForbiddenError(
    `${command} would write to ${access.table} (${access.kind}); permitted there: ${table.writes}.`,
  );
}

function assertTableCommand(
  command: string,
  kind: 'describe' | 'create',
  input: unknown,
  policy: GuardPolicy,
): void {
  const name = (input as { TableName?: string }).TableName ?? '';
  if (!policy.tableAdmin) throw new WriteForbiddenError(`${command} is for table administration only.`);
  if (!policy.tables.has(name))
    throw new WriteForbiddenError(`${command} touches ${name}, which is no table of this plan.`);
  if (kind === 'create' && policy.readOnly)
    throw new WriteForbiddenError(`${command} would create ${name} in a dry run.`);
}

/** `X-Amz-Target: DynamoDB_20120810.PutItem` names the operation that the server will perform. */
function assertSameOperation(command: string, request: unknown): void {
  const headers = (request as { headers?: Readonly<Record<string, string>> }).headers ?? {};
  const target = headers['x-amz-target'] ?? '';
  if (`${target.slice(target.indexOf('.') + 1)}Command` === command) return;
  const known = isRowCommand(command) ? 'a known' : 'an unknown';
  throw new WriteForbiddenError(`The request of ${known} command does not say that it is ${command}.`);
}
