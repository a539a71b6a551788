import type {
  BatchExecuteStatementCommandInput,
  BatchGetItemCommandInput,
  BatchWriteItemCommandInput,
  ExecuteStatementCommandInput,
  ExecuteTransactionCommandInput,
  TransactGetItemsCommandInput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';

import type { Conditional } from './condition-expression.js';
import { conditionStrength } from './condition-expression.js';
import { partiqlAccess } from './partiql-access.js';
import { PartiqlSyntaxError } from './partiql-tokens.js';
import type { TableAccess } from './table-access.js';

/** A table's key attributes by its physical name, partition key first; undefined for unknown tables. */
type KeysOf = (table: string) => readonly string[] | undefined;

type Classifier = (input: never, keysOf: KeysOf) => readonly TableAccess[];

/** Thrown for a command whose effect can't be told. */
export class UnknownAccessError extends Error {}

/** Commands that read or write rows. Every command that is neither here nor among the table commands is refused. */
const ROW_COMMANDS: ReadonlyMap<string, Classifier> = new Map<string, Classifier>([
  ['GetItemCommand', (input: Conditional) => [read(input.TableName)]],
  ['QueryCommand', (input: Conditional) => [read(input.TableName)]],
  ['ScanCommand', (input: Conditional) => [read(input.TableName)]],
  [
    'BatchGetItemCommand',
    (input: BatchGetItemCommandInput) => Object.keys(input.RequestItems ?? {}).map(read),
  ],
  [
    'TransactGetItemsCommand',
    (input: TransactGetItemsCommandInput) =>
      (input.TransactItems ?? []).map((item) => read(item.Get?.TableName)),
  ],
  ['PutItemCommand', (input: Conditional, keysOf) => [write(input, keysOf)]],
  ['UpdateItemCommand', (input: Conditional, keysOf) => [write(input, keysOf)]],
  ['DeleteItemCommand', (input: Conditional, keysOf) => [remove(input, keysOf)]],
  [
    'BatchWriteItemCommand',
    (input: BatchWriteItemCommandInput) =>
      Object.keys(input.RequestItems ?? {}).map((table) => ({ table, kind: 'overwrite' as const })),
  ],
  [
    'TransactWriteItemsCommand',
    (input: TransactWriteItemsCommandInput, keysOf) =>
      (input.TransactItems ?? []).map((item) => transactAccess(item, keysOf)),
  ],
  [
    'ExecuteStatementCommand',
    (input: ExecuteStatementCommandInput, keysOf) => statementAccess([input], keysOf),
  ],
  [
    'BatchExecuteStatementCommand',
    (input: BatchExecuteStatementCommandInput, keysOf) => statementAccess(input.Statements ?? [], keysOf),
  ],
  [
    'ExecuteTransactionCommand',
    (input: ExecuteTransactionCommandInput, keysOf) =>
      statementAccess(input.TransactStatements ?? [], keysOf),
  ],
]);

/** What a command does to a table as a whole. */
export type TableCommandKind = 'describe' | 'create' | 'delete';

/** Commands on tables themselves: what they do to the table named. */
const TABLE_COMMANDS: ReadonlyMap<string, TableCommandKind> = new Map([
  ['DescribeTableCommand', 'describe'],
  ['DescribeContinuousBackupsCommand', 'describe'],
  ['DescribeTimeToLiveCommand', 'describe'],
  ['CreateTableCommand', 'create'],
  ['DeleteTableCommand', 'delete'],
]);

export function tableCommandKind(command: string): TableCommandKind | undefined {
  return TABLE_COMMANDS.get(command);
}

export function isRowCommand(command: string): boolean {
  return ROW_COMMANDS.has(command);
}

/** All tables that a row command touches, and how. Throws `UnknownAccessError` where that can't be told. */
export function accessesOf(command: string, input: unknown, keysOf: KeysOf): readonly TableAccess[] {
  const classify = ROW_COMMANDS.get(command);
  if (classify === undefined) throw new UnknownAccessError('is not a command that is known to be safe');
  const accesses = classify(input as never, keysOf);
  if (accesses.length === 0) throw new UnknownAccessError('names no table');
  return accesses;
}

function read(table: string | undefined): TableAccess {
  return { table: named(table), kind: 'read' };
}

/** A put or an update: both make the row where there is none. */
function write(input: Conditional, keysOf: KeysOf): TableAccess {
  const table = named(input.TableName);
  const kinds = { absent: 'insert', conditional: 'change', none: 'overwrite' } as const;
  return { table, kind: kinds[conditionStrength(input, keysOf(table) ?? [])] };
}

function remove(input: Conditional, keysOf: KeysOf): TableAccess {
  const table = named(input.TableName);
  const isConditional = conditionStrength(input, keysOf(table) ?? []) === 'conditional';
  return { table, kind: isConditional ? 'remove' : 'overwrite' };
}

function transactAccess(item: TransactWriteItem, keysOf: KeysOf): TableAccess {
  const actions = Object.entries(item).filter(([, action]) => action !== undefined);
  const [action] = actions;
  if (actions.length !== 1 || action === undefined)
    throw new UnknownAccessError('holds an action that is unclear');
  const [kind, input] = action as [string, Conditional];
  if (kind === 'Put' || kind === 'Update') return write(input, keysOf);
  if (kind === 'Delete') return remove(input, keysOf);
  if (kind === 'ConditionCheck') return read(input.TableName);
  throw new UnknownAccessError('holds an unknown action');
}

function statementAccess(
  statements: readonly { readonly Statement?: string | undefined }[],
  keysOf: KeysOf,
): readonly TableAccess[] {
  return statements.flatMap(
    ({ Statement: text = '' }) => knownInserts.get(text) ?? parsedAccess(text, keysOf),
  );
}

/** Batches repeat few texts, one for each shape of row, and reading one takes longer than sending it. */
const knownInserts = new Map<string, readonly TableAccess[]>();
const KNOWN_INSERTS = 1_000;

function parsedAccess(text: string, keysOf: KeysOf): readonly TableAccess[] {
  try {
    const accesses = partiqlAccess(text, keysOf);
    // what an INSERT does is in its text alone; the others depend on the keys of their table
    if (accesses.every(({ kind }) => kind === 'insert')) {
      if (knownInserts.size >= KNOWN_INSERTS) knownInserts.clear();
      knownInserts.set(text, accesses);
    }
    return accesses;
  } catch (error) {
    if (error instanceof PartiqlSyntaxError) throw new UnknownAccessError(`holds a ${error.message}`);
    throw error;
  }
}

function named(table: string | undefined): string {
  if (table === undefined || table === '') throw new UnknownAccessError('names no table');
  return table;
}
