import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import type { TableDefinition } from '../../migrations/contract/table.js';
import { UsageError, WriteForbiddenError } from '../../runner/ports/errors.js';
import type { TableCommandKind } from './command-access.js';
import { accessesOf, isRowCommand, tableCommandKind, UnknownAccessError } from './command-access.js';
import { keyNames } from './key-identity.js';
import type { AccessKind, TableAccess } from './table-access.js';
import type { TableMapping } from './table-mapping.js';

/**
 * What may be done to a table beside reading it. `change` is what a migration does to its targets, inserts included;
 * `remove` is what a rollback does: conditional deletes, and inserts that put back what should not have gone; `any` is
 * for tables that are the engine's own.
 */
export type WritePermission = 'none' | 'insert' | 'change' | 'remove' | 'any';

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
  /**
   * By physical name, of those in `tables`: what table administration may delete again. Where this is given, it may
   * create these only; where it is not, nothing can be deleted.
   */
  readonly scratchTables?: ReadonlySet<string>;
}

const PERMITTED: Readonly<Record<WritePermission, ReadonlySet<AccessKind>>> = {
  none: new Set(),
  insert: new Set(['insert']),
  change: new Set(['insert', 'change']),
  // a row that gained an attribute while it was deleted is put back, if its key is still free (see DynamoSink.remove)
  remove: new Set(['insert', 'remove']),
  any: new Set(['insert', 'change', 'remove', 'overwrite']),
};

/** What a run may do to a plan's tables, by their roles. */
function runPermission(table: TableDefinition): WritePermission {
  if (table.role === 'target') return 'change';
  return table.role === 'lookup' && table.insertable === true ? 'insert' : 'none';
}

/**
 * Throws `WriteForbiddenError`, as a client's guard would, unless a run or a rollback may do this to a row of the table.
 * `table`: undefined where the plan has none of that name.
 */
export function assertRowPermitted(name: string, table: TableDefinition | undefined, kind: AccessKind): void {
  if (table === undefined) {
    throw new WriteForbiddenError(`A row's ${kind} touches ${name}, which is no table of this plan.`);
  }
  const permissions = [runPermission(table), rollbackPermission(table)];
  if (permissions.some((permission) => PERMITTED[permission].has(kind))) return;
  throw new WriteForbiddenError(
    `A row's ${kind} would write to ${name}; permitted there: ${permissions[0] ?? 'none'}.`,
  );
}

/** What a rollback may do: take rows out of tables that a run may write to. */
export function rollbackPermission(table: TableDefinition): WritePermission {
  return runPermission(table) === 'none' ? 'none' : 'remove';
}

/**
 * The tables of a policy by physical name. `permission` says what each may suffer; a run's rule by default. Throws
 * `UsageError` where two tables share a physical name: one's permission must not become the other's.
 */
export function guardedTables(
  definitions: readonly TableDefinition[],
  mapping: TableMapping,
  permission: (table: TableDefinition) => WritePermission = runPermission,
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

function accesses(command: string, input: unknown, policy: GuardPolicy): readonly TableAccess[] {
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
  if (PERMITTED[table.writes].has(access.kind)) return;
  throw new WriteForbiddenError(
    `${command} would write to ${access.table} (${access.kind}); permitted there: ${table.writes}.`,
  );
}

function assertTableCommand(
  command: string,
  kind: TableCommandKind,
  input: unknown,
  policy: GuardPolicy,
): void {
  const name = (input as { TableName?: string }).TableName ?? '';
  if (!policy.tableAdmin) throw new WriteForbiddenError(`${command} is for table administration only.`);
  if (!policy.tables.has(name))
    throw new WriteForbiddenError(`${command} touches ${name}, which is no table of this plan.`);
  if (kind === 'describe') return;
  if (policy.readOnly) throw new WriteForbiddenError(`${command} would ${kind} ${name} in a dry run.`);
  const isScratch = policy.scratchTables?.has(name) ?? kind === 'create';
  if (!isScratch)
    throw new WriteForbiddenError(`${command} would ${kind} ${name}, which is no scratch table.`);
}

/** `X-Amz-Target: DynamoDB_20120810.PutItem` names the operation that the server will perform. */
function assertSameOperation(command: string, request: unknown): void {
  const headers = (request as { headers?: Readonly<Record<string, string>> }).headers ?? {};
  const target = headers['x-amz-target'] ?? '';
  if (`${target.slice(target.indexOf('.') + 1)}Command` === command) return;
  const known = isRowCommand(command) ? 'a known' : 'an unknown';
  throw new WriteForbiddenError(`The request of ${known} command does not say that it is ${command}.`);
}
