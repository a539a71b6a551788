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

import { partiqlAccess } from './partiql-access.js';
import { PartiqlSyntaxError } from './partiql-tokens.js';
import type { TableAccess } from './table-access.js';

/** A table's key attributes by its physical name, partition key first; undefined for unknown tables. */
type KeysOf = (table: string) => readonly string[] | undefined;

type Classifier = (input: never, keysOf: KeysOf) => TableAccess[];

/** What may carry a condition: puts, updates, deletes, alone or in a transaction. */
interface Conditional {
  readonly TableName?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
}

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
  ['PutItemCommand', (input: Conditional, keysOf) => [put(input, keysOf)]],
  ['UpdateItemCommand', (input: Conditional) => [change(input)]],
  ['DeleteItemCommand', (input: Conditional) => [change(input)]],
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

/** Commands on tables themselves: what they do to the table named. */
const TABLE_COMMANDS: ReadonlyMap<string, 'describe' | 'create'> = new Map([
  ['DescribeTableCommand', 'describe'],
  ['DescribeContinuousBackupsCommand', 'describe'],
  ['DescribeTimeToLiveCommand', 'describe'],
  ['CreateTableCommand', 'create'],
]);

export function tableCommandKind(command: string): 'describe' | 'create' | undefined {
  return TABLE_COMMANDS.get(command);
}

export function isRowCommand(command: string): boolean {
  return ROW_COMMANDS.has(command);
}

/** All tables that a row command touches, and how. Throws `UnknownAccessError` where that can't be told. */
export function accessesOf(command: string, input: unknown, keysOf: KeysOf): TableAccess[] {
  const classify = ROW_COMMANDS.get(command);
  if (classify === undefined) throw new UnknownAccessError('is not a command that is known to be safe');
  const accesses = classify(input as never, keysOf);
  if (accesses.length === 0) throw new UnknownAccessError('names no table');
  return accesses;
}

function read(table: string | undefined): TableAccess {
  return { table: named(table), kind: 'read' };
}

function put(input: Conditional, keysOf: KeysOf): TableAccess {
  const table = named(input.TableName);
  return isAbsenceCondition(input, keysOf(table) ?? []) ? { table, kind: 'insert' } : change(input);
}

function change(input: Conditional): TableAccess {
  const isConditional = (input.ConditionExpression ?? '').trim() !== '';
  return { table: named(input.TableName), kind: isConditional ? 'change' : 'overwrite' };
}

/** Exactly `attribute_not_exists(<a key attribute>)`: true only where there is no row with this key. */
function isAbsenceCondition(input: Conditional, keys: readonly string[]): boolean {
  const condition = (input.ConditionExpression ?? '').trim();
  const call = 'attribute_not_exists';
  if (!condition.startsWith(call) || !condition.endsWith(')')) return false;
  const rest = condition.slice(call.length).trimStart();
  if (!rest.startsWith('(')) return false;
  const path = rest.slice(1, -1).trim();
  const name = path.startsWith('#') ? input.ExpressionAttributeNames?.[path] : path;
  return name !== undefined && keys.includes(name);
}

function transactAccess(item: TransactWriteItem, keysOf: KeysOf): TableAccess {
  const actions = Object.entries(item).filter(([, action]) => action !== undefined);
  const [action] = actions;
  if (actions.length !== 1 || action === undefined)
    throw new UnknownAccessError('holds an action that is unclear');
  const [kind, input] = action as [string, Conditional];
  if (kind === 'Put') return put(input, keysOf);
  if (kind === 'Update' || kind === 'Delete') return change(input);
  if (kind === 'ConditionCheck') return read(input.TableName);
  throw new UnknownAccessError('holds an unknown action');
}

function statementAccess(
  statements: readonly { readonly Statement?: string | undefined }[],
  keysOf: KeysOf,
): TableAccess[] {
  return statements.flatMap(({ Statement: text }) => {
    try {
      return partiqlAccess(text ?? '', keysOf);
    } catch (error) {
      if (error instanceof PartiqlSyntaxError) throw new UnknownAccessError(`holds a ${error.message}`);
      throw error;
    }
  });
}

function named(table: string | undefined): string {
  if (table === undefined || table === '') throw new UnknownAccessError('names no table');
  return table;
}
