import type { Item, WireValue } from './write-units.js';

/** One row that a request writes. */
export interface WrittenRow {
  readonly table: string;
  /**
   * what is known of it; of an update or delete only the key and the new values, so that its units are the least that
   * it can have taken
   */
  readonly item: Item;
  /** 2 in a transaction, which writes everything twice */
  readonly factor: 1 | 2;
}

interface Statement {
  readonly Statement: string;
  readonly Parameters?: readonly WireValue[];
}
interface RowRequest {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ExpressionAttributeValues?: Item;
}
interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

type Reading = (body: never) => WrittenRow[];

const READINGS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ['PutItem', (body: RowRequest) => [rowOf(body)]],
  ['UpdateItem', (body: RowRequest) => [rowOf(body)]],
  ['DeleteItem', (body: RowRequest) => [rowOf(body)]],
  ['BatchWriteItem', (body: { RequestItems: Record<string, WriteRequest[]> }) => batchOf(body.RequestItems)],
  ['ExecuteStatement', (body: Statement) => insertOf(body, 1)],
  [
    'BatchExecuteStatement',
    (body: { Statements: Statement[] }) => body.Statements.flatMap((each) => insertOf(each, 1)),
  ],
  [
    'ExecuteTransaction',
    (body: { TransactStatements: Statement[] }) =>
      body.TransactStatements.flatMap((each) => insertOf(each, 2)),
  ],
  [
    'TransactWriteItems',
    (body: { TransactItems: Record<string, RowRequest>[] }) =>
      body.TransactItems.flatMap((each) => Object.values(each).map((one) => ({ ...rowOf(one), factor: 2 }))),
  ],
]);

/** The rows that a request of the DynamoDB protocol writes, none for one that reads. `operation`: like `PutItem`. */
export function writtenRows(operation: string, body: unknown): WrittenRow[] {
  return READINGS.get(operation)?.(body as never) ?? [];
}

function rowOf({ TableName, Item, Key, ExpressionAttributeValues }: RowRequest): WrittenRow {
  return { table: TableName, item: Item ?? { ...Key, ...ExpressionAttributeValues }, factor: 1 };
}

function batchOf(requests: Readonly<Record<string, readonly WriteRequest[]>>): WrittenRow[] {
  return Object.entries(requests).flatMap(([table, writes]) =>
    writes.map(({ PutRequest, DeleteRequest }) => ({
      table,
      item: PutRequest?.Item ?? DeleteRequest?.Key ?? {},
      factor: 1,
    })),
  );
}

/**
 * The row of a PartiQL statement whose values are all parameters. Throws Error where names and parameters of an INSERT
 * don't match: better no figure than one that leaves rows out.
 */
function insertOf({ Statement, Parameters = [] }: Statement, factor: 1 | 2): WrittenRow[] {
  if (/^\s*SELECT\b/i.test(Statement)) return [];
  const target = /^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:"((?:[^"]|"")+)"|([\w.-]+))/i.exec(
    Statement,
  );
  const table = target?.[1]?.replaceAll('""', '"') ?? target?.[2];
  if (table === undefined)
    throw new Error(`a statement that the meter can't read: ${Statement.slice(0, 40)}`);
  if (!/^\s*INSERT/i.test(Statement)) {
    return [
      { table, factor, item: Object.fromEntries(Parameters.map((value, index) => [String(index), value])) },
    ];
  }
  const names = [...Statement.matchAll(/'((?:[^']|'')*)'\s*:\s*\?/g)].map(([, name = '']) =>
    name.replaceAll("''", "'"),
  );
  if (names.length !== Parameters.length)
    throw new Error(`an INSERT with ${names.length} names and ${Parameters.length} parameters`);
  return [
    {
      table,
      factor,
      item: Object.fromEntries(names.map((name, index) => [name, Parameters[index] ?? NONE])),
    },
  ];
}

const NONE = { NULL: true } as const;
